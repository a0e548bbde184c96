#include "ca/publishing/ocsp_responder.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include "net/http.h"

namespace hutong::ca {
namespace {

using x509::OcspCertStatus;
using x509::OcspResponseStatus;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kForgottenAtOnce = 256;
constexpr std::size_t kRenewedAtOnce = 128;
constexpr std::chrono::seconds kRenewing{1};  ///< then the changes are looked at again

OcspAnswer error_answer(OcspResponseStatus status) {
  const auto der = x509::ocsp_error(status);
  return {.der = std::make_shared<const Bytes>(der.view().begin(), der.view().end())};
}

/// What may be kept: one certificate, and nothing in the request that an answer must take up.
bool is_common(const x509::OcspRequest& request) {
  return request.certificates.size() == 1 && !request.nonce && !request.has_unknown_critical_extension;
}

std::string key_of(const x509::OcspRequest& request) {
  return std::string(as_text(request.certificates.front().to_der()));
}

OcspCertStatus status_from(CertificateState state) {
  return state == CertificateState::kValid ? OcspCertStatus::kGood : OcspCertStatus::kRevoked;
}

}  // namespace

OcspResponder::OcspResponder(storage::Database& database, const SigningSystem& signing, Delegates delegates,
                             const OcspOptions& options)
    : database_(&database),
      signing_(&signing),
      delegates_(std::move(delegates)),
      options_(options),
      memory_(options) {}

const std::string* OcspResponder::authority_of(const x509::OcspCertId& id) const {
  for (const auto& [authority, issuer] : signing_->issuers()) {
    if (id.names_issuer(issuer->certificate().subject(), issuer->certificate().key_octets())) {
      return &authority;
    }
  }
  return nullptr;
}

x509::OcspSingleResponse OcspResponder::single_response(const std::optional<StatusRecord>& record,
                                                        const x509::OcspCertId& id, Time now) const {
  x509::OcspSingleResponse answer;
  answer.certificate = id;
  answer.this_update = now;
  answer.next_update = now + options_.validity;
  if (record) {
    answer.status = status_from(record->state);
    if (answer.status == OcspCertStatus::kRevoked) {
      answer.revoked_at = record->changed_at;
      answer.reason =
          record->state == CertificateState::kSuspended ? x509::CrlReason::kCertificateHold : record->reason;
    }
  }
  return answer;
}

Result<OcspResponder::Signed> OcspResponder::sign(const x509::OcspRequest& request,
                                                  std::string_view authority, Time now) const {
  const Delegate& delegate = delegates_.find(authority)->second;
  x509::TbsOcspResponse response{.responder = x509::key_identifier(delegate.signer->public_key()),
                                 .produced_at = now,
                                 .responses = {},
                                 .nonce = request.nonce,
                                 .certificates = {}};
  const ByteView certificate = delegate.certificate.der();
  response.certificates.emplace_back(Bytes(certificate.begin(), certificate.end()));
  Signed result;
  {
    HUTONG_TRY(auto reader, database_->read());
    for (const x509::OcspCertId& id : request.certificates) {
      HUTONG_TRY(const auto status, CertificateRepository::status(reader, authority, id.serial));
      result.last_change = status.last_change;  // of one snapshot: the same each time
      result.is_known = result.is_known && status.record;
      response.responses.push_back(single_response(status.record, id, now));
    }
  }
  HUTONG_TRY(const auto der, x509::sign(response, *delegate.signer));
  result.der.assign(der.view().begin(), der.view().end());
  return result;
}

OcspAnswer OcspResponder::answer(ByteView request_der, Time now) {
  const auto parsed = x509::OcspRequest::parse(request_der);
  if (!parsed || parsed.value().has_unknown_critical_extension || parsed.value().certificates.empty() ||
      parsed.value().certificates.size() > options_.most_certificates) {
    return error_answer(OcspResponseStatus::kMalformedRequest);
  }
  const x509::OcspRequest& request = parsed.value();
  if (is_common(request)) {
    if (auto kept = memory_.find(key_of(request), now)) {
      return *kept;
    }
  }
  const std::string* authority = authority_of(request.certificates[0]);
  const bool is_ours = authority != nullptr && delegates_.contains(*authority) &&
                       std::ranges::all_of(request.certificates, [&](const x509::OcspCertId& id) {
                         return authority_of(id) == authority;
                       });
  if (!is_ours) {
    return error_answer(OcspResponseStatus::kUnauthorized);
  }
  if (is_common(request)) {
    auto answer = sign_common(request, *authority, now);
    return answer ? *answer : error_answer(OcspResponseStatus::kTryLater);
  }
  auto made = sign(request, *authority, now);
  return made ? OcspAnswer{.der = std::make_shared<const Bytes>(std::move(made->der))}
              : error_answer(OcspResponseStatus::kTryLater);
}

Result<OcspAnswer> OcspResponder::sign_common(const x509::OcspRequest& request, std::string_view authority,
                                              Time now) {
  HUTONG_TRY(auto made, sign(request, authority, now));
  OcspAnswer answer{.der = std::make_shared<const Bytes>(std::move(made.der))};
  if (made.is_known) {
    answer.fresh_until = now + options_.validity;
    answer.produced_at = now;
    answer.entity_tag = net::entity_tag_of(*answer.der);
    memory_.keep(request.certificates.front(), answer, made.last_change);
  }
  return answer;
}

std::optional<OcspAnswer> OcspResponder::find_kept(ByteView request_der, Time now) {
  const auto request = x509::OcspRequest::parse(request_der);
  return request && is_common(*request) ? memory_.find(key_of(*request), now) : std::nullopt;
}

Status OcspResponder::refresh() {
  const auto begun = SteadyClock::now();
  HUTONG_TRY(auto reader, database_->read());
  const auto seen = memory_.changes_seen();
  if (!seen) {
    HUTONG_TRY(const std::int64_t last, CertificateRepository::last_change(reader));
    memory_.begin(last, begun);
    return ok();
  }
  std::vector<std::string> serials;
  std::int64_t last = *seen;
  const auto forget = [&] { memory_.forget_changed(std::exchange(serials, {}), last); };
  HUTONG_CHECK(CertificateRepository::for_each_change_after(
      reader, *seen, [&](std::int64_t number, const x509::Serial& serial) {
        serials.push_back(serial.to_hex());
        last = number;
        if (serials.size() == kForgottenAtOnce) {
          forget();
        }
        return ok();
      }));
  forget();
  memory_.note_look(begun);
  return ok();
}

Result<std::size_t> OcspResponder::renew_due(Time now) {
  const auto until = SteadyClock::now() + kRenewing;
  std::size_t signatures = 0;
  while (SteadyClock::now() < until) {
    const auto due = memory_.take_due(now, kRenewedAtOnce);
    if (due.empty()) {
      break;
    }
    for (const x509::OcspCertId& id : due) {
      const std::string* const authority = authority_of(id);
      HUTONG_CHECK(sign_common({.certificates = {id}}, *authority, now));
      ++signatures;
    }
  }
  return signatures;
}

}  // namespace hutong::ca
