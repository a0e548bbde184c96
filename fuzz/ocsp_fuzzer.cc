// A request that is read, written again, is read as the same request; a response that is read has a body
// exactly when it says success; paths of GET requests go there and back.

#include "fuzz/property.h"
#include "x509/ocsp.h"

namespace hutong::fuzz {
namespace {

void check(const x509::OcspRequest& request) {
  const auto again = x509::OcspRequest::parse(request.to_der());
  require(again && again->certificates == request.certificates && again->nonce == request.nonce,
          "a request survives writing");
  require(!request.certificates.empty(), "a request asks for something");
}

void check(const x509::OcspResponse& response) {
  const bool success = response.status() == x509::OcspResponseStatus::kSuccessful;
  require(success == !response.tbs().empty(), "success has a body");
  const auto again = x509::OcspResponse::parse(response.der());
  require(again && again->responses().size() == response.responses().size() &&
              again->quirks() == response.quirks(),
          "it is read again the same");
  for (const x509::OcspSingleResponse& single : response.responses()) {
    const bool revoked = single.status == x509::OcspCertStatus::kRevoked;
    require(revoked == single.revoked_at.has_value(), "revoked has a time");
  }
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const ByteView input(data, size);
  if (const auto request = x509::OcspRequest::parse(input); request) {
    fuzz::check(*request);
  }
  if (const auto response = x509::OcspResponse::parse(input); response) {
    fuzz::check(*response);
  }
  const auto back = x509::from_ocsp_get_path(x509::ocsp_get_path(input));
  fuzz::require(back && equal(*back, input), "a GET path goes there and back");
  static_cast<void>(x509::from_ocsp_get_path(as_text(input)).has_value());
  return 0;
}
