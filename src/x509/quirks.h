#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "x509/report.h"

namespace hutong::x509 {

/// A deviation from the norms that real certificates, lists or requests show. One row of quirk_table() each.
/// Append only: the numbers are bits of QuirkSet and may be stored.
enum class Quirk : std::uint8_t {
  kSm2NullParameters,
  kAlgorithmMismatch,
  kTrailingOctets,
  kSignatureUnusedBits,
  kVersion1,
  kExplicitVersion1,
  kExtensionsBeforeVersion3,
  kSerialZero,
  kSerialNegative,
  kSerialTooLong,
  kGeneralizedTimeBefore2050,
  kEmptyIssuer,
  kEmptySubject,
  kExplicitCurve,
  kSm2SpkiAlgorithmOid,
  kExplicitFalseCritical,
  kDuplicateExtension,
  kEmptyExtensions,
  kMalformedExtension,
  kKeyUsageUnusedBits,
  kKeyUsageEmpty,
  kBasicConstraintsEmpty,
  kBasicConstraintsExplicitFalse,
  kBasicConstraintsNotCritical,
  kKeyUsageNotCritical,
  kRawTextExtension,
  kIdentityUtf8,
  kIdentityWithoutChoice,
  kIdentityNull,
  kNameWithoutCommonName,
  kNameReversed,
  kNameIa5NotAscii,
  kNameUniqueIdentifierText,
  kNameLowerCaseCountry,
  kNamePrintableCharacters,
  kNameLegacyString,
  kNameInvalidUtf8,
  kNameOddValue,
  kNameSetOrder,
  kNameEmptyRdn,
  kGeneralNameNotAscii,
  kDnsNameCharacters,
  kPemLabel,
  kPemWithoutArmour,
  kTrustedCertificate,
  kPkcs7Bundle,
  kRequestWithoutAttributes,
  kRequestAttributeWithoutSet,
  kRequestPkcs9Password,
  kRequestPasswordNotPrintable,
  kCrlVersion1,
  kCrlEmptyEntries,
  kCrlWithoutNextUpdate,
  kIssuingPointExplicitFalse,
  kOcspRawNonce,
  kOcspSm3KeyHash,
  kCount,
};

/// What is known of a quirk. `finding.code` is its stable id ("cert.explicit_false_default"); the finding is
/// an information when the quirk is tolerated, and its code is the reason of the Error when it is refused.
struct QuirkInfo {
  Quirk quirk;
  bool accepted;             ///< by QuirkPolicy::standard()
  FindingKind finding;       ///< severity info; clause and texts in both languages
  std::string_view seen_in;  ///< a file of the corpus, a section of the sheets, or empty
};
std::span<const QuirkInfo> quirk_table();
const QuirkInfo& quirk_info(Quirk quirk);
/// Nothing known by this id: null.
const QuirkInfo* find_quirk(std::string_view id);

/// A set of quirks: those met in one object, or those allowed.
class QuirkSet {
 public:
  constexpr QuirkSet() = default;
  void add(Quirk quirk) { bits_.set(position(quirk)); }
  void remove(Quirk quirk) { bits_.reset(position(quirk)); }
  void add(const QuirkSet& other) { bits_ |= other.bits_; }
  bool contains(Quirk quirk) const { return bits_.test(position(quirk)); }
  bool empty() const { return bits_.none(); }
  std::vector<Quirk> list() const;
  friend bool operator==(const QuirkSet&, const QuirkSet&) = default;

 private:
  static constexpr std::size_t position(Quirk quirk) { return static_cast<std::size_t>(quirk); }
  std::bitset<static_cast<std::size_t>(Quirk::kCount)> bits_;
};

/// One information per quirk, about `where`.
std::vector<Finding> quirk_findings(QuirkSet quirks, const std::string& where);

/// Which quirks reading tolerates. A value; one per vendor if need be (design decision 3).
class QuirkPolicy {
 public:
  static const QuirkPolicy& standard();    ///< the rows marked as accepted
  static const QuirkPolicy& strict();      ///< none at all
  static const QuirkPolicy& everything();  ///< for showing broken objects; never for recognising
  QuirkPolicy with(Quirk quirk) const;
  QuirkPolicy without(Quirk quirk) const;
  bool allows(Quirk quirk) const { return allowed_.contains(quirk); }

 private:
  QuirkSet allowed_;
};

/// Collects the quirks met while one object is read. Belongs to the one read.
class QuirkRecorder {
 public:
  explicit QuirkRecorder(const QuirkPolicy& policy = QuirkPolicy::standard()) : policy_(&policy) {}
  /// Notes the quirk, or refuses the object: kMalformed with the quirk's id as reason.
  Status meet(Quirk quirk, std::string_view detail = {});
  QuirkSet seen() const { return seen_; }
  const QuirkPolicy& policy() const { return *policy_; }

 private:
  const QuirkPolicy* policy_;
  QuirkSet seen_;
};

}  // namespace hutong::x509
