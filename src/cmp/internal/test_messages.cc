#include "cmp/internal/test_messages.h"

#include <map>
#include <memory>

#include "tests/support/support.h"

namespace hutong::cmp::test {
namespace {

const hutong::test::Vector& record(const std::vector<hutong::test::Vector>& records, std::string_view name) {
  for (const auto& one : records) {
    if (one.text("name") == name) {
      return one;
    }
  }
  throw std::runtime_error("no record " + std::string(name));
}

const std::vector<hutong::test::Vector>& identities() {
  static const auto records = hutong::test::load_vectors("cms/identities.vec");
  return records;
}

}  // namespace

Bytes openssl(std::string_view name) {
  static const auto records = hutong::test::load_vectors("cmp/openssl.vec");
  return record(records, name).hex("der");
}

x509::Certificate certificate(std::string_view name) {
  return must(x509::Certificate::parse(record(identities(), name).hex("certificate")));
}

const crypto::Sm2Signer& signer(std::string_view name) {
  static std::map<std::string, std::unique_ptr<crypto::Sm2Signer>, std::less<>> signers;
  auto found = signers.find(name);
  if (found == signers.end()) {
    auto key = must(crypto::Sm2PrivateKey::from_octets(record(identities(), name).hex("d")));
    found = signers.emplace(name, std::make_unique<crypto::Sm2Signer>(std::move(key))).first;
  }
  return *found->second;
}

Time midsummer() { return must(from_rfc3339("2026-06-15T00:00:00Z")); }

x509::Name name(std::string_view rfc4514) { return must(x509::Name::from_string(rfc4514)); }

Header sample_header() {
  Header header;
  header.sender = Party::of(name("CN=张三,C=CN"));
  header.recipient = Party::of(certificate("root").subject());
  header.message_time = midsummer();
  header.transaction_id = Bytes(16, 0x11);
  header.sender_nonce = Bytes(16, 0x22);
  return header;
}

ReceivedMessage reread(const Message& message) { return must(read_message(write_unprotected(message))); }

}  // namespace hutong::cmp::test
