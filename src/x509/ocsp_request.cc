#include "asn1/oids.h"
#include "asn1/reader.h"
#include "asn1/writer.h"
#include "base/encoding.h"
#include "x509/internal/ocsp_reading.h"
#include "x509/ocsp.h"

namespace hutong::x509 {
namespace {

using asn1::Reader;
using asn1::Tag;
namespace oids = asn1::oids;

constexpr std::size_t kMostSenderCertificates = 1'000;
constexpr std::size_t kMostNonceOctets = 128;

Status read_single_request(Reader& list, OcspRequest& request) {
  HUTONG_TRY(Reader fields, list.enter_sequence());
  HUTONG_TRY(OcspCertId certificate, internal::read_cert_id(fields));
  request.certificates.push_back(std::move(certificate));
  HUTONG_TRY(auto wrapped, fields.enter_optional(asn1::context_constructed(0)));
  if (wrapped) {
    HUTONG_TRY(const internal::OcspExtensions extensions, internal::read_ocsp_extensions(*wrapped));
    request.has_unknown_critical_extension |= extensions.unknown_critical;
  }
  return fields.finish();
}

Status read_tbs_request(Reader& tbs, OcspRequest& request) {
  HUTONG_TRY(auto version, tbs.enter_optional(asn1::context_constructed(0)));
  if (version) {
    HUTONG_TRY(const std::uint64_t number, version->read_small());
    if (number != 0) {
      return Error{Errc::kMalformed, "ocsp.version", "only version 1 exists"};
    }
    HUTONG_CHECK(version->finish());
  }
  HUTONG_CHECK(tbs.read_optional(asn1::context_constructed(1)));  // requestorName: nobody relies on it
  HUTONG_TRY(Reader list, tbs.enter_sequence());
  if (list.at_end()) {
    return Error{Errc::kMalformed, "ocsp.empty", "a request for no certificate"};
  }
  while (!list.at_end()) {
    if (request.certificates.size() == kMostSenderCertificates) {
      return Error{Errc::kLimit, "ocsp.too_many", "more than 1,000 certificates in one request"};
    }
    HUTONG_CHECK(read_single_request(list, request));
  }
  HUTONG_TRY(auto wrapped, tbs.enter_optional(asn1::context_constructed(2)));
  if (wrapped) {
    HUTONG_TRY(internal::OcspExtensions extensions, internal::read_ocsp_extensions(*wrapped));
    request.nonce = std::move(extensions.nonce);
    request.has_unknown_critical_extension |= extensions.unknown_critical;
  }
  return tbs.finish();
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

namespace internal {

Result<OcspCertId> read_cert_id(Reader& reader) {
  HUTONG_TRY(Reader fields, reader.enter_sequence());
  HUTONG_TRY(Reader algorithm, fields.enter_sequence());
  HUTONG_TRY(const asn1::Oid oid, algorithm.read_oid());
  if (!algorithm.at_end()) {
    HUTONG_CHECK(algorithm.read_null());
  }
  HUTONG_CHECK(algorithm.finish());
  const auto hash = crypto::digest_from_oid(oid);
  if (!hash) {
    return Error{Errc::kPolicy, "ocsp.hash", "unknown hash algorithm " + oid.to_string()};
  }
  OcspCertId id;
  id.hash = *hash;
  HUTONG_TRY(const ByteView name_hash, fields.read_octet_string());
  HUTONG_TRY(const ByteView key_hash, fields.read_octet_string());
  HUTONG_TRY(const ByteView serial, fields.read_integer());
  HUTONG_CHECK(fields.finish());
  if (name_hash.size() != crypto::digest_size(*hash) || key_hash.size() != crypto::digest_size(*hash)) {
    return Error{Errc::kMalformed, "ocsp.hash_size", "a hash does not have the size of its algorithm"};
  }
  id.issuer_name_hash = to_bytes(name_hash);
  id.issuer_key_hash = to_bytes(key_hash);
  HUTONG_TRY(id.serial, Serial::from_content(serial));
  return id;
}

Result<OcspExtensions> read_ocsp_extensions(Reader& wrapped) {
  HUTONG_TRY(const ByteView content, wrapped.read(Tag::kSequence));
  HUTONG_CHECK(wrapped.finish());
  QuirkRecorder quirks;
  HUTONG_TRY(const auto extensions, parse_extensions(content, quirks));
  OcspExtensions result;
  for (const Extension& extension : extensions) {
    if (extension.oid == oids::kOcspNonce) {
      HUTONG_TRY(result.nonce, read_nonce(extension.value));
    } else {
      result.unknown_critical |= extension.critical;
    }
  }
  return result;
}

Result<OcspNonce> read_nonce(ByteView value) {
  Reader reader(value);
  const auto inner = reader.read_octet_string();
  const bool raw = !inner || !reader.at_end();
  const ByteView octets = raw ? value : *inner;
  if (octets.empty() || octets.size() > kMostNonceOctets) {
    return Error{Errc::kMalformed, "ocsp.nonce", "a nonce has 1 to 128 octets"};
  }
  return OcspNonce{to_bytes(octets), raw};
}

void write_ocsp_extensions(asn1::Writer& out, const OcspNonce& nonce) {
  asn1::Writer value;
  if (nonce.raw_form) {
    value.raw(nonce.value);
  } else {
    value.octet_string(nonce.value);
  }
  out.sequence([&](asn1::Writer& list) {
    list.sequence([&](asn1::Writer& extension) {
      extension.oid(oids::kOcspNonce);
      extension.octet_string(value.view());
    });
  });
}

}  // namespace internal

OcspCertId OcspCertId::of(const Certificate& certificate, const Certificate& issuer,
                          crypto::DigestAlgorithm hash) {
  return of(certificate.serial(), issuer.subject(), issuer.key_octets(), hash);
}

OcspCertId OcspCertId::of(const Serial& serial, const Name& issuer_name, ByteView issuer_key_octets,
                          crypto::DigestAlgorithm hash) {
  return {hash, crypto::digest(hash, issuer_name.der()), crypto::digest(hash, issuer_key_octets), serial};
}

bool OcspCertId::names_issuer(const Name& issuer_name, ByteView issuer_key_octets) const {
  return issuer_name_hash == crypto::digest(hash, issuer_name.der()) &&
         issuer_key_hash == crypto::digest(hash, issuer_key_octets);
}

bool OcspCertId::names(const Certificate& certificate, const Certificate& issuer) const {
  return serial == certificate.serial() && names_issuer(issuer.subject(), issuer.key_octets());
}

Bytes OcspCertId::to_der() const {
  asn1::Writer out;
  out.sequence([this](asn1::Writer& id) {
    id.sequence([this](asn1::Writer& algorithm) {
      algorithm.oid(crypto::digest_oid(hash));
      algorithm.null();
    });
    id.octet_string(issuer_name_hash);
    id.octet_string(issuer_key_hash);
    id.element(Tag::kInteger, serial.content());
  });
  return std::move(out).take();
}

Result<OcspRequest> OcspRequest::parse(ByteView der) {
  Reader outer(der);
  HUTONG_TRY(Reader fields, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  OcspRequest request;
  HUTONG_TRY(Reader tbs, fields.enter_sequence());
  HUTONG_CHECK(read_tbs_request(tbs, request));
  HUTONG_TRY(const auto signature, fields.enter_optional(asn1::context_constructed(0)));
  request.is_signed = signature.has_value();
  HUTONG_CHECK(fields.finish());
  return request;
}

Bytes OcspRequest::to_der() const {
  asn1::Writer out;
  out.sequence([this](asn1::Writer& request) {
    request.sequence([this](asn1::Writer& tbs) {
      tbs.sequence([this](asn1::Writer& list) {
        for (const OcspCertId& certificate : certificates) {
          list.sequence([&](asn1::Writer& single) { single.raw(certificate.to_der()); });
        }
      });
      if (nonce) {
        tbs.constructed(asn1::context_constructed(2),
                        [this](asn1::Writer& wrapped) { internal::write_ocsp_extensions(wrapped, *nonce); });
      }
    });
  });
  return std::move(out).take();
}

std::string ocsp_get_path(ByteView request) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string path;
  for (const char c : to_base64(request)) {
    if (is_unreserved(c)) {
      path.push_back(c);
    } else {
      const auto octet = static_cast<unsigned char>(c);
      path += {'%', kHex[octet >> 4], kHex[octet & 0xF]};
    }
  }
  return path;
}

Result<Bytes> from_ocsp_get_path(std::string_view path) {
  const Error bad{Errc::kMalformed, "ocsp.get_path", "the path is no base64 of a request"};
  std::string base64;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '%') {
      base64.push_back(path[i] == ' ' ? '+' : path[i]);
      continue;
    }
    const auto octet = from_hex(path.substr(i + 1, 2));
    if (!octet || octet->size() != 1) {
      return bad;
    }
    base64.push_back(static_cast<char>(octet->front()));
    i += 2;
  }
  auto request = from_base64(base64);
  return request ? Result<Bytes>(std::move(request).value()) : Result<Bytes>(bad);
}

}  // namespace hutong::x509
