#include "ca/registration/key_centre_tasks.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "crypto/random.h"
#include "net/ulid.h"

namespace hutong::ca::registration {
namespace {

constexpr std::int64_t kMostTasksAtOnce = 500;
constexpr std::int64_t kMostDoublings = 7;
constexpr std::chrono::seconds kFirstPause{30};
constexpr std::chrono::seconds kLongestPause{3'600};

constexpr std::string_view kInherit = "INSERT INTO escrowed_keys (certificate, key_serial) VALUES (?, ?)";
constexpr std::string_view kKeyOf = "SELECT key_serial FROM escrowed_keys WHERE certificate = ?";
constexpr std::string_view kAdd =
    "INSERT INTO key_centre_tasks (id, key_serial, attempts, next_at, last_error) VALUES (?, ?, 0, ?, '')";
constexpr std::string_view kDue =
    "SELECT id, key_serial, attempts FROM key_centre_tasks WHERE next_at <= ? ORDER BY next_at, id LIMIT ?";
constexpr std::string_view kDone = "DELETE FROM key_centre_tasks WHERE id = ?";
constexpr std::string_view kFailed =
    "UPDATE key_centre_tasks SET attempts = attempts + 1, next_at = ?, last_error = ? WHERE id = ?";

struct Task {
  std::string id;
  x509::Serial key;
  std::int64_t attempts = 0;
};

Result<std::vector<Task>> due_tasks(storage::Database& database, Time now) {
  HUTONG_TRY(auto reader, database.read());
  HUTONG_TRY(const auto rows, reader.query(kDue, now, kMostTasksAtOnce));
  std::vector<Task> tasks;
  for (const storage::Row& row : rows) {
    HUTONG_TRY(auto key, x509::Serial::from_hex(row.text(1)));
    tasks.push_back({row.text(0), std::move(key), row.integer(2)});
  }
  return tasks;
}

Time next_attempt(const Task& task, Time now) {
  const auto factor = std::int64_t{1} << std::min(task.attempts, kMostDoublings);
  return now + std::min(kFirstPause * factor, kLongestPause);
}

}  // namespace

Status EscrowedKeys::inherit(storage::Transaction& transaction, const x509::Serial& certificate,
                             const x509::Serial& key) {
  HUTONG_CHECK(transaction.execute(kInherit, certificate.to_hex(), key.to_hex()));
  return ok();
}

Result<x509::Serial> EscrowedKeys::key_of(storage::Reader& reader, const x509::Serial& certificate) {
  HUTONG_TRY(const auto row, reader.query_optional(kKeyOf, certificate.to_hex()));
  return row ? x509::Serial::from_hex(row->text(0)) : Result<x509::Serial>(certificate);
}

Status KeyCentreTasks::add_revocation(storage::Transaction& transaction, const x509::Serial& key, Time now) {
  HUTONG_CHECK(transaction.execute(kAdd, net::make_ulid(now, crypto::system_random()), key.to_hex(), now));
  return ok();
}

Result<std::int64_t> KeyCentreTasks::waiting(storage::Reader& reader) {
  HUTONG_TRY(const auto row, reader.query_one("SELECT COUNT(*) FROM key_centre_tasks"));
  return row.integer(0);
}

Result<std::size_t> KeyCentreTasks::run_due(Time now) const {
  HUTONG_TRY(const auto tasks, due_tasks(*database_, now));
  if (tasks.empty()) {
    return std::size_t{0};
  }
  std::vector<cms::RevokeKeyRequest> requests;
  for (const Task& task : tasks) {
    requests.push_back({task.key});
  }
  const auto answers = centre_->revoke(requests, now);
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Result<std::size_t> {
    std::size_t confirmed = 0;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      const Status answer = answers ? answers.value().at(i) : Status(answers.error());
      if (answer) {
        HUTONG_CHECK(transaction.execute(kDone, tasks[i].id));
        ++confirmed;
      } else {
        HUTONG_CHECK(transaction.execute(kFailed, next_attempt(tasks[i], now),
                                         std::string(answer.error().reason) + ": " + answer.error().detail,
                                         tasks[i].id));
      }
    }
    return confirmed;
  });
}

}  // namespace hutong::ca::registration
