#include <algorithm>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "asn1/writer.h"
#include "base/encoding.h"
#include "x509/internal/name_text.h"
#include "x509/name.h"

namespace hutong::x509 {
namespace {

using asn1::Oid;
using asn1::Tag;
namespace oids = asn1::oids;

Error bad_text(std::string detail) { return {Errc::kMalformed, "name.text", std::move(detail)}; }

Tag usual_tag(const Oid& type, std::string_view text) {
  if (type == oids::kEmailAddress || type == oids::kDomainComponent) {
    return internal::is_ascii(as_bytes(text)) ? Tag::kIa5String : Tag::kUtf8String;
  }
  const bool printable = type == oids::kCountry || type == oids::kSerialNumber || type == oids::kDnQualifier;
  return printable && internal::is_printable_string(as_bytes(text)) ? Tag::kPrintableString
                                                                    : Tag::kUtf8String;
}

Bytes attribute_der(const Oid& type, ByteView value_der) {
  asn1::Writer out;
  out.sequence([&](asn1::Writer& pair) {
    pair.oid(type);
    pair.raw(value_der);
  });
  return std::move(out).take();
}

Bytes text_der(Tag tag, std::string_view content) {
  asn1::Writer out;
  out.text(tag, content);
  return std::move(out).take();
}

/// RFC 4514 section 3, read from the front.
class TextParser {
 public:
  explicit TextParser(std::string_view text) : rest_(text) {}

  /// RDNs as encoded SETs, in the order of the text.
  Result<std::vector<Bytes>> read_all() {
    std::vector<Bytes> rdns;
    skip_blanks();
    while (!rest_.empty()) {
      HUTONG_TRY(Bytes rdn, read_rdn());
      rdns.push_back(std::move(rdn));
      if (rest_.empty()) {
        break;
      }
      rest_.remove_prefix(1);  // read_rdn stops at a comma or semicolon only
      skip_blanks();
      if (rest_.empty()) {
        return bad_text("the name ends with a separator");
      }
    }
    return rdns;
  }

 private:
  void skip_blanks() {
    while (rest_.starts_with(' ')) {
      rest_.remove_prefix(1);
    }
  }

  Result<Bytes> read_rdn() {
    std::vector<Bytes> attributes;
    for (;;) {
      HUTONG_TRY(Bytes attribute, read_attribute());
      attributes.push_back(std::move(attribute));
      if (!rest_.starts_with('+')) {
        break;
      }
      rest_.remove_prefix(1);
      skip_blanks();
    }
    asn1::Writer out;
    out.set_of(std::move(attributes));
    return std::move(out).take();
  }

  Result<Bytes> read_attribute() {
    const auto sign = rest_.find('=');
    if (sign == std::string_view::npos) {
      return bad_text("expected TYPE=value");
    }
    HUTONG_TRY(const Oid type, type_from(rest_.substr(0, sign)));
    rest_.remove_prefix(sign + 1);
    skip_blanks();
    if (rest_.starts_with('#')) {
      return read_hexadecimal(type);
    }
    HUTONG_TRY(const std::string value, rest_.starts_with('"') ? read_quoted() : read_value());
    if (!is_utf8(value)) {
      return bad_text("a value is not UTF-8");
    }
    return attribute_der(type, text_der(usual_tag(type, value), value));
  }

  static Result<Oid> type_from(std::string_view text) {
    while (text.ends_with(' ')) {
      text.remove_suffix(1);
    }
    if (const AttributeName* known = attribute_by_short_name(text); known != nullptr) {
      return known->type;
    }
    auto oid = Oid::parse(text);
    if (!oid) {
      return bad_text("unknown attribute type: " + internal::to_valid_utf8(text.substr(0, 40)));
    }
    return oid;
  }

  Result<Bytes> read_hexadecimal(const Oid& type) {
    const auto end = std::min(rest_.find_first_of(",;+"), rest_.size());
    HUTONG_TRY(const Bytes value, from_hex(rest_.substr(1, end - 1)));
    asn1::Reader reader(value);
    HUTONG_CHECK(reader.read_any());
    HUTONG_CHECK(reader.finish());
    rest_.remove_prefix(end);
    return attribute_der(type, value);
  }

  /// After a backslash: a special character or two hexadecimal digits.
  Result<char> read_escape() {
    if (rest_.empty()) {
      return bad_text("the name ends with a backslash");
    }
    if (rest_.size() >= 2) {
      if (const auto octet = from_hex(rest_.substr(0, 2)); octet && octet->size() == 1) {
        rest_.remove_prefix(2);
        return static_cast<char>(octet->front());
      }
    }
    const char c = rest_.front();
    if (std::string_view(" \"#+,;<=>\\").find(c) == std::string_view::npos) {
      return bad_text("a backslash before an ordinary character");
    }
    rest_.remove_prefix(1);
    return c;
  }

  Result<std::string> read_value() {
    std::string value;
    std::size_t kept = 0;  // blanks after it are not part of the value
    while (!rest_.empty() && std::string_view(",;+").find(rest_.front()) == std::string_view::npos) {
      const char c = rest_.front();
      if (std::string_view("\"<>").find(c) != std::string_view::npos) {
        return bad_text("an unescaped special character");
      }
      rest_.remove_prefix(1);
      if (c == '\\') {
        HUTONG_TRY(const char escaped, read_escape());
        value.push_back(escaped);
        kept = value.size();
      } else {
        value.push_back(c);
        kept = c == ' ' ? kept : value.size();
      }
    }
    value.resize(kept);
    return value;
  }

  /// The quoted form of RFC 2253 and of old tools.
  Result<std::string> read_quoted() {
    rest_.remove_prefix(1);
    std::string value;
    while (!rest_.starts_with('"')) {
      if (rest_.empty()) {
        return bad_text("a quoted value does not end");
      }
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '\\') {
        HUTONG_TRY(const char escaped, read_escape());
        value.push_back(escaped);
      } else {
        value.push_back(c);
      }
    }
    rest_.remove_prefix(1);
    skip_blanks();
    if (!rest_.empty() && std::string_view(",;+").find(rest_.front()) == std::string_view::npos) {
      return bad_text("text follows a quoted value");
    }
    return value;
  }

  std::string_view rest_;
};

Bytes name_der(const std::vector<Bytes>& rdns) {
  asn1::Writer out;
  out.sequence([&rdns](asn1::Writer& body) {
    for (const Bytes& rdn : rdns) {
      body.raw(rdn);
    }
  });
  return std::move(out).take();
}

}  // namespace

Result<Name> Name::from_string(std::string_view text) {
  HUTONG_TRY(std::vector<Bytes> rdns, TextParser(text).read_all());
  std::ranges::reverse(rdns);
  return parse(name_der(rdns));
}

NameBuilder& NameBuilder::add(const Oid& type, std::string_view text) {
  return add(type, usual_tag(type, text), text);
}

NameBuilder& NameBuilder::add(const Oid& type, Tag tag, std::string_view content) {
  asn1::Writer out;
  out.element(Tag::kSet, attribute_der(type, text_der(tag, content)));
  rdns_.push_back(std::move(out).take());
  return *this;
}

Name NameBuilder::build() const {
  QuirkRecorder quirks(QuirkPolicy::everything());
  return Name::parse(name_der(rdns_), quirks).value();
}

}  // namespace hutong::x509
