#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "platform/revocation/revocation_sources.h"
#include "platform/svs/svs_codes.h"
#include "platform/svs/svs_entities.h"
#include "platform/svs/svs_packet.h"
#include "platform/svs/svs_sessions.h"
#include "platform/trust/trust_keeper.h"
#include "recognition/report.h"
#include "x509/chain_verifier.h"
#include "x509/signature_cache.h"

namespace hutong::platform::svs {

/// The thirteen services of GB/T 38629 clause 7.5, whatever the form on the wire. Certificates and messages
/// are recognised as POST /api/v1/validations does it, on the same trust list and revocation data; what is
/// refused is an answer with a code of Annex B. Any thread may call.
class Service {
 public:
  /// `trust`, `clock` and `sources` outlive the service; `sources` hears what addresses the recognised
  /// certificates name, and may be null.
  Service(const TrustKeeper& trust, const Clock& clock, Inventory inventory, Sessions::Limits limits = {},
          RevocationSources* sources = nullptr)
      : trust_(&trust),
        clock_(&clock),
        inventory_(std::move(inventory)),
        sessions_(limits),
        sources_(sources) {}

  /// `peer` is the caller's address: for the log and the share of sessions.
  Packet answer(Type type, const Packet& request, const std::string& peer) const;
  /// The time stamp token of a request (clause 7.3.2): over all of `request`, or over its content.
  bool is_good_stamp(ByteView token, ByteView request, ByteView content) const;

 private:
  Packet export_cert(const Packet& request) const;
  Packet parse_cert(const Packet& request) const;
  Packet validate_cert(const Packet& request) const;
  Code verify_data(const Packet& request) const;
  Packet begin(const Packet& request, Purpose purpose, const std::string& peer) const;
  Packet update(const Packet& request, Purpose purpose) const;
  Code verify_final(const Packet& request) const;
  Code verify_message(const Packet& request) const;
  Packet sign_data(const Packet& request, const std::string& peer) const;
  Packet sign_final(const Packet& request, const std::string& peer) const;
  Packet sign_message(const Packet& request, const std::string& peer) const;

  recognition::RecognitionReport judge(ByteView file, std::optional<ByteView> content,
                                       x509::RevocationMode mode) const;
  /// What verifyLevel asks of a certificate.
  Code certificate_code(const x509::Certificate& certificate, std::uint64_t level) const;
  /// The certificate that `type` names, in `cert` or in the server.
  Code find_signer(const Packet& request, std::optional<x509::Certificate>& signer) const;
  /// The entity of keyIndex, if keyValue lets the caller use it; both are logged.
  Code find_entity(const Packet& request, const std::string& peer, const Entity*& entity) const;

  const TrustKeeper* trust_;
  const Clock* clock_;
  Inventory inventory_;
  mutable Sessions sessions_;
  RevocationSources* sources_;
  mutable x509::SignatureCache cache_;
};

}  // namespace hutong::platform::svs
