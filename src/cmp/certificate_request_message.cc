#include "cmp/certificate_request_message.h"

#include <algorithm>

#include "asn1/oids.h"
#include "cmp/internal/fields.h"
#include "cmp/oids.h"

namespace hutong::cmp {
namespace {

using asn1::Reader;
using asn1::Writer;

Error refused(std::string_view reason, std::string detail) {
  return {Errc::kPolicy, reason, std::move(detail)};
}

bool has_no_octets(ByteView spki) {
  Reader outer(spki);
  auto fields = outer.enter_sequence();
  if (!fields || !fields->read_any()) {
    return false;
  }
  const auto key = fields->read_bit_string_octets();
  return key && key->empty();
}

/// OpenSSL 3.0 signs with an empty id, for it has no way to say another.
bool verifies_with_empty_id(const crypto::PublicKey& key, const crypto::SignatureAlgorithm& algorithm,
                            ByteView message, ByteView signature) {
  if (algorithm != crypto::kSm2WithSm3) {
    return false;
  }
  auto verifier = crypto::SignatureVerifier::create(key, algorithm, "");
  if (!verifier) {
    return false;
  }
  verifier->update(message);
  return verifier->verify(signature);
}

Status check_signature(const CertificateRequestMessage& message, const crypto::PublicKey& key,
                       const PossessionPolicy& policy) {
  const ProofOfPossession& proof = message.possession;
  if (!proof.signing_input.empty()) {
    return refused("cmp.possession_kind", "the proof signs something else than the request");
  }
  HUTONG_TRY(const auto algorithm, crypto::SignatureAlgorithm::from_der(proof.algorithm));
  const bool good =
      crypto::verify_signature(key, algorithm, message.request_der, proof.signature) ||
      (policy.empty_sm2_id && verifies_with_empty_id(key, algorithm, message.request_der, proof.signature));
  if (!good) {
    return Error{Errc::kCryptoFail, "cmp.possession", "the proof of possession is not by the request's key"};
  }
  return ok();
}

}  // namespace

Party Party::of(const x509::Name& name) { return {x509::directory_name(name), name}; }

CertificateId CertificateId::of(const x509::Certificate& certificate) {
  return {Party::of(certificate.issuer()), certificate.serial()};
}

const x509::ExtensionValue* CertificateTemplateFields::find(const asn1::Oid& extension) const {
  const auto found = std::ranges::find(extensions, extension, &x509::ExtensionValue::oid);
  return found == extensions.end() ? nullptr : &*found;
}

bool CertificateTemplateFields::wants_key_pair() const { return spki.empty() || has_no_octets(spki); }

Result<std::optional<CertificateId>> CertificateRequestMessage::old_certificate() const {
  const auto found = std::ranges::find(controls, oids::kOldCertificateId, &TypedValue::type);
  if (found == controls.end()) {
    return std::optional<CertificateId>();
  }
  Reader reader(found->value);
  HUTONG_TRY(auto certificate, internal::read_certificate_id(reader));
  HUTONG_CHECK(reader.finish());
  return std::optional<CertificateId>(std::move(certificate));
}

CertificateRequestMessage request_certificate(std::int64_t id, const CertificateTemplateFields& fields,
                                              const std::vector<TypedValue>& controls) {
  Writer out;
  out.sequence([&](Writer& request) {
    internal::write_signed(request, id);
    internal::write_template(request, fields);
    if (!controls.empty()) {
      internal::write_typed_values(request, controls);
    }
  });
  return {.id = id,
          .fields = fields,
          .controls = controls,
          .request_der = std::move(out).take(),
          .possession = {},
          .registration_info = {}};
}

Bytes to_der(const CertificateRequestMessage& message) {
  Writer out;
  internal::write_request_message(out, message);
  return std::move(out).take();
}

Result<CertificateRequestMessage> read_certificate_request_message(ByteView der) {
  Reader reader(der);
  HUTONG_TRY(auto message, internal::read_request_message(reader));
  HUTONG_CHECK(reader.finish());
  return message;
}

TypedValue old_certificate_control(const CertificateId& certificate) {
  Writer out;
  internal::write_certificate_id(out, certificate);
  return {oids::kOldCertificateId, std::move(out).take()};
}

Status prove_possession(CertificateRequestMessage& message, const crypto::Signer& signer) {
  HUTONG_TRY(Bytes signature, signer.sign(message.request_der));
  message.possession = {.kind = PossessionKind::kSignature,
                        .signing_input = {},
                        .algorithm = signer.algorithm().to_der(),
                        .signature = std::move(signature),
                        .private_key = {}};
  return ok();
}

Result<crypto::PublicKey> check_possession(const CertificateRequestMessage& message,
                                           const PossessionPolicy& policy) {
  if (message.fields.wants_key_pair() || !message.fields.subject) {
    return refused("cmp.template", "the request names no public key or no subject");
  }
  HUTONG_TRY(auto key, crypto::PublicKey::from_spki(message.fields.spki));
  switch (message.possession.kind) {
    case PossessionKind::kNone:
      return refused("cmp.possession_missing", "a request for a key proves its possession");
    case PossessionKind::kRegistrationVerified:
      if (!policy.registration_verified) {
        return refused("cmp.possession_kind", "the sender may not vouch for possession");
      }
      return key;
    case PossessionKind::kSignature:
      HUTONG_CHECK(check_signature(message, key, policy));
      return key;
    case PossessionKind::kKeyEncipherment:
    case PossessionKind::kKeyAgreement:
      break;
  }
  return refused("cmp.possession_kind", "possession is proven by a signature only");
}

}  // namespace hutong::cmp
