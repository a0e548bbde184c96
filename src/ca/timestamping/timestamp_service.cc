#include "ca/timestamping/timestamp_service.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "asn1/oids.h"
#include "audit/audit_log.h"
#include "ca/signing/issuer.h"
#include "ca/timestamping/timestamp_repository.h"
#include "crypto/sm3.h"
#include "net/json.h"
#include "x509/extension_builder.h"

namespace hutong::ca {
namespace {

using cms::TimestampFailure;
using cms::TimestampResponse;
using cms::TimestampStatus;
using storage::Moment;

constexpr std::size_t kMostRequestOctets = 65'536;
constexpr std::string_view kQueryType = "application/timestamp-query";
constexpr std::string_view kReplyType = "application/timestamp-reply";

bool is_for_time_stamps_alone(const x509::Certificate& certificate) {
  const auto& extensions = certificate.extensions();
  return extensions.extended_key_usage && extensions.extended_key_usage->purposes.size() == 1 &&
         extensions.extended_key_usage->has(asn1::oids::kTimeStamping) &&
         extensions.is_critical(asn1::oids::kExtendedKeyUsage);
}

TimestampResponse rejection(TimestampFailure failure, std::string text) {
  return {.status = TimestampStatus::kRejection,
          .status_text = {std::move(text)},
          .failure = failure,
          .token = {}};
}

/// What reading the request said, as the norm names it.
TimestampResponse unreadable(const Error& error) {
  return error.code == Errc::kPolicy ? rejection(TimestampFailure::kBadAlg, error.detail)
                                     : rejection(TimestampFailure::kBadDataFormat, error.detail);
}

audit::Event event_of(std::string action, std::string object, audit::Outcome outcome, const net::Json& detail,
                      Time now) {
  return {.time = now,
          .actor = {},
          .action = std::move(action),
          .object_kind = "timestamp",
          .object_id = std::move(object),
          .outcome = outcome,
          .detail = net::to_text(detail)};
}

}  // namespace

Result<std::unique_ptr<TimestampService>> TimestampService::create(storage::Database& database, Signer signer,
                                                                   TimestampOptions options) {
  if (!is_for_time_stamps_alone(signer.certificate)) {
    return Error{Errc::kPolicy, "timestamp.certificate",
                 "a time-stamping certificate has one extended key usage, timeStamping, and it is critical"};
  }
  if (options.policies.empty()) {
    return Error{Errc::kPolicy, "timestamp.options", "a time-stamping authority needs a policy"};
  }
  return std::unique_ptr<TimestampService>(
      new TimestampService(database, std::move(signer), std::move(options)));
}

TimestampResponse TimestampService::answer(ByteView request_der, std::string_view asker, Time now) const {
  const auto request = cms::TimestampRequest::from_der(request_der);
  if (!request) {
    return unreadable(request.error());  // not audited: nobody asked for anything
  }
  if (const auto objection = objection_to(*request, now)) {
    return refuse(*objection, asker, now);
  }
  return stamp(*request, asker, now);
}

std::optional<TimestampService::Refusal> TimestampService::objection_to(const cms::TimestampRequest& request,
                                                                        Time now) const {
  if (std::ranges::find(options_.digests, request.imprint.algorithm) == options_.digests.end()) {
    return Refusal{TimestampFailure::kBadAlg,
                   std::string(crypto::digest_name(request.imprint.algorithm)) + " is not accepted"};
  }
  if (request.policy && std::ranges::find(options_.policies, *request.policy) == options_.policies.end()) {
    return Refusal{TimestampFailure::kUnacceptedPolicy,
                   "policy " + request.policy->to_string() + " is not offered"};
  }
  if (!request.extensions.empty()) {
    return Refusal{TimestampFailure::kUnacceptedExtension,
                   "extension " + request.extensions.front().to_string() + " is not known"};
  }
  if (now < signer_.certificate.not_before() || now > signer_.certificate.not_after()) {
    return Refusal{TimestampFailure::kSystemFailure, "the certificate of this authority is not valid now"};
  }
  return std::nullopt;
}

Result<std::optional<Moment>> TimestampService::time_for_stamp(Time now) const {
  {
    HUTONG_TRY(auto reader, database_->read());
    HUTONG_TRY(const auto latest, TimestampRepository::latest(reader));
    if (latest && now < std::chrono::floor<std::chrono::seconds>(*latest)) {
      return std::optional<Moment>();
    }
  }
  if (options_.ordering == TimestampOptions::Ordering::kByAccuracy) {
    return std::optional<Moment>(now);
  }
  return storage::in_transaction(
      *database_, [&](storage::Transaction& transaction) -> Result<std::optional<Moment>> {
        HUTONG_TRY(const Moment drawn, TimestampRepository::draw_next(transaction, now));
        return std::optional<Moment>(drawn);
      });
}

cms::TstInfo TimestampService::info_for(const cms::TimestampRequest& request, Moment time) const {
  const Time second = std::chrono::floor<std::chrono::seconds>(time);
  cms::TstInfo info;
  info.policy = request.policy.value_or(options_.policies.front());
  info.imprint = request.imprint;
  info.serial = fresh_serial();
  info.time = second;
  info.microseconds = static_cast<std::uint32_t>((time - second).count());
  info.accuracy = cms::Accuracy{.seconds = static_cast<std::uint32_t>(options_.accuracy.count()),
                                .millis = std::nullopt,
                                .micros = std::nullopt};
  info.ordering = options_.ordering == TimestampOptions::Ordering::kByTime;
  info.nonce = request.nonce;
  info.authority = x509::directory_name(signer_.certificate.subject());
  return info;
}

Status TimestampService::record(const cms::TstInfo& info, Moment time, ByteView token, std::string_view asker,
                                Time now) const {
  const auto token_sm3 = crypto::sm3(token);
  const TimestampRecord record{.serial = info.serial,
                               .time = time,
                               .policy = info.policy.to_string(),
                               .digest = std::string(crypto::digest_name(info.imprint.algorithm)),
                               .imprint = info.imprint.digest,
                               .token_sm3 = Bytes(token_sm3.begin(), token_sm3.end())};
  const auto event = event_of("timestamp.given", info.serial.to_hex(), audit::Outcome::kDone,
                              {{"policy", record.policy}, {"digest", record.digest}, {"asker", asker}}, now);
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    HUTONG_CHECK(TimestampRepository::insert(transaction, record));
    return audit::append(transaction, event);
  });
}

TimestampResponse TimestampService::refuse(const Refusal& refusal, std::string_view asker, Time now) const {
  const auto event =
      event_of("timestamp.refused", {}, audit::Outcome::kRefused,
               {{"failure", cms::to_string(refusal.failure)}, {"text", refusal.text}, {"asker", asker}}, now);
  const Status recorded = storage::in_transaction(
      *database_, [&](storage::Transaction& transaction) { return audit::append(transaction, event); });
  return recorded ? rejection(refusal.failure, refusal.text)
                  : rejection(TimestampFailure::kSystemFailure, "the audit log cannot be written");
}

TimestampResponse TimestampService::stamp(const cms::TimestampRequest& request, std::string_view asker,
                                          Time now) const {
  const auto time = time_for_stamp(now);
  if (!time) {
    return rejection(TimestampFailure::kSystemFailure, "the records cannot be read");
  }
  if (!*time) {
    return refuse({TimestampFailure::kTimeNotAvailable, "the clock stands before the latest time stamp"},
                  asker, now);
  }
  const cms::TstInfo info = info_for(request, **time);
  const bool is_sm2 = signer_.key->algorithm().scheme == crypto::SignatureScheme::kSm2;
  auto token = cms::make_token(
      info,
      {.key = *signer_.key,
       .certificate = signer_.certificate,
       .form = is_sm2 ? cms::MessageForm::kGm : cms::MessageForm::kRfc},
      request.certificate_wanted ? cms::TokenCertificate::kIncluded : cms::TokenCertificate::kLeftOut);
  if (!token) {
    return refuse({TimestampFailure::kSystemFailure, "the key of this authority cannot sign"}, asker, now);
  }
  if (const Status recorded = record(info, **time, *token, asker, now); !recorded) {
    return rejection(TimestampFailure::kSystemFailure, "the stamp cannot be recorded");
  }
  return {.status = TimestampStatus::kGranted,
          .status_text = {},
          .failure = std::nullopt,
          .token = std::move(*token)};
}

void add_timestamp_route(net::Router& router, const TimestampService& service, const Clock& clock,
                         std::string path) {
  router.add({.method = net::Method::kPost,
              .pattern = std::move(path),
              .weight = net::Weight::kHeavy,
              .body_limit = kMostRequestOctets,
              .handler = [&service, &clock](const net::Request& request) -> Result<net::Response> {
                const auto type =
                    net::parse_media_type(request.headers.find("content-type").value_or("")).type;
                if (type != kQueryType) {
                  return Error{Errc::kMalformed, "http.content_type",
                               "the body must be application/timestamp-query (RFC 3161 3.4)"};
                }
                const Bytes reply = service.answer(request.body, request.remote, clock.now()).to_der();
                return net::Response{.content_type = std::string(kReplyType),
                                     .body = std::string(as_text(reply)),
                                     .headers = {{"Cache-Control", "no-store"}}};
              }});
}

}  // namespace hutong::ca
