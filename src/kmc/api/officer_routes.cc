#include "kmc/api/officer_routes.h"

#include <chrono>
#include <utility>

#include "base/encoding.h"
#include "kmc/recovery/judicial_officer.h"
#include "kmc/rights.h"
#include "net/json_body.h"
#include "net/ulid.h"

namespace hutong::kmc {
namespace {

using net::Json;
using net::JsonBody;
using net::Method;
using net::Request;
using net::Response;
using operators::Authorized;
using storage::Reader;
using storage::Transaction;

constexpr std::size_t kMostOfficerName = 100;
constexpr std::size_t kMostOrganisation = 200;

Json to_json(const JudicialOfficer& officer) {
  return {{"id", officer.id},
          {"name", officer.name},
          {"organisation", officer.organisation},
          {"subject", officer.certificate.subject().to_string()},
          {"state", officer.state == OfficerState::kActive ? "active" : "retired"},
          {"created_at", to_rfc3339(officer.created_at)}};
}

Result<JudicialOfficer> parse(const Request& request, Time now) {
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"name", "organisation", "certificate"}));
  HUTONG_TRY(const auto name, body.text("name"));
  HUTONG_CHECK(check_text(name, "name", kMostOfficerName));
  HUTONG_TRY(const auto organisation, body.text("organisation"));
  HUTONG_CHECK(check_text(organisation, "organisation", kMostOrganisation));
  HUTONG_TRY(const Bytes der, body.octets("certificate"));
  HUTONG_TRY(auto certificate, certificate_from(der));
  const auto& key = certificate.public_key();
  if (!key || key->sm2() == nullptr || now > certificate.not_after()) {
    return Error{Errc::kPolicy, "judicial.certificate", "the certificate must have an SM2 key and be valid"};
  }
  return JudicialOfficer{.id = net::make_ulid(std::chrono::system_clock::now(), crypto::system_random()),
                         .name = name,
                         .organisation = organisation,
                         .certificate = std::move(certificate),
                         .created_at = now};
}

}  // namespace

Result<Response> OfficerRoutes::list() const {
  HUTONG_TRY(Reader reader, centre_->database().read());
  HUTONG_TRY(const auto officers, OfficerRepository::all(reader));
  Json items = Json::array();
  for (const JudicialOfficer& officer : officers) {
    items.push_back(to_json(officer));
  }
  return net::json_response({{"items", std::move(items)}});
}

Result<Response> OfficerRoutes::add(const Request& request, const Authorized& by) const {
  const Time now = centre_->clock().now();
  HUTONG_TRY(const JudicialOfficer officer, parse(request, now));
  HUTONG_CHECK(operators::audited_change(
      centre_->database(), by, "judicial.added", now,
      [&](Transaction& transaction, audit::Event& event) -> Status {
        event.object_kind = "judicial_officer";
        event.object_id = officer.id;
        event.detail = net::to_text({{"certificate", to_hex(officer.certificate.sm3())}});
        return OfficerRepository::insert(transaction, officer);
      }));
  return net::json_response(to_json(officer), 201);
}

Result<Response> OfficerRoutes::retire(const Request& request, const Authorized& by) const {
  const std::string& id = request.parameters.at("id");
  HUTONG_TRY(const JudicialOfficer officer,
             operators::audited_change(
                 centre_->database(), by, "judicial.retired", centre_->clock().now(),
                 [&](Transaction& transaction, audit::Event& event) -> Result<JudicialOfficer> {
                   event.object_kind = "judicial_officer";
                   event.object_id = id;
                   HUTONG_CHECK(OfficerRepository::find(transaction, id));
                   HUTONG_CHECK(OfficerRepository::retire(transaction, id));
                   return OfficerRepository::find(transaction, id);
                 }));
  return net::json_response(to_json(officer));
}

void OfficerRoutes::add_to(const GuardedRoutes& routes) const {
  routes.get("/api/v1/judicial-officers", kReadRecoveries,
             [self = *this](const Request&, const Authorized&) { return self.list(); });
  routes.change(
      Method::kPost, "/api/v1/judicial-officers", kManageOfficers,
      [self = *this](const Request& request, const Authorized& by) { return self.add(request, by); });
  routes.change(
      Method::kPost, "/api/v1/judicial-officers/{id}/retirement", kManageOfficers,
      [self = *this](const Request& request, const Authorized& by) { return self.retire(request, by); });
}

}  // namespace hutong::kmc
