// What is read as a request, an info or a response is written and read again as the same; only the stamp of
// the seeds is judged valid.

#include "cms/timestamp.h"
#include "fuzz/cms_identities.h"
#include "fuzz/property.h"

namespace hutong::fuzz {
namespace {

void check_request(ByteView input) {
  const auto request = cms::TimestampRequest::from_der(input);
  if (!request) {
    return;
  }
  const Bytes der = request->to_der();
  const auto again = cms::TimestampRequest::from_der(der);
  require(again.has_value(), "a written request is read");
  require(again->imprint == request->imprint && again->nonce == request->nonce &&
              again->policy == request->policy && again->certificate_wanted == request->certificate_wanted,
          "a request survives writing");
  require(again->to_der() == der, "a request is written in one way");
}

void check_info(ByteView input) {
  const auto info = cms::TstInfo::from_der(input);
  if (!info) {
    return;
  }
  const Bytes der = info->to_der();
  const auto again = cms::TstInfo::from_der(der);
  require(again.has_value(), "a written info is read");
  require(again->time == info->time && again->microseconds == info->microseconds &&
              again->imprint == info->imprint && again->serial == info->serial,
          "an info survives writing");
  require(again->to_der() == der, "an info is written in one way");
}

void check_response(ByteView input) {
  const auto response = cms::TimestampResponse::from_der(input);
  if (!response) {
    return;
  }
  const auto again = cms::TimestampResponse::from_der(response->to_der());
  require(again.has_value(), "a written response is read");
  require(again->token == response->token && again->status == response->status &&
              again->failure == response->failure && again->status_text == response->status_text,
          "a response survives writing");
}

void check_judging(ByteView input) {
  const auto report = cms::verify_timestamp(input, {}, judgement().options);
  if (report.indication == x509::Indication::kValid) {
    require(report.info && report.info->imprint == cms::imprint_of(as_bytes("abc")),
            "only what was stamped is judged valid");
  }
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hutong::ByteView input(data, size);
  hutong::fuzz::check_request(input);
  hutong::fuzz::check_info(input);
  hutong::fuzz::check_response(input);
  hutong::fuzz::check_judging(input);
  return 0;
}
