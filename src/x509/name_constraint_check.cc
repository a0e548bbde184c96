#include "x509/name_constraint_check.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <string_view>

#include "asn1/oids.h"
#include "x509/internal/host_name.h"

namespace hutong::x509 {
namespace {

std::uint16_t form_of(const GeneralName& name) {
  return static_cast<std::uint16_t>(1U << static_cast<unsigned>(name.kind));
}
std::uint16_t forms_of(const std::vector<GeneralSubtree>& subtrees) {
  std::uint16_t forms = 0;
  for (const auto& subtree : subtrees) {
    forms = static_cast<std::uint16_t>(forms | form_of(subtree.base));
  }
  return forms;
}

bool is_comparable(GeneralNameKind kind) {
  return kind == GeneralNameKind::kRfc822Name || kind == GeneralNameKind::kDnsName ||
         kind == GeneralNameKind::kDirectoryName || kind == GeneralNameKind::kUri ||
         kind == GeneralNameKind::kIpAddress;
}

bool is_mask(ByteView mask) {
  bool ended = false;
  for (const std::uint8_t octet : mask) {
    const int ones = std::countl_one(octet);
    if (std::popcount(octet) != ones || (ended && ones != 0)) {
      return false;
    }
    ended = ended || ones != 8;
  }
  return true;
}

bool is_address_range(ByteView range) {
  return (range.size() == 8 || range.size() == 32) && is_mask(range.subspan(range.size() / 2));
}

bool is_uri_constraint(std::string_view text) {
  return is_host_name(text.starts_with('.') ? text.substr(1) : text);
}
bool is_email_constraint(std::string_view text) {
  return text.find('@') != std::string_view::npos ? is_mailbox(text) : is_uri_constraint(text);
}

bool is_well_formed_base(const GeneralName& base) {
  switch (base.kind) {
    case GeneralNameKind::kDnsName:
      return base.value.empty() || is_host_name(base.text());
    case GeneralNameKind::kRfc822Name:
      return base.value.empty() || is_email_constraint(base.text());
    case GeneralNameKind::kUri:
      return base.value.empty() || is_uri_constraint(base.text());
    case GeneralNameKind::kIpAddress:
      return is_address_range(base.value);
    default:
      return true;
  }
}

bool is_well_formed_name(const GeneralName& name) {
  switch (name.kind) {
    case GeneralNameKind::kDnsName:
      return is_host_name(name.text(), Wildcard::kYes);
    case GeneralNameKind::kRfc822Name:
      return is_mailbox(name.text());
    case GeneralNameKind::kUri:
      return is_host_name(uri_host(name.text()));
    case GeneralNameKind::kIpAddress:
      return name.value.size() == 4 || name.value.size() == 16;
    default:
      return true;
  }
}

bool address_within(ByteView address, ByteView range) {
  if (range.size() != 2 * address.size()) {
    return false;
  }
  for (std::size_t i = 0; i < address.size(); ++i) {
    if (((address[i] ^ range[i]) & range[address.size() + i]) != 0) {
      return false;
    }
  }
  return true;
}

/// "host" means this host only, ".domain" every host below it (RFC 5280 4.2.1.10).
bool host_within(std::string_view host, std::string_view base) {
  if (base.empty()) {
    return true;
  }
  return base.front() == '.' ? host.size() > base.size() && is_subdomain(host, base.substr(1))
                             : same_ascii(host, base);
}

bool mailbox_within(std::string_view mailbox, std::string_view base) {
  const std::size_t at = mailbox.find('@');
  const std::size_t base_at = base.find('@');
  if (base_at == std::string_view::npos) {
    return host_within(mailbox.substr(at + 1), base);
  }
  return mailbox.substr(0, at) == base.substr(0, base_at) &&
         same_ascii(mailbox.substr(at + 1), base.substr(base_at + 1));
}

/// For an excluded subtree a wildcard matches when any host it stands for does; for a permitted one when all
/// do.
bool dns_within(std::string_view name, std::string_view base, bool excluded) {
  if (base.empty()) {
    return true;
  }
  if (!name.starts_with("*.")) {
    return is_subdomain(name, base);
  }
  const std::string_view parent = name.substr(2);
  return is_subdomain(parent, base) || (excluded && is_subdomain(base, parent));
}

bool is_within(const GeneralName& name, const GeneralName& base, bool excluded) {
  switch (name.kind) {
    case GeneralNameKind::kDnsName:
      return dns_within(name.text(), base.text(), excluded);
    case GeneralNameKind::kRfc822Name:
      return mailbox_within(name.text(), base.text());
    case GeneralNameKind::kUri:
      return host_within(uri_host(name.text()), base.text());
    case GeneralNameKind::kIpAddress:
      return address_within(name.value, base.value);
    case GeneralNameKind::kDirectoryName:
      return name.directory && base.directory && name.directory->is_within(*base.directory);
    default:
      return false;
  }
}

GeneralName general_name_of(const Name& name) {
  GeneralName general;
  general.kind = GeneralNameKind::kDirectoryName;
  general.directory = name;
  return general;
}

GeneralName mailbox(const NameAttribute& attribute) {
  GeneralName general;
  general.kind = GeneralNameKind::kRfc822Name;
  general.value = attribute.value;
  return general;
}

}  // namespace

std::optional<NameProblem> NameConstraintCheck::add(const NameConstraints& constraints) {
  for (const auto* subtrees : {&constraints.permitted, &constraints.excluded}) {
    for (const auto& subtree : *subtrees) {
      const bool plain_range = subtree.minimum == 0 && !subtree.maximum;
      if (!plain_range || !is_well_formed_base(subtree.base)) {
        return NameProblem{NameProblem::Kind::kMalformedConstraint, subtree.base.to_string()};
      }
    }
  }
  entries_.push_back(Entry{&constraints, forms_of(constraints.permitted), forms_of(constraints.excluded)});
  return std::nullopt;
}

NameConstraintCheck::Match NameConstraintCheck::any_match(const std::vector<GeneralSubtree>& subtrees,
                                                          const GeneralName& name, bool excluded) {
  for (const auto& subtree : subtrees) {
    if (comparisons_left_ == 0) {
      return Match::kBudget;
    }
    --comparisons_left_;
    if (subtree.base.kind == name.kind && is_within(name, subtree.base, excluded)) {
      return Match::kYes;
    }
  }
  return Match::kNo;
}

std::optional<NameProblem> NameConstraintCheck::check_entry(const Entry& entry, const GeneralName& name) {
  using ProblemKind = NameProblem::Kind;
  const Forms form = form_of(name);
  if (((entry.permitted | entry.excluded) & form) == 0) {
    return std::nullopt;
  }
  const auto problem = [&name](ProblemKind kind) { return NameProblem{kind, name.to_string()}; };
  if (!is_comparable(name.kind)) {
    return problem(ProblemKind::kUnsupportedForm);
  }
  if (!is_well_formed_name(name)) {
    return problem(ProblemKind::kMalformedName);
  }
  const Match excluded = any_match(entry.constraints->excluded, name, true);
  if (excluded != Match::kNo) {
    return problem(excluded == Match::kYes ? ProblemKind::kExcluded : ProblemKind::kBudget);
  }
  if ((entry.permitted & form) == 0) {
    return std::nullopt;
  }
  const Match permitted = any_match(entry.constraints->permitted, name, false);
  if (permitted == Match::kYes) {
    return std::nullopt;
  }
  return problem(permitted == Match::kNo ? ProblemKind::kNotPermitted : ProblemKind::kBudget);
}

std::optional<NameProblem> NameConstraintCheck::check_name(const GeneralName& name) {
  for (const Entry& entry : entries_) {
    if (auto problem = check_entry(entry, name)) {
      return problem;
    }
  }
  return std::nullopt;
}

std::optional<NameProblem> NameConstraintCheck::check(const Name& subject,
                                                      std::span<const GeneralName> alternative_names) {
  if (entries_.empty()) {
    return std::nullopt;
  }
  if (!subject.empty()) {
    if (auto problem = check_name(general_name_of(subject))) {
      return problem;
    }
  }
  for (const auto& name : alternative_names) {
    if (auto problem = check_name(name)) {
      return problem;
    }
  }
  const auto is_email = [](const GeneralName& name) { return name.kind == GeneralNameKind::kRfc822Name; };
  if (std::ranges::any_of(alternative_names, is_email)) {
    return std::nullopt;
  }
  for (const auto& attribute : subject.attributes()) {
    if (attribute.type != asn1::oids::kEmailAddress) {
      continue;
    }
    if (auto problem = check_name(mailbox(attribute))) {
      return problem;
    }
  }
  return std::nullopt;
}

}  // namespace hutong::x509
