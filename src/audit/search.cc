#include <algorithm>
#include <string>
#include <vector>

#include "audit/audit_log.h"
#include "audit/internal/rows.h"

namespace hutong::audit {
namespace {

constexpr std::size_t kMostRecords = 1'000;

/// Conditions joined by AND, with their values; the views point into the Query.
class Conditions {
 public:
  void add(std::string_view condition, const storage::Parameter& value) {
    add(condition);
    values_.push_back(value);
  }
  void add(std::string_view condition) {
    text_.append(text_.empty() ? " WHERE " : " AND ").append(condition);
  }
  void add_if_filled(std::string_view condition, const std::string& text) {
    if (!text.empty()) {
      add(condition, text);
    }
  }
  const std::string& text() const { return text_; }
  std::span<const storage::Parameter> values() const { return values_; }

 private:
  std::string text_;
  std::vector<storage::Parameter> values_;
};

/// "order." stands for everything from "order." up to, but not including, "order/": the octet after the dot.
void add_action(Conditions& conditions, const std::string& action, std::string& past_prefix) {
  if (!action.ends_with('.')) {
    return conditions.add_if_filled("action = ?", action);
  }
  past_prefix = action;
  past_prefix.back() = '/';
  conditions.add("action >= ?", action);
  conditions.add("action < ?", past_prefix);
}

}  // namespace

Result<Page> search(storage::Reader& reader, const Query& query) {
  Conditions conditions;
  if (query.from) {
    conditions.add("time >= ?", *query.from);
  }
  if (query.until) {
    conditions.add("time < ?", *query.until);
  }
  conditions.add_if_filled("subject = ?", query.subject);
  std::string past_prefix;
  add_action(conditions, query.action, past_prefix);
  conditions.add_if_filled("object_kind = ?", query.object_kind);
  conditions.add_if_filled("object_id = ?", query.object_id);
  if (query.outcome) {
    conditions.add("outcome = ?", *query.outcome);
  }
  if (query.review != Query::Review::kAll) {
    conditions.add(query.review == Query::Review::kOpen ? "audited_at IS NULL" : "audited_at IS NOT NULL");
  }
  if (query.before > 0) {
    conditions.add("sequence < ?", query.before);
  }
  const std::size_t limit = std::clamp<std::size_t>(query.limit, 1, kMostRecords);
  HUTONG_TRY(
      const storage::Rows rows,
      reader.query_with(std::string("SELECT ") + kRecordColumns + " FROM audit_records" + conditions.text() +
                            " ORDER BY sequence DESC LIMIT " + std::to_string(limit + 1),
                        conditions.values()));
  Page page;
  for (const storage::Row& row : rows) {
    if (page.records.size() == limit) {
      page.next = page.records.back().sequence;
      break;
    }
    page.records.push_back(record_of(row));
  }
  return page;
}

Result<Record> find(storage::Reader& reader, std::int64_t sequence) {
  HUTONG_TRY(const storage::Row row, reader.query_one(std::string("SELECT ") + kRecordColumns +
                                                          " FROM audit_records WHERE sequence = ?",
                                                      sequence));
  return record_of(row);
}

}  // namespace hutong::audit
