#include "cmp/information.h"

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "asn1/writer.h"
#include "base/encoding.h"
#include "cmp/internal/fields.h"
#include "cmp/oids.h"

namespace hutong::cmp {
namespace {

using asn1::context_constructed;
using asn1::Reader;
using asn1::Tag;
using asn1::Writer;

/// SEQUENCE SIZE (1..MAX) OF something.
template <typename T>
Result<std::vector<T>> read_value_list(const TypedValue& value, Result<T> (*read_item)(Reader&)) {
  Reader outer(value.value);
  HUTONG_TRY(const Reader list, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  return internal::read_some(list, kMostTypedValues, read_item);
}

Result<std::string> read_profile(Reader& reader) {
  HUTONG_TRY(const ByteView content, reader.read(Tag::kUtf8String));
  if (!is_utf8(as_text(content))) {
    return Error{Errc::kMalformed, "cmp.text", "a profile's name that is not UTF-8"};
  }
  return std::string(as_text(content));
}

Result<std::optional<x509::CertificateDer>> read_optional_certificate(Reader& fields, std::uint8_t number) {
  HUTONG_TRY(auto wrapped, fields.enter_optional(context_constructed(number)));
  if (!wrapped) {
    return std::optional<x509::CertificateDer>();
  }
  HUTONG_TRY(auto certificate, internal::read_certificate(*wrapped));
  HUTONG_CHECK(wrapped->finish());
  return std::optional<x509::CertificateDer>(std::move(certificate));
}

/// CRLSource: dpn [0] DistributionPointName (its fullName [0]), issuer [1] GeneralNames, both explicit.
Status read_source(Reader& fields, CrlStatus& status) {
  const bool point = fields.next_is(context_constructed(0));
  status.source = point ? CrlStatus::Source::kDistributionPoint : CrlStatus::Source::kIssuer;
  HUTONG_TRY(Reader wrapped, fields.enter(context_constructed(point ? 0 : 1)));
  HUTONG_TRY(const Reader names, wrapped.enter(point ? context_constructed(0) : Tag::kSequence));
  HUTONG_CHECK(wrapped.finish());
  HUTONG_TRY(status.names, internal::read_some(names, kMostRequests, internal::read_party));
  return ok();
}

Result<CrlStatus> read_crl_status(Reader& reader) {
  HUTONG_TRY(Reader fields, reader.enter_sequence());
  CrlStatus status;
  HUTONG_CHECK(read_source(fields, status));
  if (!fields.at_end()) {
    HUTONG_TRY(const asn1::TimeValue time, fields.read_time());
    status.this_update = time.time;
  }
  HUTONG_CHECK(fields.finish());
  return status;
}

void write_crl_status(Writer& out, const CrlStatus& status) {
  const bool point = status.source == CrlStatus::Source::kDistributionPoint;
  out.sequence([&](Writer& fields) {
    fields.constructed(context_constructed(point ? 0 : 1), [&](Writer& wrapped) {
      wrapped.constructed(point ? context_constructed(0) : Tag::kSequence, [&](Writer& names) {
        for (const Party& name : status.names) {
          names.raw(name.der);
        }
      });
    });
    if (status.this_update) {
      fields.time(*status.this_update);
    }
  });
}

}  // namespace

TypedValue implicit_confirm() {
  Writer out;
  out.null();
  return {oids::kImplicitConfirm, std::move(out).take()};
}

bool asks_implicit_confirm(const Header& header) { return header.find(oids::kImplicitConfirm) != nullptr; }

TypedValue confirm_wait_time(Time until) {
  Writer out;
  out.generalized_time(until);
  return {oids::kConfirmWaitTime, std::move(out).take()};
}

TypedValue certificate_profile(const std::string& name) {
  Writer out;
  out.sequence([&name](Writer& list) { list.text(Tag::kUtf8String, name); });
  return {oids::kCertificateProfile, std::move(out).take()};
}

Result<std::string> certificate_profile(const Header& header) {
  const TypedValue* const value = header.find(oids::kCertificateProfile);
  if (value == nullptr) {
    return std::string();
  }
  HUTONG_TRY(auto names, read_value_list(*value, read_profile));
  if (names.size() != 1) {
    return Error{Errc::kPolicy, "cmp.template", "one profile for all certificates of a request"};
  }
  return std::move(names.front());
}

TypedValue certificates_value(const std::vector<x509::CertificateDer>& certificates) {
  Writer out;
  internal::write_certificates(out, certificates);
  return {oids::kCaCertificates, std::move(out).take()};
}

Result<std::vector<x509::CertificateDer>> read_certificates_value(const TypedValue& value) {
  return read_value_list(value, internal::read_certificate);
}

TypedValue crls_value(const std::vector<Bytes>& crls) {
  Writer out;
  out.sequence([&crls](Writer& list) {
    for (const Bytes& crl : crls) {
      list.raw(crl);
    }
  });
  return {oids::kCrls, std::move(out).take()};
}

Result<std::vector<Bytes>> read_crls_value(const TypedValue& value) {
  return read_value_list(value, internal::read_sequence_der);
}

TypedValue root_certificate(const x509::Certificate& root) {
  return {oids::kRootCertificate, to_bytes(root.der())};
}

Result<x509::Certificate> read_root_certificate(const TypedValue& value) {
  return x509::Certificate::parse(value.value);
}

TypedValue root_key_update(const RootKeyUpdate& update) {
  Writer out;
  out.sequence([&update](Writer& fields) {
    fields.raw(update.new_with_new.view());
    if (update.new_with_old) {
      fields.constructed(context_constructed(0),
                         [&](Writer& wrapped) { wrapped.raw(update.new_with_old->view()); });
    }
    if (update.old_with_new) {
      fields.constructed(context_constructed(1),
                         [&](Writer& wrapped) { wrapped.raw(update.old_with_new->view()); });
    }
  });
  return {oids::kRootKeyUpdate, std::move(out).take()};
}

Result<RootKeyUpdate> read_root_key_update(const TypedValue& value) {
  Reader outer(value.value);
  HUTONG_TRY(Reader fields, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  RootKeyUpdate update;
  HUTONG_TRY(update.new_with_new, internal::read_certificate(fields));
  HUTONG_TRY(update.new_with_old, read_optional_certificate(fields, 0));
  HUTONG_TRY(update.old_with_new, read_optional_certificate(fields, 1));
  HUTONG_CHECK(fields.finish());
  return update;
}

TypedValue crl_status_list(const std::vector<CrlStatus>& lists) {
  Writer out;
  out.sequence([&lists](Writer& list) {
    for (const CrlStatus& status : lists) {
      write_crl_status(list, status);
    }
  });
  return {oids::kCrlStatusList, std::move(out).take()};
}

Result<std::vector<CrlStatus>> read_crl_status_list(const TypedValue& value) {
  return read_value_list(value, read_crl_status);
}

TypedValue algorithms_value(const asn1::Oid& type, const std::vector<Bytes>& algorithms) {
  Writer out;
  out.sequence([&algorithms](Writer& list) {
    for (const Bytes& algorithm : algorithms) {
      list.raw(algorithm);
    }
  });
  return {type, std::move(out).take()};
}

}  // namespace hutong::cmp
