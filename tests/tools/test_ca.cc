#include "tests/tools/test_ca.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "asn1/oids.h"
#include "crypto/sm2.h"
#include "crypto/sm3.h"

namespace hutong::test {
namespace {

using x509::ExtensionValue;
using x509::KeyUsageBit;
namespace extension = x509::extension;

template <typename T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error("test CA: " + std::string(result.error().reason) + " " + result.error().detail);
  }
  return std::move(result).value();
}

std::vector<ExtensionValue> defaults(const Party& issuer, const Party& subject, Kind kind) {
  std::vector<ExtensionValue> extensions = {
      extension::authority_key_identifier(x509::key_identifier(issuer.key())),
      extension::subject_key_identifier(x509::key_identifier(subject.key()))};
  if (kind == Kind::kCa) {
    extensions.push_back(extension::basic_constraints(true));
    extensions.push_back(extension::key_usage({KeyUsageBit::kKeyCertSign, KeyUsageBit::kCrlSign}));
  } else {
    extensions.push_back(
        extension::key_usage({KeyUsageBit::kDigitalSignature, KeyUsageBit::kNonRepudiation}));
  }
  return extensions;
}

void put(std::vector<ExtensionValue>& extensions, const ExtensionValue& value) {
  const auto same = std::ranges::find(extensions, value.oid, &ExtensionValue::oid);
  if (same == extensions.end()) {
    extensions.push_back(value);
  } else {
    *same = value;
  }
}

Bytes serial_octets(std::uint32_t serial) {
  return {static_cast<std::uint8_t>(serial >> 24), static_cast<std::uint8_t>(serial >> 16),
          static_cast<std::uint8_t>(serial >> 8), static_cast<std::uint8_t>(serial)};
}

}  // namespace

Party::Party(std::string_view common_name, std::string_view key_seed)
    : name(test::name(common_name)),
      signer(std::make_shared<crypto::Sm2Signer>(
          must(crypto::Sm2PrivateKey::from_octets(crypto::sm3(as_bytes(key_seed)))))) {}

x509::Name name(std::string_view common_name) {
  return x509::NameBuilder()
      .add(asn1::oids::kCountry, "CN")
      .add(asn1::oids::kOrganization, "Test")
      .add(asn1::oids::kCommonName, common_name)
      .build();
}

x509::Certificate issue(const Party& issuer, const Party& subject, const Ticket& ticket) {
  return issue_signed_by(issuer, subject, ticket, *issuer.signer);
}

x509::Certificate issue_signed_by(const Party& issuer, const Party& subject, const Ticket& ticket,
                                  const crypto::Signer& signer) {
  x509::TbsCertificate tbs;
  tbs.serial = x509::Serial::from_magnitude(serial_octets(ticket.serial));
  tbs.issuer = issuer.name;
  tbs.subject = subject.name;
  tbs.not_before = ticket.from;
  tbs.not_after = ticket.until;
  tbs.spki = subject.key().to_spki();
  tbs.extensions = defaults(issuer, subject, ticket.kind);
  for (const auto& value : ticket.extensions) {
    put(tbs.extensions, value);
  }
  const auto der = must(x509::sign(tbs, signer));
  return must(x509::Certificate::parse(der.view()));
}

x509::Certificate self_signed(const Party& party) { return issue(party, party, {.kind = Kind::kCa}); }

x509::Crl list(const Party& issuer, const std::vector<x509::RevokedCertificate>& entries, Time this_update,
               Time next_update, const std::vector<ExtensionValue>& extensions) {
  x509::TbsCrl tbs;
  tbs.issuer = issuer.name;
  tbs.this_update = this_update;
  tbs.next_update = next_update;
  tbs.entries = entries;
  tbs.extensions = {extension::authority_key_identifier(x509::key_identifier(issuer.key())),
                    extension::crl_number(1)};
  for (const auto& value : extensions) {
    put(tbs.extensions, value);
  }
  const auto der = must(x509::sign(tbs, *issuer.signer));
  return must(x509::Crl::parse(der.view()));
}

Result<Bytes> FakeSigner::sign(ByteView) const {
  crypto::Sm2Signature signature;
  signature.r.back() = 1;
  signature.s.back() = 1;
  return signature.to_der();
}

Result<Bytes> FakeSigner::sign_digest(ByteView digest) const { return sign(digest); }

}  // namespace hutong::test
