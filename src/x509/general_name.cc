#include "x509/general_name.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "x509/internal/name_text.h"

namespace hutong::x509 {
namespace {

using asn1::Reader;
using asn1::Tag;

Status check_text(const GeneralName& name, QuirkRecorder& quirks) {
  if (!internal::is_ascii(name.value)) {
    HUTONG_CHECK(quirks.meet(Quirk::kGeneralNameNotAscii));
  }
  const auto unusual = [](std::uint8_t c) {
    return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
             c == '.' || c == '_' || c == '*');
  };
  if (name.kind == GeneralNameKind::kDnsName && std::ranges::any_of(name.value, unusual)) {
    HUTONG_CHECK(quirks.meet(Quirk::kDnsNameCharacters));
  }
  return ok();
}

Status read_other_name(GeneralName& name, const Reader& parent) {
  HUTONG_TRY(Reader fields, parent.nested(name.value));
  HUTONG_TRY(name.oid, fields.read_oid());
  HUTONG_TRY(name.value, fields.read(asn1::context_constructed(0)));
  HUTONG_CHECK(parent.nested(name.value));
  Reader value(name.value);
  HUTONG_CHECK(value.read_any());
  HUTONG_CHECK(value.finish());
  return fields.finish();
}

Status check_address(ByteView octets) {
  constexpr std::array<std::size_t, 4> kSizes{4, 8, 16, 32};
  if (std::ranges::find(kSizes, octets.size()) == kSizes.end()) {
    return Error{Errc::kMalformed, "ext.ip_address", "an IP address has 4 or 16 octets, a range 8 or 32"};
  }
  return ok();
}

std::string ip_text(ByteView octets) {
  if (octets.size() == 8 || octets.size() == 32) {
    const std::size_t half = octets.size() / 2;
    return ip_text(octets.first(half)) + "/" + ip_text(octets.subspan(half));
  }
  std::string text;
  if (octets.size() == 4) {
    for (const std::uint8_t octet : octets) {
      text += (text.empty() ? "" : ".") + std::to_string(octet);
    }
    return text;
  }
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
    text += (text.empty() ? "" : ":") + to_hex(octets.subspan(i, 2));
  }
  return text;
}

}  // namespace

Result<GeneralName> parse_general_name(Reader& reader, QuirkRecorder& quirks) {
  HUTONG_TRY(const asn1::Element element, reader.read_any());
  const auto octet = static_cast<std::uint8_t>(element.tag);
  const auto number = static_cast<std::uint8_t>(octet & 0x1F);
  GeneralName name;
  name.kind = static_cast<GeneralNameKind>(number);
  name.value = element.content;
  name.der = element.encoded;
  const bool constructed = number == 0 || (number >= 3 && number <= 5);
  const Tag expected = constructed ? asn1::context_constructed(number) : asn1::context(number);
  if (number > 8 || element.tag != expected) {
    return Error{Errc::kMalformed, "ext.general_name", "not a GeneralName"};
  }
  switch (name.kind) {
    case GeneralNameKind::kOtherName:
      HUTONG_CHECK(read_other_name(name, reader));
      break;
    case GeneralNameKind::kRfc822Name:
    case GeneralNameKind::kDnsName:
    case GeneralNameKind::kUri:
      HUTONG_CHECK(check_text(name, quirks));
      break;
    case GeneralNameKind::kDirectoryName: {
      HUTONG_TRY(Name directory, Name::parse(element.content, quirks));
      name.directory = std::move(directory);
      break;
    }
    case GeneralNameKind::kIpAddress:
      HUTONG_CHECK(check_address(name.value));
      break;
    case GeneralNameKind::kRegisteredId: {
      HUTONG_TRY(name.oid, asn1::Oid::from_content(name.value));
      break;
    }
    case GeneralNameKind::kX400Address:
    case GeneralNameKind::kEdiPartyName:
      break;
  }
  return name;
}

Result<std::vector<GeneralName>> parse_general_names(ByteView content, QuirkRecorder& quirks) {
  Reader reader(content);
  std::vector<GeneralName> names;
  while (!reader.at_end()) {
    HUTONG_TRY(GeneralName name, parse_general_name(reader, quirks));
    names.push_back(std::move(name));
  }
  if (names.empty()) {
    return Error{Errc::kMalformed, "ext.empty_list", "a list of general names is empty"};
  }
  return names;
}

std::string GeneralName::to_string() const {
  switch (kind) {
    case GeneralNameKind::kRfc822Name:
      return "email:" + internal::to_valid_utf8(text());
    case GeneralNameKind::kDnsName:
      return "dns:" + internal::to_valid_utf8(text());
    case GeneralNameKind::kUri:
      return "uri:" + internal::to_valid_utf8(text());
    case GeneralNameKind::kIpAddress:
      return "ip:" + ip_text(value);
    case GeneralNameKind::kDirectoryName:
      return "dir:" + directory->to_string();
    case GeneralNameKind::kRegisteredId:
      return "oid:" + oid.to_string();
    case GeneralNameKind::kOtherName:
      return "other:" + oid.to_string() + ":#" + to_hex(value);
    case GeneralNameKind::kX400Address:
      return "x400:#" + to_hex(value);
    case GeneralNameKind::kEdiPartyName:
      break;
  }
  return "edi:#" + to_hex(value);
}

}  // namespace hutong::x509
