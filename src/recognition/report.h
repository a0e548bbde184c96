#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "crypto/sm3.h"
#include "recognition/kinds.h"
#include "x509/certificate.h"
#include "x509/certificate_request.h"
#include "x509/chain_verifier.h"
#include "x509/crl.h"
#include "x509/quirks.h"
#include "x509/report.h"

namespace hutong::recognition {

/// The part a certificate plays in a chain. What was judged comes first and is the end entity, a CA
/// certificate too, unless it is itself the anchor.
enum class Role : std::uint8_t { kEndEntity, kIntermediate, kAnchor };
std::string_view to_string(Role role);  ///< "end_entity", "intermediate", "anchor"

/// The vendor whose service on the trust list vouches for a certificate.
struct VendorName {
  std::string zh;
  std::string en;
};

struct ChainElement {
  Role role = Role::kEndEntity;
  x509::Certificate certificate;
  x509::RevocationStatus revocation;
  std::optional<VendorName> vendor;
};

/// A revocation object that a status rests on.
struct RevocationUsed {
  enum class Type : std::uint8_t { kCrl, kDeltaCrl, kOcsp };
  Type type = Type::kCrl;
  std::string issuer;
  Time this_update{};
  std::optional<Time> next_update;
  std::string number;  ///< hexadecimal; empty when there is none
  crypto::Sm3Digest sm3{};
  std::string used_for;  ///< "chain[0]"
};

struct TrustListFacts {
  std::uint64_t number = 0;
  crypto::Sm3Digest sm3{};
  Time issued_at{};
  Time next_update{};
  std::string operator_zh;
  std::string operator_en;
};

struct FileFacts {
  std::string name;
  std::uint64_t size = 0;
  crypto::Sm3Digest sm3{};
  Encoding encoding = Encoding::kDer;
};

struct StampFacts {
  Time time{};
  std::uint32_t accuracy_ms = 0;  ///< 0: not said
  std::string serial;
  std::string policy;
  std::string imprint_algorithm;
  std::optional<bool> imprint_matches;  ///< nothing when the content was not given
  std::string authority;                ///< subject of the TSA's certificate
  x509::Indication indication = x509::Indication::kIndeterminate;
};

struct SignerFacts {
  x509::Indication indication = x509::Indication::kIndeterminate;
  std::string subject;
  std::optional<Time> signing_time;  ///< the signer's word
  std::string digest;
  std::optional<StampFacts> timestamp;
  std::vector<ChainElement> chain;
  std::vector<x509::Finding> findings;
};

struct Recipient {
  std::string issuer;
  std::string serial;
  std::string algorithm;
};

struct MessageFacts {
  std::string type;  ///< "gmt0010", "cms"
  std::uint64_t content_size = 0;
  Bytes content_sm3;  ///< empty when there was no content
  bool detached = false;
  std::vector<Recipient> recipients;
  std::size_t certificates = 0;
};

/// The recognition report (design decision 5): the answer to one question, for whatever was handed in. A
/// plain value; report_json.h writes it.
struct RecognitionReport {
  Kind kind = Kind::kUnknown;
  x509::Indication indication = x509::Indication::kIndeterminate;
  Time at{};
  FileFacts file;
  std::vector<x509::Finding> findings;  ///< errors first
  /// End entity first; the issuer of a list, the first signer of a message, the responder, the time-stamping
  /// authority. The best candidate when nothing is trusted.
  std::vector<ChainElement> chain;
  std::vector<RevocationUsed> revocation;
  std::optional<TrustListFacts> trust_list;
  std::optional<x509::Crl> crl;
  std::optional<x509::CertificateRequest> request;
  std::vector<SignerFacts> signers;
  std::optional<MessageFacts> message;
  std::optional<StampFacts> timestamp;
  x509::QuirkSet quirks;  ///< all that were tolerated, for counting
  /// What of Trust::revocation could have mattered, used or not: with it, the list and the question the
  /// report can be computed again. Not shown; may name an object twice.
  std::vector<x509::RevocationSource> considered;
};

}  // namespace hutong::recognition
