#include "ca/test_support.h"

#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "ca/signing/authority_repository.h"
#include "ca/signing/schema.h"
#include "x509/extension_builder.h"

namespace hutong::ca::test {
namespace {

namespace extension = x509::extension;

template <typename T>
T need(Result<T> result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().reason) + ": " + result.error().detail);
  }
  return std::move(result).value();
}

std::filesystem::path temporary_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "hutong-ca-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw std::runtime_error("no temporary folder");
  }
  return pattern;
}

x509::Certificate self_signed(const crypto::Signer& key) {
  const auto name = need(x509::Name::from_string("CN=演示CA甲,O=演示认证中心,C=CN"));
  const auto der = need(x509::sign(
      x509::TbsCertificate{
          .serial = fresh_serial(),
          .issuer = name,
          .subject = name,
          .not_before = at("2026-01-01"),
          .not_after = at("2036-01-01"),
          .spki = key.public_key().to_spki(),
          .extensions = {extension::basic_constraints(true),
                         extension::key_usage({x509::KeyUsageBit::kKeyCertSign, x509::KeyUsageBit::kCrlSign}),
                         extension::subject_key_identifier(x509::key_identifier(key.public_key()))}},
      key));
  return need(x509::Certificate::parse(der.view()));
}

}  // namespace

Result<crypto::Sm2PublicKey> MemoryKeyStore::generate(std::string_view label) {
  auto key = std::make_shared<crypto::Sm2Signer>(crypto::Sm2PrivateKey::generate());
  keys_[std::string(label)] = key;
  return key->key().public_key();
}

Result<std::unique_ptr<crypto::Signer>> MemoryKeyStore::signer(std::string_view label) const {
  const auto found = keys_.find(label);
  if (found == keys_.end()) {
    return Error{Errc::kNotFound, "key_store.unknown", std::string(label)};
  }
  auto copy = crypto::Sm2PrivateKey::from_octets(found->second->key().expose().expose());
  return std::unique_ptr<crypto::Signer>(std::make_unique<crypto::Sm2Signer>(std::move(copy).value()));
}

Result<SecretBytes> MemoryKeyStore::decrypt(std::string_view label, ByteView ciphertext) const {
  const auto found = keys_.find(label);
  if (found == keys_.end()) {
    return Error{Errc::kNotFound, "key_store.unknown", std::string(label)};
  }
  return crypto::sm2_decrypt(found->second->key(), ciphertext);
}

std::vector<std::string> MemoryKeyStore::labels() const {
  std::vector<std::string> labels;
  for (const auto& [label, key] : keys_) {
    labels.push_back(label);
  }
  return labels;
}

TestCa::TestCa(PublishingAddresses addresses, const std::string& url) : folder_(temporary_folder()) {
  const SystemClock clock;
  database_ = std::make_unique<storage::Database>(
      need(storage::Database::open(url.empty() ? "sqlite:" + (folder_ / "ca.db").string() : url)));
  need(storage::migrate(*database_, kSigningComponent, signing_migrations(), clock));
  need(keys_.generate("ca-1"));
  const auto root = self_signed(*need(keys_.signer("ca-1")));
  need(storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    for (const CertificateTemplate& made : default_templates()) {
      HUTONG_CHECK(TemplateRepository::add(transaction, made, at("2026-01-01")));
    }
    return AuthorityRepository::activate(
        transaction, {.id = "AUTHORITY1", .key_label = "ca-1", .certificate = root}, at("2026-01-01"));
  }));
  signing_ = need(SigningSystem::load(*database_, keys_, std::move(addresses)));
}

TestCa::~TestCa() {
  signing_.reset();
  database_.reset();
  std::filesystem::remove_all(folder_);
}

x509::Certificate TestCa::issue_device(std::string_view common_name) {
  const auto prepared =
      need(signing_->prepare({.template_id = "device",
                              .subject = {.attributes = {{"O", "演示机构"}, {"CN", std::string(common_name)}},
                                          .dns_names = {"ca.example"}},
                              .holder = {},
                              .order = {},
                              .key = fresh_public_key(),
                              .not_before = at("2026-06-01")}));
  need(storage::in_transaction(*database_, [&](storage::Transaction& transaction) {
    return SigningSystem::store(transaction, prepared);
  }));
  return prepared.certificate;
}

void TestCa::change_state(const x509::Serial& serial, const StateChange& change) {
  need(storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    HUTONG_TRY(const auto record, CertificateRepository::find_for_update(transaction, serial));
    return CertificateRepository::change_state(transaction, record, change);
  }));
}

OcspResponder::Delegates delegates_of(const TestCa& ca) {
  auto signer = std::make_unique<crypto::Sm2Signer>(crypto::Sm2PrivateKey::generate());
  auto prepared = need(ca.signing().prepare({.template_id = "ocsp-responder",
                                             .subject = {.attributes = {{"O", "演示机构"}, {"CN", "OCSP"}}},
                                             .holder = {},
                                             .order = {},
                                             .key = signer->public_key(),
                                             .not_before = at("2026-06-01")}));
  OcspResponder::Delegates delegates;
  delegates.emplace(ca.signing().authority(),
                    OcspResponder::Delegate{std::move(prepared.certificate), std::move(signer)});
  return delegates;
}

crypto::PublicKey fresh_public_key() {
  return crypto::Sm2Signer(crypto::Sm2PrivateKey::generate()).public_key();
}

Time at(std::string_view rfc3339) { return need(from_rfc3339(rfc3339)); }

}  // namespace hutong::ca::test
