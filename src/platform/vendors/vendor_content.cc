#include "platform/vendors/vendor_content.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <string_view>
#include <utility>

#include "base/encoding.h"
#include "platform/desk_input.h"
#include "platform/subjects/region.h"
#include "recognition/trust_list.h"
#include "x509/certificate.h"
#include "x509/identity.h"

namespace hutong::platform {
namespace {

using net::Json;

constexpr std::size_t kMostText = 200;
constexpr std::size_t kMostEntries = 200;
constexpr std::int64_t kMostCount = 1'000'000'000;

enum class Form : std::uint8_t {
  kText,
  kCount,
  kDate,
  kAddress,
  kRegion,
  kRole,
  kServiceKind,
  kCertificate,
  kQuirks,
  kRefusedQuirks,
  kRevocationAddresses,
};
enum class Need : std::uint8_t { kRequired, kOptional };
struct Member {
  const char* name;
  Form form;
  Need need = Need::kRequired;
};
struct ListOf {
  const char* name;
  std::span<const Member> members;
};

constexpr std::array kContact{Member{"name", Form::kText}, Member{"telephone", Form::kText},
                              Member{"position", Form::kText, Need::kOptional},
                              Member{"email", Form::kText, Need::kOptional}};
constexpr std::array kLicence{Member{"kind", Form::kText}, Member{"number", Form::kText},
                              Member{"valid_until", Form::kDate}};
constexpr std::array kFee{Member{"role", Form::kRole}, Member{"certificate_fen_per_year", Form::kCount},
                          Member{"token_fen", Form::kCount, Need::kOptional}};
constexpr std::array kDriver{Member{"name", Form::kText}, Member{"version", Form::kText},
                             Member{"system", Form::kText},
                             Member{"address", Form::kAddress, Need::kOptional}};
constexpr std::array kCounter{Member{"region", Form::kRegion}, Member{"address", Form::kText},
                              Member{"telephone", Form::kText, Need::kOptional}};
constexpr std::array kCommitments{Member{"issue_hours", Form::kCount}, Member{"hotline", Form::kText},
                                  Member{"replacement_hours", Form::kCount, Need::kOptional},
                                  Member{"online_address", Form::kAddress, Need::kOptional}};
constexpr std::array kService{Member{"kind", Form::kServiceKind},
                              Member{"name_zh", Form::kText},
                              Member{"name_en", Form::kText},
                              Member{"certificate", Form::kCertificate},
                              Member{"quirks", Form::kQuirks, Need::kOptional},
                              Member{"refused_quirks", Form::kRefusedQuirks, Need::kOptional},
                              Member{"revocation_addresses", Form::kRevocationAddresses, Need::kOptional}};
constexpr std::array kLists{ListOf{"contacts", kContact}, ListOf{"licences", kLicence},
                            ListOf{"fees", kFee},         ListOf{"drivers", kDriver},
                            ListOf{"counters", kCounter}, ListOf{"services", kService}};
constexpr std::array kConnector{Member{"kind", Form::kText}, Member{"address", Form::kAddress}};
constexpr std::array<std::string_view, 4> kRoles{"purchaser", "agency", "supplier", "expert"};
constexpr std::array<std::string_view, 12> kTopMembers{"name_zh",   "name_en",     "uscc",     "first_batch",
                                                       "connector", "commitments", "contacts", "licences",
                                                       "fees",      "drivers",     "counters", "services"};

/// "2028-05-31"
bool is_date(std::string_view text) {
  return text.size() == 10 && static_cast<bool>(from_rfc3339(std::string(text) + "T00:00:00Z"));
}
bool is_address(std::string_view text) { return text.starts_with("https://") || text.starts_with("http://"); }

bool is_certificate(std::string_view text) {
  auto der = from_base64(text);
  return der && x509::Certificate::parse(std::move(*der));
}
bool are_texts(const Json& value, std::size_t most, bool (*is_good)(std::string_view)) {
  return value.is_array() && value.size() <= most && std::ranges::all_of(value, [is_good](const Json& one) {
           return one.is_string() && is_good(one.get_ref<const std::string&>());
         });
}

bool has_form(const Json& value, Form form) {
  switch (form) {
    case Form::kCount:
      return value.is_number_integer() && value >= 0 && value <= kMostCount;
    case Form::kQuirks:
      return are_texts(value, kMostEntries, recognition::is_tolerable_quirk);
    case Form::kRefusedQuirks:
      return are_texts(value, kMostEntries, recognition::is_refusable_quirk);
    case Form::kRevocationAddresses:
      return are_texts(value, recognition::kMostRevocationAddresses, recognition::is_revocation_address);
    default:
      break;
  }
  if (!value.is_string()) {
    return false;
  }
  const auto& text = value.get_ref<const std::string&>();
  switch (form) {
    case Form::kDate:
      return is_date(text);
    case Form::kAddress:
      return is_address(text) && is_desk_text(text, kMostText);
    case Form::kRegion:
      return find_region(text) != nullptr;
    case Form::kRole:
      return std::ranges::find(kRoles, text) != kRoles.end();
    case Form::kServiceKind:
      return recognition::service_kind_from(text).has_value();
    case Form::kCertificate:
      return is_certificate(text);
    default:
      return is_desk_text(text, kMostText);
  }
}

Status check_object(const Json& object, std::string_view where, std::span<const Member> members) {
  if (!object.is_object()) {
    return wrong_member(where);
  }
  for (const auto& [name, value] : object.items()) {
    const auto member =
        std::ranges::find_if(members, [&name = name](const Member& one) { return name == one.name; });
    if (member == members.end() || !has_form(value, member->form)) {
      return wrong_member(std::string(where) + "." + name);
    }
  }
  for (const Member& member : members) {
    if (member.need == Need::kRequired && !object.contains(member.name)) {
      return wrong_member(std::string(where) + "." + member.name);
    }
  }
  return ok();
}

Result<Json> read_list(const Json& json, const ListOf& list) {
  const auto found = json.find(list.name);
  if (found == json.end()) {
    return Json(Json::array());
  }
  if (!found->is_array()) {
    return wrong_member(list.name);
  }
  if (found->size() > kMostEntries) {
    return Error{Errc::kLimit, "vendor.entries", std::string(list.name) + " has more than 200 entries"};
  }
  for (const Json& entry : *found) {
    HUTONG_CHECK(check_object(entry, list.name, list.members));
  }
  return *found;
}

Result<Json> read_profile(const Json& json) {
  Json profile = Json::object();
  const auto commitments = json.find("commitments");
  if (commitments == json.end()) {
    return wrong_member("commitments");
  }
  HUTONG_CHECK(check_object(*commitments, "commitments", kCommitments));
  profile["commitments"] = *commitments;
  for (const ListOf& list : kLists) {
    HUTONG_TRY(profile[list.name], read_list(json, list));
  }
  return profile;
}

Status read_connector(const Json& json, VendorContent& content) {
  const auto connector = json.find("connector");
  if (connector == json.end()) {
    return wrong_member("connector");
  }
  HUTONG_CHECK(check_object(*connector, "connector", kConnector));
  const auto kind = connector_kind_from(connector->at("kind").get_ref<const std::string&>());
  if (!kind) {
    return wrong_member("connector.kind");
  }
  content.connector_kind = *kind;
  content.connector_address = connector->at("address").get<std::string>();
  return ok();
}

}  // namespace

Result<VendorContent> read_vendor_content(const Json& json) {
  if (!json.is_object()) {
    return wrong_member("");
  }
  for (const auto& [name, value] : json.items()) {
    if (std::ranges::find(kTopMembers, name) == kTopMembers.end()) {
      return wrong_member(name);
    }
  }
  VendorContent content;
  HUTONG_TRY(content.name_zh, read_desk_text(json, "name_zh", kMostText));
  HUTONG_TRY(content.name_en, read_desk_text(json, "name_en", kMostText));
  HUTONG_TRY(content.uscc, read_desk_text(json, "uscc", kMostText));
  if (!x509::is_unified_social_credit_code(content.uscc)) {
    return Error{Errc::kMalformed, "vendor.uscc", "no unified social credit code (GB 32100)"};
  }
  const auto first_batch = json.find("first_batch");
  if (first_batch == json.end() || !first_batch->is_boolean()) {
    return wrong_member("first_batch");
  }
  content.first_batch = first_batch->get<bool>();
  HUTONG_CHECK(read_connector(json, content));
  HUTONG_TRY(content.profile, read_profile(json));
  return content;
}

Json to_json(const VendorContent& content) {
  Json json = {
      {"name_zh", content.name_zh},
      {"name_en", content.name_en},
      {"uscc", content.uscc},
      {"first_batch", content.first_batch},
      {"connector", {{"kind", to_string(content.connector_kind)}, {"address", content.connector_address}}}};
  json.update(content.profile);
  return json;
}

Json to_json(const ConnectorCheck& check) {
  return {{"id", check.id},
          {"kind", to_string(check.kind)},
          {"address", check.address},
          {"question", check.kind == ConnectorKind::kCmp ? "ca_certificates" : "service"},
          {"asked_by", check.asked_by},
          {"asked_at", to_rfc3339(check.asked_at)},
          {"milliseconds", check.milliseconds},
          {"outcome", check.problem.empty() ? "answered" : check.problem},
          {"answered_by", check.answered_by},
          {"detail", check.detail}};
}

}  // namespace hutong::platform
