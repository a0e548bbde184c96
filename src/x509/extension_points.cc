#include <array>

#include "x509/extensions.h"
#include "x509/internal/extension_reading.h"

/// Extensions about revocation: distribution points, list numbers, reasons (RFC 5280 4.2.1.13, 5.2, 5.3).
namespace hutong::x509 {
namespace {

using asn1::Reader;
using asn1::Tag;

Result<DistributionPointName> read_point_name(Reader& choice, QuirkRecorder& quirks) {
  DistributionPointName name;
  if (choice.next_is(asn1::context_constructed(1))) {
    HUTONG_TRY(const ByteView rdn, choice.read(asn1::context_constructed(1)));
    name.relative_name = rdn;
  } else {
    HUTONG_TRY(const ByteView names, choice.read(asn1::context_constructed(0)));
    HUTONG_TRY(name.full_name, parse_general_names(names, quirks));
  }
  HUTONG_CHECK(choice.finish());
  return name;
}

Result<std::optional<DistributionPointName>> read_optional_name(Reader& fields, QuirkRecorder& quirks) {
  HUTONG_TRY(auto choice, fields.enter_optional(asn1::context_constructed(0)));
  if (!choice) {
    return std::optional<DistributionPointName>();
  }
  HUTONG_TRY(DistributionPointName name, read_point_name(*choice, quirks));
  return std::optional(std::move(name));
}

Result<std::optional<std::uint16_t>> read_reasons(Reader& fields, std::uint8_t number) {
  HUTONG_TRY(const auto content, fields.read_optional(asn1::context(number)));
  if (!content) {
    return std::optional<std::uint16_t>();
  }
  HUTONG_TRY(const asn1::BitString bits, asn1::bit_string_from(*content));
  std::uint16_t reasons = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    reasons = static_cast<std::uint16_t>(reasons | (bits.bit(i) ? 1U << i : 0U));
  }
  return std::optional(reasons);
}

/// [number] IMPLICIT BOOLEAN DEFAULT FALSE.
Result<bool> read_flag(Reader& fields, std::uint8_t number, QuirkRecorder& quirks) {
  HUTONG_TRY(const auto content, fields.read_optional(asn1::context(number)));
  if (!content) {
    return false;
  }
  if (content->size() != 1 || (content->front() != 0x00 && content->front() != 0xFF)) {
    return Error{Errc::kMalformed, "asn1.boolean", "a BOOLEAN is one octet, 00 or FF"};
  }
  if (content->front() == 0) {
    HUTONG_CHECK(quirks.meet(Quirk::kIssuingPointExplicitFalse));
  }
  return content->front() == 0xFF;
}

struct NamedReason {
  CrlReason reason;
  std::string_view en;
  std::string_view zh;
};
constexpr std::array kReasons{
    NamedReason{CrlReason::kUnspecified, "unspecified", "未说明"},
    NamedReason{CrlReason::kKeyCompromise, "keyCompromise", "密钥泄露"},
    NamedReason{CrlReason::kCaCompromise, "cACompromise", "CA 密钥泄露"},
    NamedReason{CrlReason::kAffiliationChanged, "affiliationChanged", "隶属关系变更"},
    NamedReason{CrlReason::kSuperseded, "superseded", "已被替换"},
    NamedReason{CrlReason::kCessationOfOperation, "cessationOfOperation", "停止使用"},
    NamedReason{CrlReason::kCertificateHold, "certificateHold", "证书冻结"},
    NamedReason{CrlReason::kRemoveFromCrl, "removeFromCRL", "从列表移除（解冻）"},
    NamedReason{CrlReason::kPrivilegeWithdrawn, "privilegeWithdrawn", "权限撤销"},
    NamedReason{CrlReason::kAaCompromise, "aACompromise", "属性权威密钥泄露"},
};

const NamedReason* find_reason(std::uint64_t number) {
  for (const NamedReason& named : kReasons) {
    if (static_cast<std::uint64_t>(named.reason) == number) {
      return &named;
    }
  }
  return nullptr;
}

}  // namespace

Result<std::vector<DistributionPoint>> parse_distribution_points(ByteView value, QuirkRecorder& quirks) {
  HUTONG_TRY(Reader list, internal::enter_only_list(value));
  std::vector<DistributionPoint> points;
  while (!list.at_end()) {
    HUTONG_TRY(Reader fields, list.enter_sequence());
    DistributionPoint point;
    HUTONG_TRY(point.name, read_optional_name(fields, quirks));
    HUTONG_TRY(point.reasons, read_reasons(fields, 1));
    HUTONG_TRY(const auto issuer, fields.read_optional(asn1::context_constructed(2)));
    if (issuer) {
      HUTONG_TRY(point.crl_issuer, parse_general_names(*issuer, quirks));
    }
    HUTONG_CHECK(fields.finish());
    points.push_back(std::move(point));
  }
  return points;
}

Result<IssuingDistributionPoint> parse_issuing_distribution_point(ByteView value, QuirkRecorder& quirks) {
  HUTONG_TRY(Reader fields, internal::enter_only_sequence(value));
  IssuingDistributionPoint point;
  HUTONG_TRY(point.name, read_optional_name(fields, quirks));
  HUTONG_TRY(point.only_user_certificates, read_flag(fields, 1, quirks));
  HUTONG_TRY(point.only_ca_certificates, read_flag(fields, 2, quirks));
  HUTONG_TRY(point.only_some_reasons, read_reasons(fields, 3));
  HUTONG_TRY(point.indirect, read_flag(fields, 4, quirks));
  HUTONG_TRY(point.only_attribute_certificates, read_flag(fields, 5, quirks));
  HUTONG_CHECK(fields.finish());
  return point;
}

Result<Serial> parse_crl_number(ByteView value) {
  Reader reader(value);
  HUTONG_TRY(const ByteView content, reader.read_integer());
  HUTONG_CHECK(reader.finish());
  return Serial::from_content(content);
}

std::string_view to_string(CrlReason reason) { return find_reason(static_cast<std::uint64_t>(reason))->en; }
std::string_view to_string_zh(CrlReason reason) {
  return find_reason(static_cast<std::uint64_t>(reason))->zh;
}

Result<CrlReason> crl_reason_from(std::uint64_t number) {
  const NamedReason* named = find_reason(number);
  if (named == nullptr) {
    return Error{Errc::kMalformed, "ext.crl_reason", "there is no such CRLReason"};
  }
  return named->reason;
}

}  // namespace hutong::x509
