#include "tests/support/operator_client.h"

#include <stdexcept>
#include <utility>

#include "base/encoding.h"
#include "operators/canonical_text.h"
#include "operators/operator.h"

namespace hutong::test {
namespace {

using operators::CertificateStatus;

template <typename T>
T need(Result<T> result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().reason) + ": " + result.error().detail);
  }
  return std::move(result).value();
}

std::string base64_signature(const Carrier& carrier, std::string_view text) {
  return to_base64(need(carrier.key->sign(as_bytes(text))));
}

}  // namespace

CarrierIssuer::CarrierIssuer() : issuer_("操作员CA"), certificate_(self_signed(issuer_)) {}

Carrier CarrierIssuer::make(std::string_view common_name, Time from, Time until) {
  const Party holder(common_name, std::string(common_name) + std::to_string(next_serial_));
  return {holder.signer, issue(issuer_, holder, {.serial = next_serial_++, .from = from, .until = until})};
}

void CarrierIssuer::set_status(const Carrier& carrier, CertificateStatus status) {
  const std::lock_guard lock(mutex_);
  status_[operators::fingerprint_of(carrier.certificate)] = status;
}

operators::CertificateAuthority CarrierIssuer::authority() const {
  return {.anchors = [this] { return std::vector{need(x509::TrustAnchor::of(certificate_))}; },
          .status = [this](const x509::Certificate& certificate, Time /*now*/) -> Result<CertificateStatus> {
            const std::lock_guard lock(mutex_);
            const auto found = status_.find(operators::fingerprint_of(certificate));
            return found == status_.end() ? CertificateStatus::kGood : found->second;
          }};
}

RunningServer::RunningServer(const net::Router& router, net::ServerOptions options)
    : server_(need(net::Server::listen(options, router))), thread_([this] { server_->run(); }) {}

RunningServer::~RunningServer() {
  server_->stop();
  thread_.join();
}

std::string RunningServer::url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

OperatorClient::OperatorClient(const std::string& url, std::string audience, Carrier carrier,
                               const Clock& clock)
    : client_(need(net::Client::create(url))),
      audience_(std::move(audience)),
      carrier_(std::move(carrier)),
      clock_(&clock) {}

void OperatorClient::log_in() {
  const Answer answer = try_log_in();
  if (answer.status != 201) {
    throw std::runtime_error("login: " + answer.response.body);
  }
}

net::Json OperatorClient::login_body() {
  const Answer given = exchange({.method = net::Method::kPost, .target = "/api/v1/session/challenge"});
  const auto challenge = given.json.at("challenge").get<std::string>();
  const std::string text = to_text(
      operators::LoginText{.audience = audience_,
                           .challenge = challenge,
                           .issued_at = need(from_rfc3339(given.json.at("issued_at").get<std::string>()))});
  return {{"audience", audience_},
          {"certificate", to_base64(carrier_.certificate.der())},
          {"challenge", challenge},
          {"signature", base64_signature(carrier_, text)}};
}

Answer OperatorClient::try_log_in() {
  Answer answer = exchange(
      {.method = net::Method::kPost, .target = "/api/v1/session", .body = net::to_text(login_body())});
  if (answer.status == 201) {
    token_ = answer.json.at("token").get<std::string>();
    session_ = answer.json.at("session_id").get<std::string>();
    self_ = answer.json.at("operator");
  }
  return answer;
}

Answer OperatorClient::get(const std::string& target) const {
  return exchange(
      {.method = net::Method::kGet, .target = target, .headers = {{"Authorization", "Bearer " + token_}}});
}

Answer OperatorClient::post(const std::string& target, const net::Json& body) const {
  return exchange(signed_request(net::Method::kPost, target, net::to_text(body)));
}

Answer OperatorClient::put(const std::string& target, const net::Json& body) const {
  return exchange(signed_request(net::Method::kPut, target, net::to_text(body)));
}

Answer OperatorClient::remove(const std::string& target) const {
  return exchange(signed_request(net::Method::kDelete, target, ""));
}

Answer OperatorClient::send(net::Method method, const std::string& target, std::string body,
                            std::string_view content_type) const {
  return exchange(signed_request(method, target, std::move(body), content_type));
}

net::ClientRequest OperatorClient::signed_request(net::Method method, const std::string& target,
                                                  std::string body, std::string_view content_type) const {
  const std::string time = to_rfc3339(clock_->now());
  const std::string text = to_text(operators::ActionText{.method = net::to_string(method),
                                                         .target = target,
                                                         .body = as_bytes(body),
                                                         .time = time,
                                                         .session = session_});
  return {.method = method,
          .target = target,
          .headers = {{"Authorization", "Bearer " + token_},
                      {"Content-Type", std::string(content_type)},
                      {std::string(operators::kTimeField), time},
                      {std::string(operators::kSignatureField), base64_signature(carrier_, text)}},
          .body = std::move(body)};
}

Answer OperatorClient::exchange(const net::ClientRequest& request) const {
  Answer answer;
  answer.response = need(client_.send(request));
  answer.status = answer.response.status;
  answer.json = net::Json::parse(answer.response.body, nullptr, false);
  if (answer.status >= 400 && answer.json.is_object()) {
    answer.code = answer.json.value("code", "");
  }
  return answer;
}

}  // namespace hutong::test
