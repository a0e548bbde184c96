#include "cms/attributes.h"

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "asn1/writer.h"
#include "cms/internal/algorithms.h"

namespace hutong::cms {
namespace {

namespace oids = asn1::oids;
using asn1::Tag;
using asn1::Writer;

/// IssuerSerial { GeneralNames { directoryName }, serial }.
void write_issuer_serial(Writer& out, const x509::Certificate& certificate) {
  out.sequence([&](Writer& body) {
    body.sequence([&](Writer& names) {
      const x509::Name& issuer = certificate.issuer();
      names.element(asn1::context_constructed(4), issuer.der());
    });
    const x509::Serial& serial = certificate.serial();
    body.element(Tag::kInteger, serial.content());
  });
}

Error malformed(const asn1::Oid& type) {
  return {Errc::kMalformed, "cms.attribute", "the attribute " + type.to_string() + " is broken or repeated"};
}

/// ESSCertID or ESSCertIDv2: only the latter begins with an algorithm.
Result<SigningCertificateId> read_cert_id(asn1::Reader& reader, crypto::DigestAlgorithm default_digest) {
  HUTONG_TRY(asn1::Reader id, reader.enter_sequence());
  SigningCertificateId out;
  out.digest = default_digest;
  if (id.next_is(Tag::kSequence)) {
    HUTONG_TRY(const asn1::Element algorithm, id.read_any());
    HUTONG_TRY(out.digest, internal::read_digest_algorithm(algorithm.encoded));
  }
  HUTONG_TRY(const ByteView hash, id.read_octet_string());
  out.hash = to_bytes(hash);
  if (id.at_end()) {
    return out;
  }
  HUTONG_TRY(asn1::Reader issuer_serial, id.enter_sequence());
  HUTONG_TRY(const ByteView names, issuer_serial.read(Tag::kSequence));
  (void)names;  // the hash identifies the certificate, names come in many shapes
  HUTONG_TRY(const ByteView serial, issuer_serial.read_integer());
  HUTONG_TRY(out.serial, x509::Serial::from_content(serial));
  return out;
}

}  // namespace

Bytes attribute(const asn1::Oid& type, ByteView value) {
  Writer out;
  out.sequence([&](Writer& body) {
    body.oid(type);
    body.element(Tag::kSet, value);
  });
  return std::move(out).take();
}

Bytes content_type_attribute(const asn1::Oid& content_type) {
  Writer value;
  value.oid(content_type);
  return attribute(oids::kContentType, value.view());
}

Bytes signing_time_attribute(Time time) {
  Writer value;
  value.time(time);
  return attribute(oids::kSigningTime, value.view());
}

Bytes message_digest_attribute(ByteView digest) {
  Writer value;
  value.octet_string(digest);
  return attribute(oids::kMessageDigest, value.view());
}

Bytes signing_certificate_attribute(const x509::Certificate& certificate, crypto::DigestAlgorithm digest) {
  Writer value;
  value.sequence([&](Writer& signing_certificate) {
    signing_certificate.sequence([&](Writer& list) {
      list.sequence([&](Writer& id) {
        if (digest == crypto::DigestAlgorithm::kSm3) {
          id.sequence([](Writer& algorithm) { algorithm.oid(oids::kSm3); });
        } else if (digest != crypto::DigestAlgorithm::kSha256) {  // the default is not written (X.690 11.5)
          id.raw(internal::write_digest_algorithm(digest));
        }
        id.octet_string(certificate.fingerprint(digest));
        write_issuer_serial(id, certificate);
      });
    });
  });
  return attribute(oids::kSigningCertificateV2, value.view());
}

bool SigningCertificateId::names(const x509::Certificate& certificate) const {
  return equal(certificate.fingerprint(digest), hash) && (!serial || *serial == certificate.serial());
}

Result<std::optional<SigningCertificateId>> signing_certificate_of(const AttributeSet& attributes) {
  const bool second = attributes.count(oids::kSigningCertificateV2) > 0;
  const asn1::Oid type = second ? oids::kSigningCertificateV2 : oids::kSigningCertificate;
  if (attributes.count(type) == 0) {
    return std::optional<SigningCertificateId>();
  }
  const Bytes* value = attributes.single(type);
  if (value == nullptr) {
    return malformed(type);
  }
  asn1::Reader outer(*value);
  HUTONG_TRY(asn1::Reader fields, outer.enter_sequence());
  HUTONG_TRY(asn1::Reader ids, fields.enter_sequence());
  HUTONG_TRY(SigningCertificateId id,
             read_cert_id(ids, second ? crypto::DigestAlgorithm::kSha256 : crypto::DigestAlgorithm::kSha1));
  return std::optional(std::move(id));
}

Result<std::optional<Time>> signing_time_of(const AttributeSet& attributes) {
  if (attributes.count(oids::kSigningTime) == 0) {
    return std::optional<Time>();
  }
  const Bytes* value = attributes.single(oids::kSigningTime);
  if (value == nullptr) {
    return malformed(oids::kSigningTime);
  }
  asn1::Reader reader(*value);
  HUTONG_TRY(const asn1::TimeValue time, reader.read_time());
  return std::optional(time.time);
}

}  // namespace hutong::cms
