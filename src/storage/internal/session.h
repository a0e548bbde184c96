#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/error.h"
#include "storage/row.h"
#include "storage/value.h"

namespace hutong::storage {

/// Lets a connection write into a Row that it uses again and again.
class RowFiller {
 public:
  static std::vector<Value>& values(Row& row) { return row.values_; }
};

enum class Step { kNext, kStop };
/// Called for each row; kStop leaves the remaining rows unread.
using RowStep = std::function<Step(Row&)>;
/// Whether a client library may hold the whole answer in memory.
enum class Delivery { kWhole, kStreamed };
enum class RowLock { kWait, kSkip };
/// Prepared statements that a connection keeps.
inline constexpr std::size_t kMostStatements = 256;

/// One transaction on one connection. Destroying it without commit() rolls back. What both databases share is
/// here: after a failed statement nothing but the end is possible, and a walk over rows is not interrupted by
/// other statements.
class Session {
 public:
  Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  virtual ~Session() = default;

  Result<std::int64_t> execute(std::string_view sql, std::span<const Parameter> values);
  Status visit(std::string_view sql, std::span<const Parameter> values, Delivery delivery,
               const RowStep& step);
  Result<Rows> lock_rows(std::string_view sql, std::span<const Parameter> values, RowLock lock);
  Status run_script(std::string_view sql);
  Status commit();

 protected:
  virtual Result<std::int64_t> do_execute(std::string_view sql, std::span<const Parameter> values) = 0;
  virtual Status do_visit(std::string_view sql, std::span<const Parameter> values, Delivery delivery,
                          const RowStep& step) = 0;
  virtual Status do_script(std::string_view sql) = 0;
  virtual Status do_commit() = 0;
  /// What to add to a SELECT so that its rows are locked.
  virtual std::string_view lock_clause(RowLock lock) const = 0;

 private:
  enum class State { kOpen, kWalking, kAborted, kEnded };
  Status ready() const;
  State state_ = State::kOpen;
};

/// Refuses text that one of the two databases would not take.
Status check_parameters(std::span<const Parameter> values);

}  // namespace hutong::storage
