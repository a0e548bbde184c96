#include "operators/internal/operator_handlers.h"

#include <optional>
#include <utility>

#include "net/router.h"
#include "operators/internal/json_body.h"
#include "operators/internal/operator_json.h"

namespace hutong::operators {
namespace {

Result<Role> required_role(std::string_view text) {
  const auto role = role_from(text);
  if (!role) {
    return Error{Errc::kMalformed, "operator.role", "no such role: " + std::string(text)};
  }
  return *role;
}

Result<std::optional<State>> optional_state(std::string_view text) {
  for (const State state : {State::kActive, State::kRetired}) {
    if (to_string(state) == text) {
      return std::optional(state);
    }
  }
  if (!text.empty()) {
    return Error{Errc::kMalformed, "request.choice", "state is \"active\" or \"retired\""};
  }
  return std::optional<State>();
}

Result<std::optional<RightSet>> optional_rights(const JsonBody& body) {
  HUTONG_TRY(const auto codes, body.optional_texts("rights"));
  return codes ? std::optional(RightSet(codes->begin(), codes->end())) : std::nullopt;
}

Result<x509::Certificate> certificate_of(const JsonBody& body) {
  HUTONG_TRY(auto der, body.octets("certificate"));
  return x509::Certificate::parse(std::move(der));
}

}  // namespace

net::Response render_operator(const ShownOperator& shown, int status) {
  return net::json_response(to_json(shown.one, *shown.catalogue), status);
}

Result<ListRights::Input> ListRights::parse(const net::Request& /*request*/) { return Input{}; }

Result<ListRights::Output> ListRights::process(const Input& /*input*/, const Authorized& /*by*/) const {
  return catalogue_;
}

net::Response ListRights::render(const Output& output) {
  net::Json items = net::Json::array();
  for (const Right& right : output->all()) {
    items.push_back(to_json(right));
  }
  return net::json_response({{"items", std::move(items)}});
}

Result<ListOperators::Input> ListOperators::parse(const net::Request& request) {
  HUTONG_TRY(const auto page, page_request(request));
  Input input{.after = page.cursor, .limit = page.limit};
  if (const auto role = query_text(request, "role"); !role.empty()) {
    HUTONG_TRY(input.role, required_role(role));
  }
  HUTONG_TRY(input.state, optional_state(query_text(request, "state")));
  return input;
}

Result<ListOperators::Output> ListOperators::process(const Input& input, const Authorized& /*by*/) const {
  HUTONG_TRY(auto reader, database_->read());
  OperatorFilter filter = input;
  ++filter.limit;
  HUTONG_TRY(auto found, OperatorRepository::search(reader, filter));
  std::string next = cut_page(found, input.limit);
  return Output{.items = std::move(found), .next = std::move(next), .catalogue = catalogue_};
}

net::Response ListOperators::render(const Output& output) {
  net::Json json = {{"items", net::Json::array()}};
  for (const Operator& one : output.items) {
    json["items"].push_back(to_json(one, *output.catalogue));
  }
  if (!output.next.empty()) {
    json["next"] = output.next;
  }
  return net::json_response(json);
}

Result<ShowOperator::Input> ShowOperator::parse(const net::Request& request) {
  return Input{.id = request.parameters.at("id")};
}

Result<ShowOperator::Output> ShowOperator::process(const Input& input, const Authorized& /*by*/) const {
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(auto found, OperatorRepository::find(reader, input.id));
  return Output{.one = std::move(found), .catalogue = catalogue_};
}

Result<AddOperator::Input> AddOperator::parse(const net::Request& request) {
  HUTONG_TRY(const auto body,
             JsonBody::parse(request, {"display_name", "role", "rights", "region", "certificate"}));
  HUTONG_TRY(auto display_name, body.text("display_name"));
  HUTONG_TRY(const auto role_text, body.text("role"));
  HUTONG_TRY(const Role role, required_role(role_text));
  HUTONG_TRY(auto rights, optional_rights(body));
  HUTONG_TRY(auto region, body.optional_text("region"));
  HUTONG_TRY(auto certificate, certificate_of(body));
  return Input{.display_name = std::move(display_name),
               .role = role,
               .rights = std::move(rights).value_or(RightSet{}),
               .region = std::move(region).value_or(""),
               .certificate = std::move(certificate)};
}

Result<AddOperator::Output> AddOperator::process(const Input& input, const Authorized& by) const {
  HUTONG_TRY(auto added, registry_->add(by, input));
  return Output{.one = std::move(added), .catalogue = catalogue_};
}

net::Response AddOperator::render(const Output& output) { return render_operator(output, 201); }

Result<ChangeOperator::Input> ChangeOperator::parse(const net::Request& request) {
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"version", "display_name", "rights", "region"}));
  Input input{.id = request.parameters.at("id")};
  HUTONG_TRY(input.version, body.integer("version"));
  HUTONG_TRY(input.display_name, body.optional_text("display_name"));
  HUTONG_TRY(input.rights, optional_rights(body));
  HUTONG_TRY(input.region, body.optional_text("region"));
  return input;
}

Result<ChangeOperator::Output> ChangeOperator::process(const Input& input, const Authorized& by) const {
  HUTONG_TRY(auto changed, registry_->change(by, input));
  return Output{.one = std::move(changed), .catalogue = catalogue_};
}

Result<ReplaceCertificate::Input> ReplaceCertificate::parse(const net::Request& request) {
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"version", "certificate"}));
  HUTONG_TRY(const auto version, body.integer("version"));
  HUTONG_TRY(auto certificate, certificate_of(body));
  return Input{.id = request.parameters.at("id"), .version = version, .certificate = std::move(certificate)};
}

Result<ReplaceCertificate::Output> ReplaceCertificate::process(const Input& input,
                                                               const Authorized& by) const {
  HUTONG_TRY(auto changed, registry_->replace_certificate(by, input.id, input.version, input.certificate));
  return Output{.one = std::move(changed), .catalogue = catalogue_};
}

Result<RetireOperator::Input> RetireOperator::parse(const net::Request& request) {
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"version"}));
  HUTONG_TRY(const auto version, body.integer("version"));
  return Input{.id = request.parameters.at("id"), .version = version};
}

Result<RetireOperator::Output> RetireOperator::process(const Input& input, const Authorized& by) const {
  HUTONG_TRY(auto retired, registry_->retire(by, input.id, input.version));
  return Output{.one = std::move(retired), .catalogue = catalogue_};
}

}  // namespace hutong::operators
