#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "net/http.h"
#include "net/json.h"

namespace hutong::operators {

/// The JSON object of a request body, read member by member. Whatever is not as it should be is kMalformed
/// "request.body" (no object), "request.unknown_member" or "request.member" (missing or of another type), the
/// detail naming the member.
class JsonBody {
 public:
  /// An empty body is an empty object. Members that are not `known` are refused.
  static Result<JsonBody> parse(const net::Request& request, std::initializer_list<std::string_view> known);

  Result<std::string> text(std::string_view name) const;
  Result<std::optional<std::string>> optional_text(std::string_view name) const;
  Result<std::int64_t> integer(std::string_view name) const;
  Result<std::optional<std::int64_t>> optional_integer(std::string_view name) const;
  Result<std::optional<std::vector<std::string>>> optional_texts(std::string_view name) const;
  /// base64
  Result<Bytes> octets(std::string_view name) const;

 private:
  explicit JsonBody(net::Json json) : json_(std::move(json)) {}
  const net::Json* find(std::string_view name) const;
  net::Json json_;
};

/// Query parameters of lists: `cursor` and `limit` (1 … 1,000, 50 unless given). kMalformed "request.limit".
struct PageRequest {
  std::string cursor;
  std::size_t limit = 50;
};
Result<PageRequest> page_request(const net::Request& request);

/// The query parameter, or empty.
std::string query_text(const net::Request& request, std::string_view name);
/// kMalformed "request.number": not a whole number from 0 to 2^63-1.
Result<std::int64_t> whole_number(std::string_view text, std::string_view name);

}  // namespace hutong::operators
