#include "operators/internal/login.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <utility>

#include "audit/audit_log.h"
#include "base/encoding.h"
#include "crypto/signature.h"
#include "crypto/sm3.h"
#include "net/json.h"
#include "net/ulid.h"
#include "operators/authorized.h"
#include "operators/canonical_text.h"
#include "operators/operator_repository.h"

namespace hutong::operators {
namespace {

constexpr std::size_t kTokenSize = 32;
constexpr std::int64_t kFreeFailures = 3;
constexpr std::chrono::seconds kLongestDelay{60};
constexpr std::chrono::hours kFailuresKept{24};

/// 2, 4, 8 … seconds from the third failure on.
std::chrono::seconds delay_after(std::int64_t failures) {
  if (failures < kFreeFailures) {
    return std::chrono::seconds{0};
  }
  const auto doublings = std::min<std::int64_t>(failures - kFreeFailures, 6);
  return std::min(kLongestDelay, std::chrono::seconds{std::int64_t{2} << doublings});
}

std::string text_of(const LoginRequest& request, Time issued_at) {
  return to_text(
      LoginText{.audience = request.audience, .challenge = request.challenge, .issued_at = issued_at});
}

/// What failures are counted under: certificates that are nobody's share one count for each address, so that
/// making many of them gains nothing.
Result<std::string> counted_as(storage::Reader& reader, const x509::Certificate& certificate) {
  std::string fingerprint = fingerprint_of(certificate);
  HUTONG_TRY(const auto known, OperatorRepository::certificate(reader, fingerprint));
  return known ? fingerprint : std::string();
}

audit::Event event_of(const LoginRequest& request, std::string_view action, Time now) {
  return {.time = now,
          .actor = {request.certificate.subject().to_string(), fingerprint_of(request.certificate)},
          .action = std::string(action),
          .object_kind = "session"};
}

}  // namespace

Result<LoggedIn> Login::log_in(const LoginRequest& request) const {
  const Time now = clock_->now();
  HUTONG_TRY(const Time issued_at, challenges_.check(request.challenge, now));
  if (std::ranges::find(settings_->audiences, request.audience) == settings_->audiences.end()) {
    return Error{Errc::kUnauthorized, "session.audience", "this system is not reached under that origin"};
  }
  HUTONG_CHECK(check_delay(request, now));
  const auto who = identify(request, issued_at, now);
  auto answer = who ? open_session(request, *who, issued_at, now) : Result<LoggedIn>(who.error());
  if (!answer && (answer.error().code == Errc::kUnauthorized || answer.error().code == Errc::kPolicy)) {
    HUTONG_CHECK(count_failure(request, answer.error(), now));
  }
  return answer;
}

/// The signature first: only the holder of the key learns what we think of the certificate.
Result<Operator> Login::identify(const LoginRequest& request, Time issued_at, Time now) const {
  const auto& key = request.certificate.public_key();
  if (!key || !crypto::verify_signature(*key, crypto::kSm2WithSm3, as_bytes(text_of(request, issued_at)),
                                        request.signature)) {
    return Error{Errc::kUnauthorized, "session.signature", "the signature does not fit certificate and text"};
  }
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(auto found, OperatorRepository::find_active(reader, fingerprint_of(request.certificate)));
  if (!found) {
    return Error{Errc::kUnauthorized, "session.unknown_certificate",
                 "the certificate is no active operator's of this system"};
  }
  HUTONG_CHECK(check_certificate(*authority_, request.certificate, now));
  return std::move(*found);
}

Status Login::check_delay(const LoginRequest& request, Time now) const {
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(const auto counted, counted_as(reader, request.certificate));
  HUTONG_TRY(const auto row, reader.query_optional("SELECT failures, last_at FROM operator_login_failures"
                                                   " WHERE fingerprint = ? AND remote = ?",
                                                   counted, request.remote));
  if (!row) {
    return ok();
  }
  const Time next = row->time(1) + delay_after(row->integer(0));
  if (now < next) {
    return Error{Errc::kLimit, "session.delayed", "too many failed attempts; again at " + to_rfc3339(next)};
  }
  return ok();
}

Status Login::count_failure(const LoginRequest& request, const Error& why, Time now) const {
  audit::Event event = event_of(request, "session.refused", now);
  event.outcome = audit::Outcome::kRefused;
  event.detail = net::to_text({{"reason", why.reason}, {"remote", request.remote}});
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    HUTONG_TRY(const auto counted, counted_as(transaction, request.certificate));
    HUTONG_CHECK(transaction.execute("DELETE FROM operator_login_failures WHERE last_at < ?",
                                     now - std::chrono::seconds(kFailuresKept)));
    HUTONG_CHECK(transaction.execute(
        "INSERT INTO operator_login_failures (fingerprint, remote, failures, last_at) VALUES (?, ?, 1, ?)"
        " ON CONFLICT (fingerprint, remote) DO UPDATE SET failures = operator_login_failures.failures + 1,"
        " last_at = excluded.last_at",
        counted, request.remote, now));
    return audit::append(transaction, event);
  });
}

Result<LoggedIn> Login::open_session(const LoginRequest& request, const Operator& who, Time issued_at,
                                     Time now) const {
  std::array<std::uint8_t, kTokenSize> octets{};
  random_->fill(octets);
  LoggedIn opened{.token = to_hex(octets),
                  .session = {.id = net::make_ulid(now, *random_),
                              .operator_id = who.id,
                              .remote = request.remote,
                              .started_at = now,
                              .expires_at = now + settings_->longest,
                              .active_at = now,
                              .proven_at = now},
                  .operator_ = who};
  audit::Event event = event_of(request, "session.opened", now);
  event.object_id = opened.session.id;
  event.detail = net::to_text({{"remote", request.remote}});
  event.signature =
      audit::OperatorSignature{to_bytes(as_bytes(text_of(request, issued_at))), request.signature};
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Result<LoggedIn> {
    // Locked, so that a retirement at the same time waits and then finds the session, or is seen here.
    HUTONG_TRY(const Operator current, OperatorRepository::find_for_update(transaction, who.id));
    if (current.version != who.version) {
      return Error{Errc::kConflict, "storage.conflict", "the operator was changed meanwhile"};
    }
    HUTONG_TRY(const bool first, SessionRepository::use_once(
                                     transaction, ByteView(crypto::sm3(as_bytes(request.challenge))), now,
                                     now - settings_->challenge_life - settings_->action_window * 2));
    if (!first) {
      return Error{Errc::kUnauthorized, "session.challenge_used", "the challenge was used already"};
    }
    HUTONG_CHECK(SessionRepository::insert(transaction, opened.session,
                                           ByteView(crypto::sm3(as_bytes(opened.token)))));
    HUTONG_CHECK(
        transaction.execute("DELETE FROM operator_login_failures WHERE fingerprint = ? AND remote = ?",
                            who.fingerprint, request.remote));
    HUTONG_CHECK(audit::append(transaction, event));
    return opened;
  });
}

}  // namespace hutong::operators
