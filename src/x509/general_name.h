#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "asn1/oid.h"
#include "asn1/reader.h"
#include "base/bytes.h"
#include "base/result.h"
#include "x509/name.h"
#include "x509/quirks.h"

namespace hutong::x509 {

/// The choices of GeneralName (RFC 5280 4.2.1.6); the numbers are its context tags.
enum class GeneralNameKind : std::uint8_t {
  kOtherName = 0,
  kRfc822Name = 1,
  kDnsName = 2,
  kX400Address = 3,
  kDirectoryName = 4,
  kEdiPartyName = 5,
  kUri = 6,
  kIpAddress = 7,
  kRegisteredId = 8,
};

/// One general name. `value` is a view into what it was read from: the text octets of rfc822Name, dNSName and
/// URI; the octets of iPAddress (4, 16; 8 and 32 inside name constraints); the explicit content of
/// otherName's value; the content of x400Address and ediPartyName.
struct GeneralName {
  GeneralNameKind kind = GeneralNameKind::kDnsName;
  ByteView value;
  ByteView der;                   ///< the whole encoded choice
  std::optional<Name> directory;  ///< kDirectoryName
  asn1::Oid oid;                  ///< kRegisteredId, and type-id of kOtherName

  std::string_view text() const { return as_text(value); }  ///< may hold any octets; see to_string()
  /// For people, well-formed UTF-8: "dns:example.cn", "uri:http://…", "ip:10.0.0.1", "dir:CN=…", "email:…".
  std::string to_string() const;
};

Result<GeneralName> parse_general_name(asn1::Reader& reader, QuirkRecorder& quirks);
/// The content octets of SEQUENCE OF GeneralName (IMPLICIT tags allowed). An empty list is kMalformed
/// "ext.empty_list".
Result<std::vector<GeneralName>> parse_general_names(ByteView content, QuirkRecorder& quirks);

}  // namespace hutong::x509
