#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "asn1/reader.h"
#include "asn1/writer.h"
#include "base/bytes.h"
#include "base/result.h"
#include "cmp/certificate_request_message.h"
#include "cmp/status.h"
#include "x509/certificate.h"

/// The small structures that several messages share: reading and writing side by side.
namespace hutong::cmp::internal {

Error bad_structure(std::string detail);

/// The elements of a SEQUENCE OF whose content `list` reads; kLimit "cmp.too_many" above `most`.
template <typename T>
Result<std::vector<T>> read_list(asn1::Reader list, std::size_t most, Result<T> (*read_item)(asn1::Reader&)) {
  std::vector<T> items;
  while (!list.at_end()) {
    if (items.size() == most) {
      return Error{Errc::kLimit, "cmp.too_many", "more than " + std::to_string(most) + " elements"};
    }
    HUTONG_TRY(T item, read_item(list));
    items.push_back(std::move(item));
  }
  return items;
}
template <typename T>
Result<std::vector<T>> read_some(asn1::Reader list, std::size_t most, Result<T> (*read_item)(asn1::Reader&)) {
  HUTONG_TRY(auto items, read_list(list, most, read_item));
  if (items.empty()) {
    return bad_structure("an empty list");
  }
  return items;
}

/// An INTEGER of up to 64 bits with its sign: certReqId may be -1.
Result<std::int64_t> read_signed(asn1::Reader& reader);
void write_signed(asn1::Writer& out, std::int64_t value);

/// The whole element, which must be a SEQUENCE.
Result<Bytes> read_sequence_der(asn1::Reader& reader);
/// The content octets of an element that we hold as DER.
ByteView content_of(ByteView der);
Bytes with_tag(asn1::Tag tag, ByteView content);

/// PKIFreeText.
Result<std::vector<std::string>> read_texts(asn1::Reader& reader);
void write_texts(asn1::Writer& out, const std::vector<std::string>& texts);

Result<Party> read_party(asn1::Reader& reader);

Result<TypedValue> read_typed_value(asn1::Reader& reader);
void write_typed_values(asn1::Writer& out, const std::vector<TypedValue>& values);

Result<StatusInfo> read_status(asn1::Reader& reader);
void write_status(asn1::Writer& out, const StatusInfo& status);

Result<CertificateId> read_certificate_id(asn1::Reader& reader);
void write_certificate_id(asn1::Writer& out, const CertificateId& certificate);

Result<x509::CertificateDer> read_certificate(asn1::Reader& reader);
void write_certificates(asn1::Writer& out, const std::vector<x509::CertificateDer>& certificates);

/// Content of SEQUENCE OF Extension.
Result<std::vector<x509::ExtensionValue>> read_extensions(ByteView content);
void write_extensions(asn1::Writer& out, asn1::Tag tag, const std::vector<x509::ExtensionValue>& extensions);

Result<CertificateTemplateFields> read_template(asn1::Reader& reader);
void write_template(asn1::Writer& out, const CertificateTemplateFields& fields);

Result<CertificateRequestMessage> read_request_message(asn1::Reader& reader);
void write_request_message(asn1::Writer& out, const CertificateRequestMessage& message);

}  // namespace hutong::cmp::internal
