#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "x509/certificate.h"

/// Subjects (主体): who holds certificates and takes part in the markets. All numbers are stored: append
/// only.
namespace hutong::platform {

enum class SubjectKind : std::int64_t { kOrganisation = 1, kPerson = 2 };
std::string_view to_string(SubjectKind kind);  ///< "organisation", "person"
std::optional<SubjectKind> subject_kind_from(std::string_view text);

enum class SubjectRole : std::int64_t { kPurchaser = 1, kAgency = 2, kSupplier = 3, kExpert = 4 };
std::string_view to_string(SubjectRole role);  ///< "purchaser", "agency", "supplier", "expert"
std::optional<SubjectRole> subject_role_from(std::string_view text);
using SubjectRoles = std::set<SubjectRole>;
/// Organisations are purchasers, agencies and suppliers; persons are experts.
bool may_have(SubjectKind kind, SubjectRole role);

/// Who somebody is, whatever vendor says so: the same number is the same subject.
struct SubjectNumber {
  SubjectKind kind = SubjectKind::kOrganisation;
  std::string number;  ///< USCC (GB 32100) or citizen number (GB 11643), with a right check digit
  friend bool operator==(const SubjectNumber&, const SubjectNumber&) = default;
};
/// kMalformed "subject.number": a wrong check digit, or no such number at all.
Result<SubjectNumber> read_subject_number(SubjectKind kind, std::string_view text);

struct Identified {
  SubjectNumber number;
  std::string name;  ///< as the certificate writes it
};
/// Whom a certificate is about: by the identity extensions of GM/T 0015, else by serialNumber or
/// organizationIdentifier of the subject. A certificate with a USCC is an organisation's, also when it names
/// a person of it. Arcs of single vendors do not count: their meanings differ. kPolicy
/// "subject.unidentified", "subject.ambiguous" (two different numbers).
Result<Identified> identify(const x509::Certificate& certificate);

struct Subject {
  std::string id;  ///< ULID; what business systems know it by
  SubjectNumber number;
  std::string name;
  SubjectRoles roles;
  std::string region;  ///< empty: not known
  Time created_at{};
  Time changed_at{};
  std::int64_t version = 1;
};

}  // namespace hutong::platform
