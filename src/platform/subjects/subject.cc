#include "platform/subjects/subject.h"

#include <array>
#include <utility>

#include "asn1/oids.h"
#include "x509/identity.h"

namespace hutong::platform {
namespace {

constexpr std::array<std::pair<SubjectKind, std::string_view>, 2> kKindNames{
    {{SubjectKind::kOrganisation, "organisation"}, {SubjectKind::kPerson, "person"}}};
constexpr std::array<std::pair<SubjectRole, std::string_view>, 4> kRoleNames{
    {{SubjectRole::kPurchaser, "purchaser"},
     {SubjectRole::kAgency, "agency"},
     {SubjectRole::kSupplier, "supplier"},
     {SubjectRole::kExpert, "expert"}}};

template <typename Names, typename Value>
std::string_view name_in(const Names& names, Value value) {
  for (const auto& [known, name] : names) {
    if (known == value) {
      return name;
    }
  }
  return "";
}
template <typename Value, std::size_t kCount>
std::optional<Value> value_in(const std::array<std::pair<Value, std::string_view>, kCount>& names,
                              std::string_view text) {
  for (const auto& [value, name] : names) {
    if (name == text) {
      return value;
    }
  }
  return std::nullopt;
}

/// The numbers that a certificate says, each at most once.
class Numbers {
 public:
  void add(std::string_view text) {
    if (x509::is_unified_social_credit_code(text)) {
      organisations_.emplace(text);
    } else if (x509::is_resident_identity_number(text)) {
      persons_.emplace(text);
    }
  }
  Result<SubjectNumber> only() const {
    const bool organisation = !organisations_.empty();
    const auto& found = organisation ? organisations_ : persons_;
    if (found.empty()) {
      return Error{Errc::kPolicy, "subject.unidentified",
                   "the certificate says no credit code and no citizen number"};
    }
    if (found.size() > 1) {
      return Error{Errc::kPolicy, "subject.ambiguous", "the certificate is about several subjects"};
    }
    return SubjectNumber{organisation ? SubjectKind::kOrganisation : SubjectKind::kPerson, *found.begin()};
  }
  bool none() const { return organisations_.empty() && persons_.empty(); }

 private:
  std::set<std::string> organisations_;
  std::set<std::string> persons_;
};

}  // namespace

std::string_view to_string(SubjectKind kind) { return name_in(kKindNames, kind); }
std::optional<SubjectKind> subject_kind_from(std::string_view text) { return value_in(kKindNames, text); }
std::string_view to_string(SubjectRole role) { return name_in(kRoleNames, role); }
std::optional<SubjectRole> subject_role_from(std::string_view text) { return value_in(kRoleNames, text); }

bool may_have(SubjectKind kind, SubjectRole role) {
  return (kind == SubjectKind::kPerson) == (role == SubjectRole::kExpert);
}

Result<SubjectNumber> read_subject_number(SubjectKind kind, std::string_view text) {
  const bool good = kind == SubjectKind::kOrganisation ? x509::is_unified_social_credit_code(text)
                                                       : x509::is_resident_identity_number(text);
  if (!good) {
    return Error{Errc::kMalformed, "subject.number",
                 "no such number, or its check digit is wrong (GB 32100, GB 11643)"};
  }
  return SubjectNumber{kind, std::string(text)};
}

Result<Identified> identify(const x509::Certificate& certificate) {
  Numbers numbers;
  for (const x509::IdentityValue& value : certificate.identities()) {
    const x509::IdentityArc* arc = x509::find_identity_arc(value.oid);
    if (arc != nullptr && arc->standard) {
      numbers.add(value.text);
    }
  }
  const x509::Name& name = certificate.subject();
  if (numbers.none()) {
    numbers.add(name.text_of(asn1::oids::kSerialNumber));
    numbers.add(name.text_of(asn1::oids::kOrganizationIdentifier));
  }
  HUTONG_TRY(auto number, numbers.only());
  std::string shown =
      number.kind == SubjectKind::kOrganisation ? name.text_of(asn1::oids::kOrganization) : std::string();
  if (shown.empty()) {
    shown = name.display();
  }
  return Identified{.number = std::move(number), .name = std::move(shown)};
}

}  // namespace hutong::platform
