#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "asn1/oid.h"

namespace hutong::x509 {

/// What an object identifier is called in the norms and in Chinese: extensions, attributes, algorithms, key
/// purposes, policies, content types.
struct OidName {
  asn1::Oid oid;
  std::string_view en;
  std::string_view zh;
};
/// Nothing when unknown.
std::optional<OidName> find_oid_name(const asn1::Oid& oid);
/// The English name, or the dotted form.
std::string oid_text(const asn1::Oid& oid);
/// The Chinese name, or the dotted form.
std::string oid_text_zh(const asn1::Oid& oid);

}  // namespace hutong::x509
