#include "cmp/internal/body_format.h"
#include "cmp/internal/fields.h"

namespace hutong::cmp::internal {

using asn1::context_constructed;
using asn1::Tag;
using asn1::Writer;

namespace {

void write(Writer& out, const CertificateRequests& body) {
  out.sequence([&body](Writer& list) {
    for (const CertificateRequestMessage& request : body.requests) {
      write_request_message(list, request);
    }
  });
}

void write(Writer& out, const Pkcs10Request& body) { out.raw(body.der); }

void write_response(Writer& out, const CertificateResponse& response) {
  out.sequence([&response](Writer& fields) {
    write_signed(fields, response.id);
    write_status(fields, response.status);
    if (response.certificate) {
      fields.sequence([&response](Writer& pair) {
        pair.constructed(context_constructed(0),
                         [&](Writer& certificate) { certificate.raw(response.certificate->view()); });
        if (!response.private_key.empty()) {
          pair.constructed(context_constructed(0), [&](Writer& key) { key.raw(response.private_key); });
        }
      });
    }
    if (!response.response_info.empty()) {
      fields.octet_string(response.response_info);
    }
  });
}

void write(Writer& out, const CertificateResponses& body) {
  out.sequence([&body](Writer& fields) {
    if (!body.ca_certificates.empty()) {
      fields.constructed(context_constructed(1),
                         [&body](Writer& wrapped) { write_certificates(wrapped, body.ca_certificates); });
    }
    fields.sequence([&body](Writer& list) {
      for (const CertificateResponse& response : body.responses) {
        write_response(list, response);
      }
    });
  });
}

void write(Writer& out, const RevocationRequest& body) {
  out.sequence([&body](Writer& list) {
    for (const RevocationDetails& details : body.certificates) {
      list.sequence([&details](Writer& fields) {
        write_template(fields, details.certificate);
        if (!details.entry_extensions.empty()) {
          write_extensions(fields, Tag::kSequence, details.entry_extensions);
        }
      });
    }
  });
}

void write(Writer& out, const RevocationResponse& body) {
  out.sequence([&body](Writer& fields) {
    fields.sequence([&body](Writer& list) {
      for (const StatusInfo& status : body.statuses) {
        write_status(list, status);
      }
    });
    if (!body.certificates.empty()) {
      fields.constructed(context_constructed(0), [&body](Writer& wrapped) {
        wrapped.sequence([&body](Writer& list) {
          for (const CertificateId& certificate : body.certificates) {
            write_certificate_id(list, certificate);
          }
        });
      });
    }
    if (!body.crls.empty()) {
      fields.constructed(context_constructed(1), [&body](Writer& wrapped) {
        wrapped.sequence([&body](Writer& list) {
          for (const Bytes& crl : body.crls) {
            list.raw(crl);
          }
        });
      });
    }
  });
}

void write(Writer& out, const Confirm&) { out.null(); }

void write(Writer& out, const GeneralMessage& body) { write_typed_values(out, body.items); }

void write(Writer& out, const ErrorMessage& body) {
  out.sequence([&body](Writer& fields) {
    write_status(fields, body.status);
    if (body.code) {
      write_signed(fields, *body.code);
    }
    if (!body.details.empty()) {
      write_texts(fields, body.details);
    }
  });
}

void write(Writer& out, const CertificateConfirm& body) {
  out.sequence([&body](Writer& list) {
    for (const CertificateStatus& status : body.certificates) {
      list.sequence([&status](Writer& fields) {
        fields.octet_string(status.hash);
        write_signed(fields, status.id);
        if (status.status) {
          write_status(fields, *status.status);
        }
        if (!status.hash_algorithm.empty()) {
          fields.constructed(context_constructed(0),
                             [&status](Writer& wrapped) { wrapped.raw(status.hash_algorithm); });
        }
      });
    }
  });
}

void write(Writer& out, const PollRequest& body) {
  out.sequence([&body](Writer& list) {
    for (const std::int64_t id : body.ids) {
      list.sequence([id](Writer& fields) { write_signed(fields, id); });
    }
  });
}

void write(Writer& out, const PollResponse& body) {
  out.sequence([&body](Writer& list) {
    for (const PollAnswer& answer : body.answers) {
      list.sequence([&answer](Writer& fields) {
        write_signed(fields, answer.id);
        write_signed(fields, answer.check_after.count());
        if (!answer.reason.empty()) {
          write_texts(fields, answer.reason);
        }
      });
    }
  });
}

}  // namespace

void write_body(Writer& out, const Body& body) {
  out.constructed(context_constructed(static_cast<std::uint8_t>(type_of(body))), [&body](Writer& content) {
    std::visit([&content](const auto& alternative) { write(content, alternative); }, body);
  });
}

}  // namespace hutong::cmp::internal
