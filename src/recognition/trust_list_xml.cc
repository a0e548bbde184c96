#include <string>
#include <string_view>

#include "base/encoding.h"
#include "recognition/trust_list.h"

namespace hutong::recognition {
namespace {

/// Character data and attribute values alike. Characters that XML 1.0 does not have become U+FFFD.
std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' ? std::string("\xEF\xBF\xBD")
                                                                              : std::string(1, c);
    }
  }
  return out;
}

/// Elements with text, one a line.
class XmlText {
 public:
  void open(std::string_view name) { line("<" + std::string(name) + ">", depth_++); }
  void close(std::string_view name) { line("</" + std::string(name) + ">", --depth_); }
  void element(std::string_view name, std::string_view value) {
    const std::string tag(name);
    line("<" + tag + ">" + escaped(value) + "</" + tag + ">", depth_);
  }
  std::string take() && { return std::move(text_); }

 private:
  void line(const std::string& content, std::size_t depth) {
    text_ += std::string(depth, ' ') + content + "\n";
  }
  std::string text_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  std::size_t depth_ = 0;
};

void write_service(XmlText& out, const Service& service) {
  out.open("service");
  out.element("id", service.id);
  out.element("name_zh", service.name_zh);
  out.element("name_en", service.name_en);
  out.element("vendor_zh", service.vendor_zh);
  out.element("vendor_en", service.vendor_en);
  out.element("kind", to_string(service.kind));
  out.element("certificate", to_base64(service.certificate.der()));
  for (const StatusPeriod& period : service.periods) {
    out.open("period");
    out.element("status", to_string(period.status));
    out.element("since", to_rfc3339(period.since));
    out.close("period");
  }
  for (const std::string& quirk : service.quirks) {
    out.element("quirk", quirk);
  }
  for (const std::string& quirk : service.refused_quirks) {
    out.element("refused_quirk", quirk);
  }
  for (const std::string& address : service.revocation_addresses) {
    out.element("revocation_address", address);
  }
  out.close("service");
}

}  // namespace

std::string to_xml_text(const TrustListContent& content) {
  XmlText out;
  out.open("trust_list");
  out.element("format", "hutong-trust-list/1");
  out.element("number", std::to_string(content.number));
  if (content.previous_sm3) {
    out.element("previous_sm3", to_hex(*content.previous_sm3));
  }
  out.element("issued_at", to_rfc3339(content.issued_at));
  out.element("next_update", to_rfc3339(content.next_update));
  out.element("operator_zh", content.operator_zh);
  out.element("operator_en", content.operator_en);
  for (const Bytes& announcement : content.signer_announcements) {
    out.element("signer_announcement", to_base64(announcement));
  }
  for (const Service& service : content.services) {
    write_service(out, service);
  }
  out.close("trust_list");
  return std::move(out).take();
}

}  // namespace hutong::recognition
