#include "kmc/service/key_service.h"

#include <algorithm>
#include <array>
#include <utility>

#include "audit/audit_log.h"
#include "base/encoding.h"
#include "crypto/sm3.h"
#include "kmc/service/request_desk.h"
#include "net/json.h"

namespace hutong::kmc {
namespace {

constexpr std::array<std::string_view, kServices> kServiceNames{
    "applied", "applied_again", "restored", "recovery_pending", "revoked", "error"};

Error stranger(std::string_view reason, std::string detail) {
  return {Errc::kUnauthorized, reason, std::move(detail)};
}

/// Another message with the same certificate was faster, or the database was busy: once more.
constexpr int kMostAttempts = 4;

}  // namespace

std::string_view to_string(Service service) { return kServiceNames.at(static_cast<std::size_t>(service)); }

KeyService::KeyService(storage::Database& database, const KeyMaker& maker, const RecoveryDesk& recovery,
                       const crypto::Signer& signer, const x509::Certificate& centre, const Clock& clock,
                       KeyServiceOptions options)
    : database_(&database),
      maker_(&maker),
      recovery_(&recovery),
      signer_(&signer),
      centre_(&centre),
      clock_(&clock),
      options_(options) {}

Result<Authority> KeyService::authority_of(ByteView tls_certificate) const {
  if (tls_certificate.empty()) {
    return stranger("key_service.client_certificate", "the key service needs a TLS client certificate");
  }
  const std::string fingerprint = to_hex(crypto::sm3(tls_certificate));
  HUTONG_TRY(storage::Reader reader, database_->read());
  HUTONG_TRY(auto authority, AuthorityRepository::find_by_tls(reader, fingerprint));
  if (!authority) {
    return stranger("key_service.authority_unknown", "no CA is registered with this TLS certificate");
  }
  if (authority->state != AuthorityState::kActive) {
    return stranger("key_service.authority_suspended", "this CA is suspended");
  }
  const Time now = clock_->now();
  if (now < authority->certificate.not_before() || now > authority->certificate.not_after()) {
    return stranger("key_service.authority_expired", "the certificate of this CA is not valid now");
  }
  return std::move(*authority);
}

Result<cms::KeyServiceRequest> KeyService::read(ByteView message, const Authority& authority) const {
  HUTONG_TRY(auto request, cms::read_key_service_request(message, authority.certificate));
  const auto distance = std::chrono::abs(request.at - clock_->now());
  if (distance > options_.window) {
    return stranger("key_service.time", "requestTime is too far from the time here");
  }
  return request;
}

Result<Bytes> KeyService::answer(ByteView message, ByteView tls_certificate) const {
  HUTONG_TRY(const Authority authority, authority_of(tls_certificate));
  const Time now = clock_->now();
  const auto request = read(message, authority);
  if (!request) {
    const audit::Event refused{.time = now,
                               .actor = {.subject = authority.certificate.subject().to_string(),
                                         .fingerprint = to_hex(authority.certificate.sm3())},
                               .action = "key_service.refused",
                               .object_kind = "authority",
                               .object_id = authority.id,
                               .outcome = audit::Outcome::kRefused,
                               .detail = net::to_text({{"reason", request.error().reason}})};
    HUTONG_CHECK(storage::in_transaction(
        *database_, [&](storage::Transaction& transaction) { return audit::append(transaction, refused); }));
    return request.error();
  }
  using Answers = std::vector<AnsweredRequest>;
  const auto answer_all = [&] {
    return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Result<Answers> {
      RequestDesk desk(transaction, *maker_, *recovery_, authority, now);
      HUTONG_TRY(auto answers, desk.answer(request->requests));
      std::vector<audit::Event> events;
      if (desk.made_on_demand()) {
        events.push_back(*desk.made_on_demand());
      }
      std::ranges::transform(answers, std::back_inserter(events), &AnsweredRequest::event);
      HUTONG_CHECK(audit::append(transaction, events));
      return answers;
    });
  };
  auto answers = answer_all();
  for (int attempt = 1; attempt < kMostAttempts && !answers && answers.error().code == Errc::kConflict;
       ++attempt) {
    answers = answer_all();
  }
  HUTONG_TRY(auto done, std::move(answers));
  cms::KeyServiceResponse response{
      .centre = cms::KeyServiceParty::of(*centre_), .responses = {}, .at = now, .task = request->task};
  for (AnsweredRequest& one : done) {
    ++counters_.at(static_cast<std::size_t>(one.service));
    response.responses.push_back(std::move(one.response));
  }
  return cms::sign_key_service(response, *signer_);
}

}  // namespace hutong::kmc
