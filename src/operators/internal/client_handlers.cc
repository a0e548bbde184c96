#include "operators/internal/client_handlers.h"

#include <utility>

#include "net/router.h"
#include "operators/client_repository.h"
#include "operators/internal/operator_json.h"

namespace hutong::operators {

Result<ListClients::Output> ListClients::process(const Input& input, const Authorized& /*by*/) const {
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(auto found, ClientRepository::list(reader, input.cursor, input.limit + 1));
  std::string next = cut_page(found, input.limit);
  return Output{.items = std::move(found), .next = std::move(next)};
}

net::Response ListClients::render(const Output& output) {
  net::Json json = {{"items", net::Json::array()}};
  for (const ApiClient& client : output.items) {
    json["items"].push_back(to_json(client));
  }
  if (!output.next.empty()) {
    json["next"] = output.next;
  }
  return net::json_response(json);
}

Result<AddClient::Input> AddClient::parse(const net::Request& request) {
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"display_name", "rights", "certificate"}));
  Input input;
  HUTONG_TRY(input.display_name, body.text("display_name"));
  HUTONG_TRY(const auto rights, body.optional_texts("rights"));
  if (rights) {
    input.rights = RightSet(rights->begin(), rights->end());
  }
  HUTONG_TRY(const auto certificate, body.optional_text("certificate"));
  if (certificate) {
    HUTONG_TRY(input.certificate, body.octets("certificate"));
  }
  return input;
}

Result<AddClient::Output> AddClient::process(const Input& input, const Authorized& by) const {
  return registry_->add(by, input);
}

net::Response AddClient::render(const Output& output) {
  net::Json json = to_json(output.client);
  if (!output.key.empty()) {
    json["key"] = output.key;
  }
  net::Response response = net::json_response(json, 201);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Result<ChangeClient::Input> ChangeClient::parse(const net::Request& request) {
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"version", "display_name", "rights"}));
  Input input{.id = request.parameters.at("id")};
  HUTONG_TRY(input.version, body.integer("version"));
  HUTONG_TRY(input.display_name, body.optional_text("display_name"));
  HUTONG_TRY(const auto rights, body.optional_texts("rights"));
  if (rights) {
    input.rights = RightSet(rights->begin(), rights->end());
  }
  return input;
}

Result<ChangeClient::Output> ChangeClient::process(const Input& input, const Authorized& by) const {
  return registry_->change(by, input);
}

net::Response ChangeClient::render(const Output& output) { return net::json_response(to_json(output)); }

Result<RetireClient::Input> RetireClient::parse(const net::Request& request) {
  HUTONG_TRY(const auto body, JsonBody::parse(request, {"version"}));
  HUTONG_TRY(const auto version, body.integer("version"));
  return Input{.id = request.parameters.at("id"), .version = version, .state = State::kRetired};
}

Result<RetireClient::Output> RetireClient::process(const Input& input, const Authorized& by) const {
  return registry_->change(by, input);
}

}  // namespace hutong::operators
