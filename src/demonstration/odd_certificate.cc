#include "demonstration/odd_certificate.h"

#include <array>

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "x509/builder.h"

namespace hutong::demonstration {
namespace {

using asn1::Tag;
using asn1::Writer;

/// digitalSignature and nonRepudiation as a BIT STRING of a whole octet.
constexpr std::array<std::uint8_t, 4> kWholeOctetUsage = {0x03, 0x02, 0x00, 0xC0};

void write_odd_extension(Writer& out, const x509::ExtensionValue& extension) {
  out.sequence([&](Writer& fields) {
    fields.oid(extension.oid);
    fields.boolean(extension.critical);  // also when it is FALSE
    fields.octet_string(extension.oid == asn1::oids::kKeyUsage ? ByteView(kWholeOctetUsage)
                                                               : ByteView(extension.value));
  });
}

Bytes odd_algorithm() {
  Writer out;
  out.sequence([](Writer& fields) {
    fields.oid(asn1::oids::kSm2WithSm3);
    fields.null();
  });
  return std::move(out).take();
}

Bytes odd_tbs(const x509::TbsCertificate& tbs) {
  Writer out;
  out.sequence([&](Writer& fields) {
    fields.constructed(asn1::context_constructed(0), [](Writer& version) { version.small(2); });
    fields.element(Tag::kInteger, tbs.serial.content());
    fields.raw(odd_algorithm());
    fields.raw(tbs.issuer.der());
    fields.sequence([&](Writer& validity) {
      validity.time(tbs.not_before);
      validity.time(tbs.not_after);
    });
    fields.raw(tbs.subject.der());
    fields.raw(tbs.spki);
    fields.constructed(asn1::context_constructed(3), [&](Writer& outer) {
      outer.sequence([&](Writer& list) {
        for (const auto& extension : tbs.extensions) {
          write_odd_extension(list, extension);
        }
      });
    });
  });
  return std::move(out).take();
}

}  // namespace

Result<Bytes> make_odd_certificate(const Authority& ca, const Authority::Wanted& wanted) {
  const auto tbs = ca.draft(wanted, fresh_key().public_key());
  return x509::sign_der(odd_tbs(tbs), odd_algorithm(), ca.key());
}

}  // namespace hutong::demonstration
