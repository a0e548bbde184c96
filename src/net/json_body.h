#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "net/http.h"
#include "net/json.h"

namespace hutong::net {

/// The JSON object of a request body, read member by member. Whatever is not as it should be is kMalformed
/// "request.body" (no object), "request.unknown_member" or "request.member" (missing or of another type), the
/// detail naming the member.
class JsonBody {
 public:
  /// An empty body is an empty object. Members that are not `known` are refused.
  static Result<JsonBody> parse(const Request& request, std::initializer_list<std::string_view> known);
  /// An object that came by another way.
  static Result<JsonBody> of(Json json, std::span<const std::string_view> known);

  Result<std::string> text(std::string_view name) const;
  Result<std::optional<std::string>> optional_text(std::string_view name) const;
  Result<bool> flag(std::string_view name, bool unless_given) const;
  Result<std::int64_t> integer(std::string_view name) const;
  Result<std::optional<std::int64_t>> optional_integer(std::string_view name) const;
  Result<std::optional<std::vector<std::string>>> optional_texts(std::string_view name) const;
  Result<std::optional<JsonBody>> optional_object(std::string_view name,
                                                  std::initializer_list<std::string_view> known) const;
  /// base64
  Result<Bytes> octets(std::string_view name) const;
  bool has(std::string_view name) const { return find(name) != nullptr; }

 private:
  explicit JsonBody(Json json) : json_(std::move(json)) {}
  const Json* find(std::string_view name) const;
  Json json_;
};

/// Query parameters of lists: `cursor` and `limit` (1 … 1,000, 50 unless given). kMalformed "request.limit".
struct PageRequest {
  std::string cursor;
  std::size_t limit = 50;
};
Result<PageRequest> page_request(const Request& request);
/// Of a list that was read with one more than was asked for: cuts that one off; the last id is the cursor,
/// empty at the end.
template <typename Items>
std::string cut_page(Items& items, std::size_t limit) {
  if (items.size() <= limit) {
    return {};
  }
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(limit), items.end());
  return items.back().id;
}

/// The query parameter, or empty.
std::string query_text(const Request& request, std::string_view name);
/// kMalformed "request.number": not a whole number from 0 to 2^63-1.
Result<std::int64_t> whole_number(std::string_view text, std::string_view name);

}  // namespace hutong::net
