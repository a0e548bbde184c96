#include "ca/registration/json_fields.h"

#include <algorithm>

#include "base/encoding.h"

namespace hutong::ca::registration {

using net::Json;

Error wrong_field(std::string_view name) {
  return {Errc::kMalformed, "request.field",
          std::string(name) + " is missing, unknown or not of the right kind"};
}

Result<JsonFields> JsonFields::of(const Json& json, std::initializer_list<std::string_view> known) {
  if (!json.is_object()) {
    return Error{Errc::kMalformed, "request.field", "a JSON object is expected"};
  }
  for (const auto& [name, value] : json.items()) {
    if (std::ranges::find(known, name) == known.end()) {
      return wrong_field(name);
    }
  }
  return JsonFields(json);
}

const Json* JsonFields::find(const char* name) const {
  const auto found = json_->find(name);
  return found == json_->end() || found->is_null() ? nullptr : &*found;
}

Result<std::string> JsonFields::text(const char* name) const {
  const Json* found = find(name);
  return found != nullptr && found->is_string() && !found->get_ref<const std::string&>().empty()
             ? Result<std::string>(found->get<std::string>())
             : wrong_field(name);
}

Result<std::string> JsonFields::text_or(const char* name, std::string_view otherwise) const {
  const Json* found = find(name);
  if (found == nullptr) {
    return std::string(otherwise);
  }
  return found->is_string() ? Result<std::string>(found->get<std::string>()) : wrong_field(name);
}

Result<bool> JsonFields::flag_or(const char* name, bool otherwise) const {
  const Json* found = find(name);
  if (found == nullptr) {
    return otherwise;
  }
  return found->is_boolean() ? Result<bool>(found->get<bool>()) : wrong_field(name);
}

Result<std::optional<std::int64_t>> JsonFields::number_if_given(const char* name, std::int64_t least,
                                                                std::int64_t most) const {
  const Json* found = find(name);
  if (found == nullptr) {
    return std::optional<std::int64_t>();
  }
  if (!found->is_number_integer() ||
      (found->is_number_unsigned() && found->get<std::uint64_t>() > INT64_MAX)) {
    return wrong_field(name);
  }
  const auto value = found->get<std::int64_t>();
  return value >= least && value <= most ? Result<std::optional<std::int64_t>>(value) : wrong_field(name);
}

Result<std::int64_t> JsonFields::number(const char* name, std::int64_t least, std::int64_t most) const {
  HUTONG_TRY(const auto value, number_if_given(name, least, most));
  return value ? Result<std::int64_t>(*value) : wrong_field(name);
}

Result<Bytes> JsonFields::octets_or_empty(const char* name) const {
  HUTONG_TRY(const std::string text, text_or(name, ""));
  auto octets = from_base64(text);
  return octets ? Result<Bytes>(std::move(octets).value()) : wrong_field(name);
}

Result<std::vector<std::string>> JsonFields::texts(const char* name) const {
  const Json* found = find(name);
  std::vector<std::string> list;
  if (found == nullptr) {
    return list;
  }
  if (!found->is_array()) {
    return wrong_field(name);
  }
  for (const Json& item : *found) {
    if (!item.is_string()) {
      return wrong_field(name);
    }
    list.push_back(item.get<std::string>());
  }
  return list;
}

Result<JsonFields::TextMap> JsonFields::text_map(const char* name) const {
  const Json* found = find(name);
  TextMap map;
  if (found == nullptr) {
    return map;
  }
  if (!found->is_object()) {
    return wrong_field(name);
  }
  for (const auto& [key, value] : found->items()) {
    if (!value.is_string()) {
      return wrong_field(name);
    }
    map.emplace(key, value.get<std::string>());
  }
  return map;
}

}  // namespace hutong::ca::registration
