#include "ca/registration/order_content.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ca/registration/json_fields.h"
#include "x509/identity.h"
#include "x509/mask_text.h"

namespace hutong::ca::registration {
namespace {

using net::Json;

constexpr std::string_view kTooOldZh = "本系统只签发国密 SM2 证书";
constexpr std::string_view kTooOldEn = "this CA certifies SM2 keys only";
constexpr std::array<KeyChoice, 4> kChoices{{
    {"SM2", 256, true, "", ""},
    {"RSA", 2048, false, kTooOldZh, kTooOldEn},
    {"RSA", 4096, false, kTooOldZh, kTooOldEn},
    {"ECDSA", 256, false, kTooOldZh, kTooOldEn},
}};
constexpr std::array<std::pair<x509::CrlReason, std::string_view>, 7> kReasons{{
    {x509::CrlReason::kUnspecified, "unspecified"},
    {x509::CrlReason::kKeyCompromise, "key_compromise"},
    {x509::CrlReason::kAffiliationChanged, "affiliation_changed"},
    {x509::CrlReason::kSuperseded, "superseded"},
    {x509::CrlReason::kCessationOfOperation, "cessation_of_operation"},
    {x509::CrlReason::kPrivilegeWithdrawn, "privilege_withdrawn"},
    {x509::CrlReason::kCertificateHold, "certificate_hold"},
}};

constexpr std::size_t kMostCharacters = 64;

Error refused(std::string_view reason, std::string detail) {
  return {Errc::kPolicy, reason, std::move(detail)};
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}
bool is_short_text(std::string_view text) {
  return x509::count_characters(text) <= kMostCharacters && !has_control(text);
}
bool is_region(std::string_view text) {
  return text.size() == 6 && text.substr(0, 2) == "15" && std::ranges::all_of(text, is_digit);
}
bool is_phone(std::string_view text) {
  return text.size() >= 5 && text.size() <= 24 && std::ranges::count_if(text, is_digit) >= 5 &&
         std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '+' || c == '-' || c == ' '; });
}
bool is_email(std::string_view text) {
  const auto at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos && text.size() <= 254 &&
         text.find(' ') == std::string_view::npos && !has_control(text);
}

std::string masked_phone(const std::string& phone) { return x509::mask_middle(phone, 3, 4); }
std::string masked_email(const std::string& email) {
  const auto at = email.find('@');
  return at == std::string::npos ? x509::mask_middle(email, 1, 0)
                                 : x509::mask_middle(email.substr(0, at), 1, 0) + email.substr(at);
}
std::string masked_number(const std::string& number) { return x509::mask_middle(number, 6, 4); }

}  // namespace

std::span<const KeyChoice> key_choices() { return kChoices; }

Status check_key_choice(std::string_view algorithm, std::int64_t bits) {
  const auto found = std::ranges::find_if(kChoices, [&](const KeyChoice& choice) {
    return choice.algorithm == algorithm && std::int64_t{choice.bits} == bits;
  });
  if (found != kChoices.end() && found->is_allowed) {
    return ok();
  }
  return refused("order.key_choice",
                 found == kChoices.end() ? "no such kind and length of key" : std::string(found->reason_en));
}

Status check_applicant(const Applicant& applicant) {
  if (applicant.name.empty() || !is_short_text(applicant.name)) {
    return refused("applicant.name", "a name of 1 to 64 characters is needed");
  }
  if (!x509::is_unified_social_credit_code(applicant.number) && !applicant.is_person()) {
    return refused("applicant.number",
                   "neither a unified social credit code nor a citizen number: the check digit is wrong");
  }
  if (!applicant.region.empty() && !is_region(applicant.region)) {
    return refused("applicant.region", "a code of the region has six digits and begins with 15");
  }
  if (!is_short_text(applicant.contact)) {
    return refused("applicant.contact", "at most 64 characters");
  }
  if (!applicant.phone.empty() && !is_phone(applicant.phone)) {
    return refused("applicant.phone", "digits, at least five, with + - and blanks");
  }
  if (!applicant.email.empty() && !is_email(applicant.email)) {
    return refused("applicant.email", "not an address of e-mail");
  }
  return ok();
}

Result<Applicant> applicant_from_json(const Json& json) {
  HUTONG_TRY(const auto fields,
             JsonFields::of(json, {"name", "number", "role", "region", "contact", "phone", "email"}));
  Applicant applicant;
  HUTONG_TRY(applicant.name, fields.text("name"));
  HUTONG_TRY(applicant.number, fields.text("number"));
  HUTONG_TRY(const std::string role, fields.text_or("role", "other"));
  const auto known = applicant_role_from(role);
  if (!known) {
    return wrong_field("role");
  }
  applicant.role = *known;
  HUTONG_TRY(applicant.region, fields.text_or("region", ""));
  HUTONG_TRY(applicant.contact, fields.text_or("contact", ""));
  HUTONG_TRY(applicant.phone, fields.text_or("phone", ""));
  HUTONG_TRY(applicant.email, fields.text_or("email", ""));
  return applicant;
}

Result<SubjectData> subject_from_json(const Json& json) {
  HUTONG_TRY(const auto fields, JsonFields::of(json, {"attributes", "identities", "emails", "dns_names"}));
  SubjectData subject;
  HUTONG_TRY(subject.attributes, fields.text_map("attributes"));
  HUTONG_TRY(subject.identities, fields.text_map("identities"));
  HUTONG_TRY(subject.emails, fields.texts("emails"));
  HUTONG_TRY(subject.dns_names, fields.texts("dns_names"));
  return subject;
}

std::string shown_number(const Applicant& applicant) {
  return applicant.is_person() ? masked_number(applicant.number) : applicant.number;
}

Json to_json(const Applicant& applicant, Shown shown) {
  const bool masked = shown == Shown::kMasked;
  Json json{{"name", applicant.name},
            {"number", masked ? shown_number(applicant) : applicant.number},
            {"role", to_string(applicant.role)}};
  const auto add = [&json](const char* name, const std::string& value) {
    if (!value.empty()) {
      json[name] = value;
    }
  };
  add("region", applicant.region);
  add("contact", applicant.contact);
  add("phone", masked && !applicant.phone.empty() ? masked_phone(applicant.phone) : applicant.phone);
  add("email", masked && !applicant.email.empty() ? masked_email(applicant.email) : applicant.email);
  return json;
}

Json to_json(const SubjectData& subject, Shown shown) {
  const bool masked = shown == Shown::kMasked;
  Json identities = Json::object();
  for (const auto& [field, value] : subject.identities) {
    identities[field] = masked && x509::is_resident_identity_number(value) ? masked_number(value) : value;
  }
  Json emails = Json::array();
  for (const std::string& email : subject.emails) {
    emails.push_back(masked ? masked_email(email) : email);
  }
  return {{"attributes", Json(subject.attributes)},
          {"identities", std::move(identities)},
          {"emails", std::move(emails)},
          {"dns_names", Json(subject.dns_names)}};
}

std::string content_to_text(const OrderContent& content) {
  return net::to_text(Json{{"applicant", to_json(content.applicant, Shown::kInTheClear)},
                           {"subject", to_json(content.subject, Shown::kInTheClear)}});
}

Result<OrderContent> content_from_text(std::string_view text) {
  HUTONG_TRY(const Json json, net::parse_json(text));
  HUTONG_TRY(const auto fields, JsonFields::of(json, {"applicant", "subject"}));
  const Json* applicant = fields.find("applicant");
  const Json* subject = fields.find("subject");
  if (applicant == nullptr || subject == nullptr) {
    return wrong_field("applicant");
  }
  OrderContent content;
  HUTONG_TRY(content.applicant, applicant_from_json(*applicant));
  HUTONG_TRY(content.subject, subject_from_json(*subject));
  return content;
}

std::string_view reason_name(x509::CrlReason reason) {
  const auto found = std::ranges::find(kReasons, reason, [](const auto& row) { return row.first; });
  return found == kReasons.end() ? std::string_view("unspecified") : found->second;
}

std::optional<x509::CrlReason> reason_from_name(std::string_view name) {
  const auto found = std::ranges::find(kReasons, name, [](const auto& row) { return row.second; });
  return found == kReasons.end() ? std::nullopt : std::optional(found->first);
}

}  // namespace hutong::ca::registration
