#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "x509/extensions.h"
#include "x509/general_name.h"
#include "x509/name.h"

namespace hutong::x509 {

/// Why a name or a constraint is refused.
struct NameProblem {
  enum class Kind : std::uint8_t {
    kNotPermitted,         ///< in none of the permitted subtrees of its form
    kExcluded,             ///< in an excluded subtree
    kUnsupportedForm,      ///< a constrained form that we cannot compare (otherName, x400Address ...)
    kMalformedName,        ///< a constrained form, but the name does not have its syntax
    kMalformedConstraint,  ///< the constraint does not have the syntax of its form
    kBudget,               ///< too many comparisons
  };
  Kind kind;
  std::string name;  ///< for people
};

/// The name constraints along one certification path (RFC 5280 4.2.1.10, 6.1.3 (b) (c), 6.1.4 (g)). A name
/// must lie in the permitted subtrees of every certificate that has some of its form and in no excluded one.
/// A dNSName with a wildcard stands for every host it may match: all must be permitted, none excluded.
/// Comparisons are counted against a budget, because both lists come from the input. The constraints given to
/// add() must outlive the object. Belongs to one thread.
class NameConstraintCheck {
 public:
  explicit NameConstraintCheck(std::uint64_t most_comparisons) : comparisons_left_(most_comparisons) {}

  std::optional<NameProblem> add(const NameConstraints& constraints);
  /// The subject and the alternative names of one certificate (empty when it has none).
  std::optional<NameProblem> check(const Name& subject, std::span<const GeneralName> alternative_names);
  std::uint64_t comparisons_left() const { return comparisons_left_; }

 private:
  enum class Match : std::uint8_t { kNo, kYes, kBudget };
  using Forms = std::uint16_t;  ///< bit n is GeneralNameKind n
  struct Entry {
    const NameConstraints* constraints;
    Forms permitted;
    Forms excluded;
  };

  std::optional<NameProblem> check_name(const GeneralName& name);
  std::optional<NameProblem> check_entry(const Entry& entry, const GeneralName& name);
  Match any_match(const std::vector<GeneralSubtree>& subtrees, const GeneralName& name, bool excluded);

  std::vector<Entry> entries_;
  std::uint64_t comparisons_left_;
};

}  // namespace hutong::x509
