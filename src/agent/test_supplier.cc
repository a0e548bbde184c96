#include "agent/test_supplier.h"

#include <stdexcept>

#include "base/encoding.h"
#include "base/time.h"
#include "cms/enveloped_key.h"
#include "x509/certificate_request.h"

namespace hutong::agent::test {
namespace {

demonstration::Validity around_now() {
  const Time now = SystemClock().now();
  return {.from = now - std::chrono::hours(1), .until = now + std::chrono::days(90)};
}

Json must(Json answer) {
  if (answer.contains("problem")) {
    throw std::runtime_error(answer.dump());
  }
  return answer;
}

}  // namespace

Json Supplier::application() { return {{"token", "software-token/supplier"}, {"application", "HUTONG"}}; }

Json Supplier::at(const std::string& container, const Json& more) {
  Json params = application();
  params["container"] = container;
  params.update(more);
  return params;
}

void Supplier::log_in(const RunningAgent& agent, Page& page) {
  agent.answer_with({kPin});
  must(page.call("login", application(), kPurpose));
}

Supplier::Supplier(const RunningAgent& agent, Page& page, const std::string& container)
    : validity_(around_now()),
      ca_(demonstration::Authority::root({.organization = "o", .common_name = "root"}, validity_,
                                         "http://127.0.0.1/root.crl")
              .value()) {
  log_in(agent, page);
  must(page.call("keys.generate", at(container), kPurpose));
  request_ = *from_base64(
      must(page.call("request.create", at(container, {{"subject", "CN=供应商,O=某公司,C=CN"}}), kPurpose))
          .at("request")
          .get<std::string>());
  const auto key = x509::CertificateRequest::parse(request_).value().public_key().value();
  const auto pair = crypto::Sm2PrivateKey::generate();
  signing_ = to_base64(certify(key, x509::KeyUsageBit::kDigitalSignature));
  encryption_ = to_base64(certify(crypto::PublicKey(pair.public_key()), x509::KeyUsageBit::kKeyEncipherment));
  must(page.call("certificates.import", at(container, {{"signature", signing_}}), kPurpose));
  const Bytes enveloped = cms::wrap_key_pair(pair, *key.sm2()).value();
  must(page.call("keys.import",
                 at(container, {{"enveloped_key", to_base64(enveloped)}, {"certificate", encryption_}}),
                 kPurpose));
}

Bytes Supplier::certify(const crypto::PublicKey& key, x509::KeyUsageBit usage) const {
  const auto draft = ca_.draft({.subject = {.organization = "某公司", .common_name = "供应商"},
                                .validity = validity_,
                                .extensions = {x509::extension::key_usage({usage})}},
                               key);
  const auto certificate = x509::sign(draft, ca_.key()).value();
  return to_bytes(certificate.view());
}

}  // namespace hutong::agent::test
