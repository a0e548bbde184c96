#include "kmc/service/request_desk.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "base/encoding.h"
#include "cms/enveloped_key.h"
#include "crypto/public_key.h"
#include "kmc/stores/key_repository.h"
#include "net/json.h"

namespace hutong::kmc {
namespace {

using cms::ApplyKeyRequest;
using cms::KeyRequest;
using cms::RestoreKeyRequest;
using cms::RevokeKeyRequest;
using Number = KeyServiceErrorNumber;

constexpr std::size_t kMostSerialOctets = 21;

std::optional<crypto::Sm2PublicKey> sm2_key_in(ByteView spki) {
  const auto key = crypto::PublicKey::from_spki(spki);
  return key && key->sm2() != nullptr ? std::optional(*key->sm2()) : std::nullopt;
}

bool is_number(const x509::Serial& serial) {
  return !serial.is_negative() && !serial.is_zero() && serial.content().size() <= kMostSerialOctets;
}

bool makes_sense(const ApplyKeyRequest& request, Time now) {
  return is_number(request.certificate) && request.not_before < request.not_after &&
         request.not_after > now && sm2_key_in(request.user_spki).has_value();
}

Bytes spki_of(ByteView public_key) {
  return crypto::PublicKey(crypto::Sm2PublicKey::from_octets(public_key).value()).to_spki();
}

}  // namespace

audit::Event RequestDesk::event(std::string_view action, const x509::Serial& certificate,
                                std::string_view key_id, audit::Outcome outcome) const {
  return {.time = now_,
          .actor = {.subject = authority_->certificate.subject().to_string(),
                    .fingerprint = to_hex(authority_->certificate.sm3())},
          .action = std::string(action),
          .object_kind = "key",
          .object_id = std::string(key_id),
          .outcome = outcome,
          .detail = net::to_text({{"authority", authority_->id}, {"certificate", certificate.to_hex()}})};
}

AnsweredRequest RequestDesk::refusal(std::string_view action, const x509::Serial& certificate, Number number,
                                     std::string description) const {
  return {.response = cms::KeyServiceError{static_cast<std::uint64_t>(number), std::move(description)},
          .event = event(action, certificate, {}, audit::Outcome::kRefused)};
}

AnsweredRequest RequestDesk::returned(std::string_view action, Service service, const HeldKey& key,
                                      Bytes envelope) const {
  const auto reason =
      action == "key.restored" ? cms::ReturnedKey::For::kRecovery : cms::ReturnedKey::For::kApplication;
  return {.response = cms::ReturnedKey{.reason = reason,
                                       .certificate = key.certificate,
                                       .spki = spki_of(key.public_key),
                                       .protected_key = std::move(envelope)},
          .event = event(action, key.certificate, key.id, audit::Outcome::kDone),
          .service = service};
}

/// Takes as many spare keys as this message will deliver. Those that the spare store lacks are made on the
/// spot.
Status RequestDesk::take_keys(std::span<const KeyRequest> requests) {
  std::set<std::string> certificates;
  for (const KeyRequest& request : requests) {
    const auto* apply = std::get_if<ApplyKeyRequest>(&request);
    if (apply != nullptr && makes_sense(*apply, now_) &&
        !certificates.contains(apply->certificate.to_hex())) {
      HUTONG_TRY(const auto present, KeyRepository::find(*transaction_, authority_->id, apply->certificate));
      if (!present) {
        certificates.insert(apply->certificate.to_hex());
      }
    }
  }
  if (certificates.empty()) {
    return ok();
  }
  HUTONG_TRY(taken_, KeyRepository::take(*transaction_, certificates.size()));
  if (taken_.size() < certificates.size()) {
    HUTONG_TRY(auto made, maker_->make(certificates.size() - taken_.size(), now_));
    HUTONG_CHECK(KeyRepository::add_batch(*transaction_, made.batch));
    made_on_demand_ =
        audit::Event{.time = now_,
                     .action = "keys.made",
                     .object_kind = "batch",
                     .object_id = made.batch.id,
                     .detail = net::to_text({{"count", made.keys.size()}, {"on_demand", true}})};
    std::ranges::move(made.keys, std::back_inserter(taken_));
  }
  std::ranges::reverse(taken_);  // the oldest is used first
  return ok();
}

Result<HeldKey> RequestDesk::deliver(const ApplyKeyRequest& request, const crypto::Sm2PublicKey& holder) {
  const SpareKey spare = std::move(taken_.back());
  taken_.pop_back();
  HUTONG_TRY(const auto pair, maker_->open(spare));
  HeldKey key{.id = spare.id,
              .batch = spare.batch,
              .public_key = spare.public_key,
              .escrowed = spare.escrowed,
              .made_at = spare.made_at,
              .authority = authority_->id,
              .certificate = request.certificate,
              .holder = to_bytes(holder.octets()),
              .envelope = {},
              .not_before = request.not_before,
              .not_after = request.not_after,
              .delivered_at = now_,
              .retired_at = std::nullopt};
  HUTONG_TRY(key.envelope, cms::wrap_key_pair(pair, holder));
  HUTONG_CHECK(KeyRepository::add_used(*transaction_, key));
  return key;
}

Result<AnsweredRequest> RequestDesk::answer(const ApplyKeyRequest& request) {
  constexpr std::string_view kAction = "key.applied";
  if (!makes_sense(request, now_)) {
    return refusal(kAction, request.certificate, Number::kMalformed,
                   "the user's key, the certificate number or the validity makes no sense");
  }
  const crypto::Sm2PublicKey holder = *sm2_key_in(request.user_spki);
  HUTONG_TRY(const auto present, KeyRepository::find(*transaction_, authority_->id, request.certificate));
  if (!present) {
    HUTONG_TRY(HeldKey key, deliver(request, holder));
    return returned(kAction, Service::kApplied, key, std::move(key.envelope));
  }
  if (present->retired_at) {
    return refusal(kAction, request.certificate, Number::kKeyRetired,
                   "the key of this certificate is retired");
  }
  if (!equal(present->holder, holder.octets())) {
    return refusal(kAction, request.certificate, Number::kOtherHolder,
                   "this certificate has a key, delivered for another holder");
  }
  return returned("key.delivered_again", Service::kAppliedAgain, *present, present->envelope);
}

Result<RecoveryCase> RequestDesk::case_for(const HeldKey& key, const crypto::Sm2PublicKey& target) {
  HUTONG_TRY(auto known, RecoveryRepository::find_for_target(*transaction_, key.id, target.octets()));
  const bool stands = known && known->state != RecoveryState::kExpired &&
                      !(known->state == RecoveryState::kOpen && now_ > known->expires_at);
  if (stands) {
    return std::move(*known);
  }
  return recovery_->open(*transaction_,
                         {.kind = RecoveryKind::kUser,
                          .key = key,
                          .target = target,
                          .grounds = "asked for by the CA",
                          .requested_by = to_hex(authority_->certificate.sm3())},
                         now_);
}

Result<AnsweredRequest> RequestDesk::answer(const RestoreKeyRequest& request) {
  constexpr std::string_view kAction = "key.restored";
  const auto target = sm2_key_in(request.user_spki);
  if (!is_number(request.certificate) || !target) {
    return refusal(kAction, request.certificate, Number::kMalformed,
                   "the user's key or the certificate number makes no sense");
  }
  HUTONG_TRY(const auto key, KeyRepository::find(*transaction_, authority_->id, request.certificate));
  if (!key) {
    return refusal(kAction, request.certificate, Number::kUnknownKey,
                   "no key was delivered for this certificate");
  }
  HUTONG_TRY(const RecoveryCase recovery, case_for(*key, *target));
  switch (recovery.state) {
    case RecoveryState::kReleased:
      return returned(kAction, Service::kRestored, *key, recovery.envelope.value_or(Bytes()));
    case RecoveryState::kRefused:
      return refusal(kAction, request.certificate, Number::kRecoveryRefused, "refused: case " + recovery.id);
    default:
      break;
  }
  AnsweredRequest pending = refusal("key.recovery_requested", request.certificate, Number::kRecoveryPending,
                                    "waits for the custodians: case " + recovery.id);
  pending.event.outcome = audit::Outcome::kDone;
  pending.event.object_kind = "recovery";
  pending.event.object_id = recovery.id;
  pending.service = Service::kRecoveryPending;
  return pending;
}

Result<AnsweredRequest> RequestDesk::answer(const RevokeKeyRequest& request) {
  constexpr std::string_view kAction = "key.revoked";
  HUTONG_TRY(const auto key, is_number(request.certificate)
                                 ? KeyRepository::find(*transaction_, authority_->id, request.certificate)
                                 : Result<std::optional<HeldKey>>(std::optional<HeldKey>()));
  if (!key) {
    return refusal(kAction, request.certificate, Number::kUnknownKey,
                   "no key was delivered for this certificate");
  }
  if (!key->retired_at) {
    HUTONG_CHECK(KeyRepository::retire(*transaction_, *key, Retirement::kRevoked, now_));
  }
  return AnsweredRequest{.response = cms::RevokedKey{request.certificate},
                         .event = event(kAction, request.certificate, key->id, audit::Outcome::kDone),
                         .service = Service::kRevoked};
}

Result<std::vector<AnsweredRequest>> RequestDesk::answer(std::span<const KeyRequest> requests) {
  HUTONG_CHECK(take_keys(requests));
  std::vector<AnsweredRequest> answers;
  answers.reserve(requests.size());
  for (const KeyRequest& request : requests) {
    HUTONG_TRY(auto answered, std::visit([this](const auto& one) { return answer(one); }, request));
    answers.push_back(std::move(answered));
  }
  if (!taken_.empty()) {  // another message delivered one of them since we looked: none may get lost
    return Error{Errc::kConflict, "kmc.certificate_has_key", "another message was faster"};
  }
  return answers;
}

}  // namespace hutong::kmc
