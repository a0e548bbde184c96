#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "net/json.h"

namespace hutong::ca::registration {

/// The members of a JSON object that a stranger sent, read by name and kind. Every error is kMalformed
/// "request.field" and names the member; members that nobody knows are errors, too. The object must outlive
/// this.
class JsonFields {
 public:
  static Result<JsonFields> of(const net::Json& json, std::initializer_list<std::string_view> known);

  Result<std::string> text(const char* name) const;
  Result<std::string> text_or(const char* name, std::string_view otherwise) const;
  Result<bool> flag_or(const char* name, bool otherwise) const;
  Result<std::int64_t> number(const char* name, std::int64_t least, std::int64_t most) const;
  Result<std::optional<std::int64_t>> number_if_given(const char* name, std::int64_t least,
                                                      std::int64_t most) const;
  /// Base64; empty when absent.
  Result<Bytes> octets_or_empty(const char* name) const;
  Result<std::vector<std::string>> texts(const char* name) const;
  using TextMap = std::map<std::string, std::string, std::less<>>;
  Result<TextMap> text_map(const char* name) const;
  /// Null when absent.
  const net::Json* find(const char* name) const;

 private:
  explicit JsonFields(const net::Json& json) : json_(&json) {}
  const net::Json* json_;
};

/// kMalformed "request.field".
Error wrong_field(std::string_view name);

}  // namespace hutong::ca::registration
