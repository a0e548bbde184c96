#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "audit/audit_log.h"
#include "ca/signing/authority_repository.h"
#include "ca/signing/schema.h"
#include "ca/signing/signing_system.h"
#include "ca/test_support.h"
#include "operators/schema.h"
#include "storage/database.h"
#include "tests/support/test_database.h"
#include "x509/builder.h"
#include "x509/extension_builder.h"

namespace hutong::ca::test {

template <typename T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().reason) + " " + result.error().detail);
  }
  return std::move(result).value();
}

/// A root CA as the ceremony leaves it, on either database: authority, templates, an audit record. Valid from
/// 2026 to 2036.
class CareTest : public testing::TestWithParam<storage::DatabaseKind> {
 protected:
  void SetUp() override {
    HUTONG_NEED_DATABASE(home_);
    database_.emplace(must(storage::Database::open(home_.url())));
    const SystemClock clock;
    must(storage::migrate(*database_, kSigningComponent, signing_migrations(), clock));
    must(storage::migrate(*database_, "audit", audit::migrations(), clock));
    must(storage::migrate(*database_, operators::kComponent, operators::migrations(), clock));
    must(keys_.generate("ca-1"));
    const auto root = self_signed(*must(keys_.signer("ca-1")));
    must(storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
      for (const CertificateTemplate& made : default_templates()) {
        HUTONG_CHECK(TemplateRepository::add(transaction, made, at("2026-01-01")));
      }
      HUTONG_CHECK(AuthorityRepository::activate(
          transaction, {.id = "AUTHORITY1", .key_label = "ca-1", .certificate = root}, at("2026-01-01")));
      return audit::append(transaction, audit::Event{.time = at("2026-01-01"), .action = "ca.initialised"});
    }));
  }

  static x509::Certificate self_signed(const crypto::Signer& key) {
    namespace extension = x509::extension;
    const auto name = must(x509::Name::from_string("CN=演示CA甲,O=演示认证中心,C=CN"));
    const Bytes id = x509::key_identifier(key.public_key());
    const auto der = must(
        x509::sign(x509::TbsCertificate{.serial = fresh_serial(),
                                        .issuer = name,
                                        .subject = name,
                                        .not_before = at("2026-01-01"),
                                        .not_after = at("2036-01-01"),
                                        .spki = key.public_key().to_spki(),
                                        .extensions = {extension::basic_constraints(true),
                                                       extension::key_usage({x509::KeyUsageBit::kKeyCertSign,
                                                                             x509::KeyUsageBit::kCrlSign}),
                                                       extension::subject_key_identifier(id)}},
                   key));
    return must(x509::Certificate::parse(der.view()));
  }

  std::unique_ptr<SigningSystem> signing() {
    return must(SigningSystem::load(*database_, keys_, addresses_));
  }

  template <typename... Values>
  void execute(std::string_view sql, const Values&... values) {
    must(storage::in_transaction(
        *database_, [&](storage::Transaction& transaction) { return transaction.execute(sql, values...); }));
  }
  std::size_t records(std::string action) {
    auto reader = must(database_->read());
    return must(audit::search(reader, {.action = std::move(action)})).records.size();
  }

  hutong::test::TestDatabase home_{GetParam()};
  std::optional<storage::Database> database_;
  MemoryKeyStore keys_;
  PublishingAddresses addresses_{.crl = "http://127.0.0.1:9/crl/{authority}/{partition}.crl"};
};

}  // namespace hutong::ca::test
