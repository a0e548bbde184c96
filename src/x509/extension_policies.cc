#include <algorithm>

#include "asn1/oids.h"
#include "base/encoding.h"
#include "x509/extensions.h"
#include "x509/internal/extension_reading.h"
#include "x509/internal/name_text.h"

/// Policies and constraints on paths (RFC 5280 4.2.1.4 to 4.2.1.5, 4.2.1.10 to 4.2.1.11, 4.2.1.14).
namespace hutong::x509 {
namespace {

using asn1::Oid;
using asn1::Reader;
using asn1::Tag;
namespace oids = asn1::oids;

Result<PolicyInformation> read_policy(Reader& list) {
  HUTONG_TRY(Reader fields, list.enter_sequence());
  PolicyInformation information;
  HUTONG_TRY(information.policy, fields.read_oid());
  if (!fields.at_end()) {
    information.qualifiers_der = fields.rest();
    HUTONG_TRY(Reader qualifiers, fields.enter_sequence());
    HUTONG_CHECK(fields.finish());
    while (!qualifiers.at_end()) {
      HUTONG_TRY(Reader qualifier, qualifiers.enter_sequence());
      HUTONG_TRY(const Oid id, qualifier.read_oid());
      HUTONG_TRY(const asn1::Element value, qualifier.read_any());
      HUTONG_CHECK(qualifier.finish());
      information.qualifiers.push_back({id, value.encoded});
    }
  }
  return information;
}

Status check_no_duplicates(const std::vector<PolicyInformation>& policies) {
  std::vector<Oid> seen;
  seen.reserve(policies.size());
  std::ranges::transform(policies, std::back_inserter(seen), &PolicyInformation::policy);
  std::ranges::sort(seen);
  if (std::ranges::adjacent_find(seen) != seen.end()) {
    return Error{Errc::kMalformed, "ext.duplicate_policy", "a policy is listed twice"};
  }
  return ok();
}

/// explicitText of a UserNotice.
std::string notice_text(ByteView der) {
  Reader reader(der);
  auto notice = reader.enter_sequence();
  if (!notice) {
    return {};
  }
  while (!notice->at_end()) {
    const auto element = notice->read_any();
    if (!element) {
      break;
    }
    if (internal::is_string_tag(element->tag)) {
      return internal::decode_string_lossy(element->tag, element->content);
    }
  }
  return {};
}

Result<std::optional<std::uint32_t>> read_skip_count(Reader& fields, std::uint8_t number) {
  HUTONG_TRY(const auto content, fields.read_optional(asn1::context(number)));
  if (!content) {
    return std::optional<std::uint32_t>();
  }
  HUTONG_TRY(const std::uint32_t count, internal::capped_number(*content));
  return std::optional(count);
}

Result<GeneralSubtree> read_subtree(Reader& list, QuirkRecorder& quirks) {
  HUTONG_TRY(Reader fields, list.enter_sequence());
  GeneralSubtree subtree;
  HUTONG_TRY(subtree.base, parse_general_name(fields, quirks));
  HUTONG_TRY(const auto minimum, fields.read_optional(asn1::context(0)));
  if (minimum) {
    HUTONG_TRY(subtree.minimum, asn1::small_from(*minimum));
  }
  HUTONG_TRY(const auto maximum, fields.read_optional(asn1::context(1)));
  if (maximum) {
    HUTONG_TRY(subtree.maximum, asn1::small_from(*maximum));
  }
  HUTONG_CHECK(fields.finish());
  return subtree;
}

Result<std::vector<GeneralSubtree>> read_subtrees(Reader& fields, std::uint8_t number,
                                                  QuirkRecorder& quirks) {
  std::vector<GeneralSubtree> subtrees;
  HUTONG_TRY(auto list, fields.enter_optional(asn1::context_constructed(number)));
  if (!list) {
    return subtrees;
  }
  if (list->at_end()) {
    return Error{Errc::kMalformed, "ext.empty_list", "a list of subtrees is empty"};
  }
  while (!list->at_end()) {
    HUTONG_TRY(GeneralSubtree subtree, read_subtree(*list, quirks));
    subtrees.push_back(std::move(subtree));
  }
  return subtrees;
}

}  // namespace

std::string PolicyQualifier::text() const {
  if (id == oids::kUserNoticeQualifier) {
    return notice_text(value);
  }
  Reader reader(value);
  const auto element = reader.read_any();
  return element && internal::is_string_tag(element->tag)
             ? internal::decode_string_lossy(element->tag, element->content)
             : std::string();
}

Result<std::vector<PolicyInformation>> parse_certificate_policies(ByteView value) {
  HUTONG_TRY(Reader list, internal::enter_only_list(value));
  std::vector<PolicyInformation> policies;
  while (!list.at_end()) {
    HUTONG_TRY(PolicyInformation policy, read_policy(list));
    policies.push_back(std::move(policy));
  }
  HUTONG_CHECK(check_no_duplicates(policies));
  return policies;
}

Result<std::vector<PolicyMapping>> parse_policy_mappings(ByteView value) {
  HUTONG_TRY(Reader list, internal::enter_only_list(value));
  std::vector<PolicyMapping> mappings;
  while (!list.at_end()) {
    HUTONG_TRY(Reader fields, list.enter_sequence());
    PolicyMapping mapping;
    HUTONG_TRY(mapping.issuer_domain, fields.read_oid());
    HUTONG_TRY(mapping.subject_domain, fields.read_oid());
    HUTONG_CHECK(fields.finish());
    mappings.push_back(mapping);
  }
  return mappings;
}

Result<PolicyConstraints> parse_policy_constraints(ByteView value) {
  HUTONG_TRY(Reader fields, internal::enter_only_list(value));
  PolicyConstraints constraints;
  HUTONG_TRY(constraints.require_explicit_policy, read_skip_count(fields, 0));
  HUTONG_TRY(constraints.inhibit_policy_mapping, read_skip_count(fields, 1));
  HUTONG_CHECK(fields.finish());
  return constraints;
}

Result<std::uint32_t> parse_inhibit_any_policy(ByteView value) {
  Reader reader(value);
  HUTONG_TRY(const ByteView content, reader.read_integer());
  HUTONG_CHECK(reader.finish());
  return internal::capped_number(content);
}

Result<NameConstraints> parse_name_constraints(ByteView value, QuirkRecorder& quirks) {
  HUTONG_TRY(Reader fields, internal::enter_only_sequence(value));
  NameConstraints constraints;
  HUTONG_TRY(constraints.permitted, read_subtrees(fields, 0, quirks));
  HUTONG_TRY(constraints.excluded, read_subtrees(fields, 1, quirks));
  HUTONG_CHECK(fields.finish());
  if (constraints.permitted.empty() && constraints.excluded.empty()) {
    return Error{Errc::kMalformed, "ext.name_constraints", "nameConstraints without any subtree"};
  }
  return constraints;
}

}  // namespace hutong::x509
