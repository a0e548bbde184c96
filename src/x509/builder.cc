#include "x509/builder.h"

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "x509/internal/extension_writing.h"
#include "x509/internal/ocsp_reading.h"

namespace hutong::x509 {
namespace {

using asn1::Tag;
using asn1::Writer;
namespace oids = asn1::oids;
using internal::write_extensions;

void write_validity(Writer& out, Time not_before, Time not_after) {
  out.sequence([&](Writer& validity) {
    validity.time(not_before);
    validity.time(not_after);
  });
}

Bytes attribute(const asn1::Oid& type, const Writer& value) {
  Writer out;
  out.sequence([&](Writer& fields) {
    fields.oid(type);
    fields.element(Tag::kSet, value.view());
  });
  return std::move(out).take();
}

std::vector<Bytes> request_attributes(const TbsCertificateRequest& request) {
  std::vector<Bytes> attributes;
  if (request.challenge_password) {
    Writer value;
    value.text(Tag::kPrintableString, *request.challenge_password);
    const bool gm = request.gm_challenge_password_oid;
    attributes.push_back(attribute(gm ? oids::kGmChallengePassword : oids::kChallengePassword, value));
  }
  if (!request.extensions.empty()) {
    Writer value;
    write_extensions(value, request.extensions);
    attributes.push_back(attribute(oids::kExtensionRequest, value));
  }
  return attributes;
}

void write_status(Writer& out, const OcspSingleResponse& single) {
  switch (single.status) {
    case OcspCertStatus::kGood:
      out.element(asn1::context(0), {});
      return;
    case OcspCertStatus::kUnknown:
      out.element(asn1::context(2), {});
      return;
    case OcspCertStatus::kRevoked:
      break;
  }
  out.constructed(asn1::context_constructed(1), [&single](Writer& info) {
    info.generalized_time(single.revoked_at.value_or(Time{}));
    if (single.reason) {
      info.constructed(asn1::context_constructed(0), [&single](Writer& reason) {
        reason.small(static_cast<std::uint64_t>(*single.reason), Tag::kEnumerated);
      });
    }
  });
}

void write_single(Writer& list, const OcspSingleResponse& single) {
  list.sequence([&single](Writer& fields) {
    fields.raw(single.certificate.to_der());
    write_status(fields, single);
    fields.generalized_time(single.this_update);
    if (single.next_update) {
      fields.constructed(asn1::context_constructed(0),
                         [&single](Writer& wrapped) { wrapped.generalized_time(*single.next_update); });
    }
  });
}

void write_responder(Writer& data, const OcspResponderId& responder) {
  if (const auto* name = std::get_if<Name>(&responder); name != nullptr) {
    data.element(asn1::context_constructed(1), name->der());
    return;
  }
  data.constructed(asn1::context_constructed(2),
                   [&responder](Writer& wrapped) { wrapped.octet_string(std::get<Bytes>(responder)); });
}

Bytes response_data(const TbsOcspResponse& response) {
  Writer out;
  out.sequence([&response](Writer& data) {
    write_responder(data, response.responder);
    data.generalized_time(response.produced_at);
    data.sequence([&response](Writer& list) {
      for (const OcspSingleResponse& single : response.responses) {
        write_single(list, single);
      }
    });
    if (response.nonce) {
      data.constructed(asn1::context_constructed(1), [&response](Writer& wrapped) {
        internal::write_ocsp_extensions(wrapped, *response.nonce);
      });
    }
  });
  return std::move(out).take();
}

/// The body of a successful response: BasicOCSPResponse inside ResponseBytes.
Bytes basic_response(const TbsOcspResponse& response, ByteView data, ByteView algorithm, ByteView signature) {
  Writer out;
  out.sequence([&](Writer& basic) {
    basic.raw(data);
    basic.raw(algorithm);
    basic.bit_string(signature);
    if (!response.certificates.empty()) {
      basic.constructed(asn1::context_constructed(0), [&response](Writer& wrapped) {
        wrapped.sequence([&response](Writer& list) {
          for (const CertificateDer& certificate : response.certificates) {
            list.raw(certificate.view());
          }
        });
      });
    }
  });
  return std::move(out).take();
}

}  // namespace

Bytes to_der(const TbsCertificate& tbs, const crypto::SignatureAlgorithm& algorithm) {
  constexpr std::uint64_t kVersion3 = 2;
  Writer out;
  out.sequence([&](Writer& fields) {
    if (!tbs.extensions.empty()) {
      fields.constructed(asn1::context_constructed(0), [](Writer& version) { version.small(kVersion3); });
    }
    fields.element(Tag::kInteger, tbs.serial.content());
    fields.raw(algorithm.to_der());
    fields.raw(tbs.issuer.der());
    write_validity(fields, tbs.not_before, tbs.not_after);
    fields.raw(tbs.subject.der());
    fields.raw(tbs.spki);
    if (!tbs.extensions.empty()) {
      fields.constructed(asn1::context_constructed(3),
                         [&tbs](Writer& wrapped) { write_extensions(wrapped, tbs.extensions); });
    }
  });
  return std::move(out).take();
}

Result<Bytes> sign_der(ByteView tbs, ByteView algorithm_der, const crypto::Signer& signer) {
  HUTONG_TRY(const Bytes signature, signer.sign(tbs));
  Writer out;
  out.sequence([&](Writer& object) {
    object.raw(tbs);
    object.raw(algorithm_der);
    object.bit_string(signature);
  });
  return std::move(out).take();
}

Result<CertificateDer> sign(const TbsCertificate& tbs, const crypto::Signer& signer) {
  HUTONG_TRY(Bytes der, sign_der(to_der(tbs, signer.algorithm()), signer.algorithm().to_der(), signer));
  return CertificateDer(std::move(der));
}

Result<CertificateRequestDer> sign(const TbsCertificateRequest& request, const crypto::Signer& signer) {
  Writer info;
  info.sequence([&](Writer& fields) {
    fields.small(0);
    fields.raw(request.subject.der());
    fields.raw(signer.public_key().to_spki());
    fields.set_of(request_attributes(request), asn1::context_constructed(0));
  });
  HUTONG_TRY(Bytes der, sign_der(info.view(), signer.algorithm().to_der(), signer));
  return CertificateRequestDer(std::move(der));
}

Result<OcspResponseDer> sign(const TbsOcspResponse& response, const crypto::Signer& signer) {
  const Bytes data = response_data(response);
  HUTONG_TRY(const Bytes signature, signer.sign(data));
  const Bytes basic = basic_response(response, data, signer.algorithm().to_der(), signature);
  Writer out;
  out.sequence([&basic](Writer& fields) {
    fields.small(static_cast<std::uint64_t>(OcspResponseStatus::kSuccessful), Tag::kEnumerated);
    fields.constructed(asn1::context_constructed(0), [&basic](Writer& wrapped) {
      wrapped.sequence([&basic](Writer& body) {
        body.oid(oids::kOcspBasic);
        body.octet_string(basic);
      });
    });
  });
  return OcspResponseDer(std::move(out).take());
}

OcspResponseDer ocsp_error(OcspResponseStatus status) {
  Writer out;
  out.sequence(
      [status](Writer& fields) { fields.small(static_cast<std::uint64_t>(status), Tag::kEnumerated); });
  return OcspResponseDer(std::move(out).take());
}

}  // namespace hutong::x509
