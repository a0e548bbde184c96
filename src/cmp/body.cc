#include "cmp/body.h"

#include <algorithm>

#include "asn1/oids.h"
#include "asn1/reader.h"
#include "asn1/writer.h"

namespace hutong::cmp {
namespace {

struct TypeName {
  BodyType type;
  std::string_view name;
};
constexpr TypeName kTypeNames[] = {
    {BodyType::kInitialRequest, "ir"},
    {BodyType::kInitialResponse, "ip"},
    {BodyType::kCertificationRequest, "cr"},
    {BodyType::kCertificationResponse, "cp"},
    {BodyType::kPkcs10Request, "p10cr"},
    {BodyType::kKeyUpdateRequest, "kur"},
    {BodyType::kKeyUpdateResponse, "kup"},
    {BodyType::kRevocationRequest, "rr"},
    {BodyType::kRevocationResponse, "rp"},
    {BodyType::kConfirm, "pkiconf"},
    {BodyType::kGeneralMessage, "genm"},
    {BodyType::kGeneralResponse, "genp"},
    {BodyType::kError, "error"},
    {BodyType::kCertificateConfirm, "certConf"},
    {BodyType::kPollRequest, "pollReq"},
    {BodyType::kPollResponse, "pollRep"},
};

struct TypeOf {
  BodyType operator()(const CertificateRequests& body) const { return body.kind; }
  BodyType operator()(const Pkcs10Request&) const { return BodyType::kPkcs10Request; }
  BodyType operator()(const CertificateResponses& body) const { return body.kind; }
  BodyType operator()(const RevocationRequest&) const { return BodyType::kRevocationRequest; }
  BodyType operator()(const RevocationResponse&) const { return BodyType::kRevocationResponse; }
  BodyType operator()(const Confirm&) const { return BodyType::kConfirm; }
  BodyType operator()(const GeneralMessage& body) const { return body.kind; }
  BodyType operator()(const ErrorMessage&) const { return BodyType::kError; }
  BodyType operator()(const CertificateConfirm&) const { return BodyType::kCertificateConfirm; }
  BodyType operator()(const PollRequest&) const { return BodyType::kPollRequest; }
  BodyType operator()(const PollResponse&) const { return BodyType::kPollResponse; }
};

}  // namespace

std::string_view to_string(BodyType type) {
  const auto* const found = std::ranges::find(kTypeNames, type, &TypeName::type);
  return found == std::end(kTypeNames) ? "?" : found->name;
}

BodyType type_of(const Body& body) { return std::visit(TypeOf{}, body); }

Result<x509::CrlReason> RevocationDetails::reason() const {
  const auto found = std::ranges::find(entry_extensions, asn1::oids::kReasonCode, &x509::ExtensionValue::oid);
  if (found == entry_extensions.end()) {
    return x509::CrlReason::kUnspecified;
  }
  asn1::Reader reader(found->value);
  HUTONG_TRY(const std::uint64_t number, reader.read_enumerated());
  HUTONG_CHECK(reader.finish());
  return x509::crl_reason_from(number);
}

RevocationDetails revocation_of(const x509::Certificate& certificate, x509::CrlReason reason) {
  RevocationDetails details;
  details.certificate.serial = certificate.serial();
  details.certificate.issuer = certificate.issuer();
  asn1::Writer value;
  value.small(static_cast<std::uint64_t>(reason), asn1::Tag::kEnumerated);
  details.entry_extensions.push_back({asn1::oids::kReasonCode, false, std::move(value).take()});
  return details;
}

}  // namespace hutong::cmp
