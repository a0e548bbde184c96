#include "bench/many_certificates.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "storage/transaction.h"

namespace hutong::bench {
namespace {

using storage::Transaction;

constexpr std::int64_t kAtOnce = 20'000;  ///< rows of one transaction

/// Serials as fresh_serial() makes them, in random order.
constexpr std::string_view kFreshTable = R"(
DROP TABLE IF EXISTS temp.fresh;
CREATE TEMP TABLE fresh (i INTEGER PRIMARY KEY, order_id TEXT, signing TEXT, encryption TEXT)
)";
constexpr std::string_view kFresh =
    "WITH RECURSIVE numbers (i) AS (SELECT ? UNION ALL SELECT i + 1 FROM numbers WHERE i < ?) "
    "INSERT INTO temp.fresh SELECT i, printf('01ARZ3NDEK%016d', i), "
    "'5' || substr(lower(hex(randomblob(16))), 2), '5' || substr(lower(hex(randomblob(16))), 2) FROM numbers";

constexpr std::string_view kOrders =
    "INSERT INTO orders (id, kind, state, version, template_id, name, shown_number, role, region, sealed, "
    "holder, days, request, key_sm3, target, reason, signing_serial, encryption_serial, enveloped_key, "
    "issued_signing, issued_encryption, secret_sm3, problem_code, problem_detail, problem_at, batch, client, "
    "idempotency_key, entered_subject, entered_fingerprint, entered_at, changed_at, proven_key) "
    "SELECT order_id, kind, state, version, template_id, printf('演示机构%d', i), shown_number, role, "
    "region, "
    "sealed, printf('%018d', i), days, request, randomblob(32), target, reason, signing, encryption, "
    "enveloped_key, signing, encryption, secret_sm3, problem_code, problem_detail, problem_at, batch, "
    "client, "
    "printf('many-%d', i), entered_subject, entered_fingerprint, entered_at, changed_at, proven_key "
    "FROM temp.fresh, (SELECT * FROM orders WHERE issued_signing IS NOT NULL ORDER BY id LIMIT 1)";

constexpr std::string_view kCertificates =
    "INSERT INTO certificates (serial, authority, template_id, template_version, subject, holder, order_id, "
    "pair, key_sm3, der, not_before, not_after, partition_number, state, changed_at, reason, version) "
    "SELECT fresh.signing, authority, template_id, template_version, printf('CN=演示机构%d,O=演示机构', i), "
    "printf('%018d', i), fresh.order_id, fresh.encryption, randomblob(32), der, not_before, not_after, "
    "partition_number, ?, ?, ?, version "
    "FROM temp.fresh AS fresh, (SELECT * FROM certificates WHERE serial = ?)";

/// The certificates that stand for all others.
struct Models {
  std::string signing;
  std::string encryption;
};

template <typename Step>
Status in_steps(storage::Database& database, std::int64_t count, Step&& step) {
  for (std::int64_t first = 1; first <= count; first += kAtOnce) {
    const std::int64_t last = std::min(count, first + kAtOnce - 1);
    const auto made = storage::in_transaction(database, [&](Transaction& transaction) -> Status {
      HUTONG_CHECK(transaction.run_script(kFreshTable));
      HUTONG_CHECK(transaction.execute(kFresh, first, last));
      return step(transaction);
    });
    HUTONG_CHECK(made);
  }
  return ok();
}

}  // namespace

Status multiply_orders(storage::Database& database, std::int64_t orders) {
  Models models;
  {
    HUTONG_TRY(auto reader, database.read());
    HUTONG_TRY(const auto row, reader.query_one("SELECT issued_signing, issued_encryption FROM orders "
                                                "WHERE issued_encryption IS NOT NULL ORDER BY id LIMIT 1"));
    models = {row.text(0), row.text(1)};
  }
  return in_steps(database, orders, [&](Transaction& transaction) -> Status {
    HUTONG_CHECK(transaction.execute(kOrders));
    HUTONG_CHECK(transaction.execute(kCertificates, 0, std::nullopt, std::nullopt, models.signing));
    HUTONG_CHECK(transaction.execute("UPDATE temp.fresh SET signing = encryption, encryption = signing"));
    HUTONG_CHECK(transaction.execute(kCertificates, 0, std::nullopt, std::nullopt, models.encryption));
    return ok();
  });
}

Status multiply_revoked(storage::Database& database, std::int64_t certificates, Time revoked_at) {
  std::string model;
  {
    HUTONG_TRY(auto reader, database.read());
    HUTONG_TRY(const auto row, reader.query_one("SELECT serial FROM certificates ORDER BY serial LIMIT 1"));
    model = row.text(0);
  }
  constexpr int kRevoked = 2;
  constexpr int kKeyCompromise = 1;
  return in_steps(database, certificates, [&](Transaction& transaction) -> Status {
    HUTONG_CHECK(transaction.execute(kCertificates, kRevoked, revoked_at, kKeyCompromise, model));
    return ok();
  });
}

}  // namespace hutong::bench
