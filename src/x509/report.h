#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hutong::x509 {

/// The verdict of a recognition (design decision 5; the words of ETSI EN 319 102-1). `valid` and `invalid`
/// are final for the inputs given; `indeterminate` means that something needed to decide is missing (an
/// issuer, revocation data, the trust list).
enum class Indication : std::uint8_t { kValid, kInvalid, kIndeterminate };
std::string_view to_string(Indication indication);  ///< "valid", "invalid", "indeterminate"

enum class Severity : std::uint8_t {
  kInfo,       ///< good to know: what was checked, which quirk was tolerated
  kWarning,    ///< a deviation that does not change the verdict
  kUndecided,  ///< makes the verdict indeterminate unless something else makes it invalid
  kError,      ///< makes the verdict invalid
};
std::string_view to_string(Severity severity);  ///< "info", "warning", "undecided", "error"

/// A kind of finding: a constant owned by the module that checks it. `code` is stable and public
/// ("path.expired"); the texts may contain {0}, {1} ... for the arguments of an occurrence. `clause` names
/// where the rule comes from.
struct FindingKind {
  std::string_view code;
  Severity severity;
  std::string_view clause;
  std::string_view zh;
  std::string_view en;
};

/// One occurrence. `where` says what it is about: "chain[0]" (0 is the end entity),
/// "chain[1].basicConstraints", "signer[0]", "crl[2]", "file" ...; empty means the whole object.
class Finding {
 public:
  /// The kind must be a constant with static storage. `arguments_zh`: the same arguments for the Chinese
  /// text, when some of them are words.
  Finding(const FindingKind& kind, std::string where, std::vector<std::string> arguments = {},
          std::vector<std::string> arguments_zh = {})
      : kind_(&kind),
        where_(std::move(where)),
        arguments_(std::move(arguments)),
        arguments_zh_(std::move(arguments_zh)) {}

  std::string_view code() const { return kind_->code; }
  Severity severity() const { return kind_->severity; }
  std::string_view clause() const { return kind_->clause; }
  const std::string& where() const { return where_; }
  const FindingKind& kind() const { return *kind_; }
  /// The same finding about another place, for a report that holds several objects.
  Finding moved_to(std::string where) const { return {*kind_, std::move(where), arguments_, arguments_zh_}; }
  std::string message_zh() const;
  std::string message_en() const;

 private:
  const FindingKind* kind_;
  std::string where_;
  std::vector<std::string> arguments_;
  std::vector<std::string> arguments_zh_;  ///< empty: as in English
};

/// Invalid when any finding is an error, else indeterminate when any is undecided, else valid.
Indication indication_of(const std::vector<Finding>& findings);
bool has_finding(const std::vector<Finding>& findings, std::string_view code);

}  // namespace hutong::x509
