#include "ca/registration/certificate_handlers.h"

#include <array>
#include <string>
#include <utility>

#include "ca/registration/json_fields.h"
#include "ca/registration/order_json.h"
#include "ca/rights.h"

namespace hutong::ca::registration {
namespace {

using net::Json;
using net::Request;
using net::Response;

constexpr std::array kCertificateStates{CertificateState::kValid, CertificateState::kSuspended,
                                        CertificateState::kRevoked};

Result<CertificateFilter> filter_of(const Request& request, const PersonalSeal& seal) {
  CertificateFilter filter{.subject_part = query_text(request, "subject"),
                           .template_id = query_text(request, "template"),
                           .after = query_text(request, "cursor")};
  if (const std::string number = query_text(request, "number"); !number.empty()) {
    filter.holder = Applicant{.name = {}, .number = number}.is_person() ? seal.blind(number) : number;
  }
  if (const std::string text = query_text(request, "state"); !text.empty()) {
    for (const CertificateState state : kCertificateStates) {
      filter.state = to_string(state) == text ? std::optional(state) : filter.state;
    }
    HUTONG_CHECK(filter.state ? ok() : Status(wrong_field("state")));
  }
  if (const std::string text = query_text(request, "ends_before"); !text.empty()) {
    HUTONG_TRY(filter.ends_before, from_rfc3339(text));
  }
  HUTONG_TRY(filter.limit, limit_of(request));
  return filter;
}

Result<Response> list(const RegistrationSystem& system, const Request& request) {
  HUTONG_TRY(const auto filter, filter_of(request, system.seal()));
  HUTONG_TRY(auto reader, system.database().read());
  HUTONG_TRY(const auto records, CertificateRepository::search(reader, filter));
  Json items = Json::array();
  for (const CertificateRecord& record : records) {
    items.push_back(to_json(record));
  }
  Json json{{"items", std::move(items)}};
  if (records.size() == filter.limit) {
    json["next"] = records.back().serial.to_hex();
  }
  return net::json_response(json);
}

Result<Response> show(const RegistrationSystem& system, const Request& request) {
  const auto serial = x509::Serial::from_hex(request.parameters.at("serial"));
  if (!serial) {
    return wrong_field("serial");
  }
  HUTONG_TRY(auto reader, system.database().read());
  HUTONG_TRY(const auto record, CertificateRepository::find(reader, serial.value()));
  return net::json_response(to_json(record, WithDer::kYes));
}

}  // namespace

void add_certificate_routes(net::Router& router, const RegistrationSystem& system,
                            const operators::Guard& guard) {
  using Answer = Result<Response> (*)(const RegistrationSystem&, const Request&);
  const auto add = [&](std::string pattern, Answer answer) {
    router.add({.pattern = std::move(pattern),
                .handler = [&system, &guard, answer](const Request& request) -> Result<Response> {
                  HUTONG_CHECK(guard.authorize(request, right::kQueryCertificates));
                  return answer(system, request);
                }});
  };
  add("/api/v1/certificates", &list);
  add("/api/v1/certificates/{serial}", &show);
}

}  // namespace hutong::ca::registration
