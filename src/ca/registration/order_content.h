#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ca/registration/order.h"
#include "net/json.h"

namespace hutong::ca::registration {

/// Which kind and length of key an applicant may choose (C45), with the reason where the answer is no.
struct KeyChoice {
  std::string_view algorithm;
  std::uint32_t bits;
  bool is_allowed;
  std::string_view reason_zh;
  std::string_view reason_en;
};
std::span<const KeyChoice> key_choices();
/// kPolicy "order.key_choice".
Status check_key_choice(std::string_view algorithm, std::int64_t bits);

/// kPolicy "applicant.name", "applicant.number" (wrong check digit), "applicant.region", "applicant.phone",
/// "applicant.email", "applicant.contact".
Status check_applicant(const Applicant& applicant);

/// As in docs/api/ca.yaml. kMalformed "request.field".
Result<Applicant> applicant_from_json(const net::Json& json);
Result<SubjectData> subject_from_json(const net::Json& json);

enum class Shown : std::uint8_t { kMasked, kInTheClear };
net::Json to_json(const Applicant& applicant, Shown shown);
/// Masked: identity values keep their first six and last four characters, addresses of e-mail their first
/// and their domain.
net::Json to_json(const SubjectData& subject, Shown shown);
/// The number of an organisation as it is, of a person with stars.
std::string shown_number(const Applicant& applicant);

/// What is sealed in the database.
std::string content_to_text(const OrderContent& content);
Result<OrderContent> content_from_text(std::string_view text);

std::string_view reason_name(x509::CrlReason reason);  ///< "key_compromise" …
std::optional<x509::CrlReason> reason_from_name(std::string_view name);

}  // namespace hutong::ca::registration
