#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "cms/enveloped_key.h"
#include "crypto/constant_time.h"
#include "crypto/secret_sharing.h"
#include "kmc/custody/key_share.h"
#include "kmc/custody/master_key_repository.h"
#include "kmc/recovery/recovery_case.h"
#include "kmc/stores/key_repository.h"
#include "net/ulid.h"

namespace hutong::kmc {
namespace {

using storage::Transaction;

constexpr std::string_view kCase = "case";
constexpr std::array<std::string_view, 3> kKindNames{"user", "local", "judicial"};
constexpr std::array<std::string_view, 4> kStateNames{"open", "released", "refused", "expired"};

Error closed() { return {Errc::kConflict, "recovery.closed", "the case is closed"}; }
Error not_a_share() {
  return {Errc::kUnauthorized, "recovery.share", "this is no share of the master key of this case"};
}

/// Decrypts a share that was handed in and compares it with what the initialisation noted.
Result<crypto::SecretShare> open_handed_in(const crypto::Sm2PrivateKey& case_key, ByteView cipher,
                                           std::string_view master, const std::vector<MasterShare>& known) {
  const auto octets = crypto::sm2_decrypt(case_key, cipher);
  if (!octets) {
    return not_a_share();
  }
  auto share = share_from(octets->expose());
  if (!share) {
    return not_a_share();
  }
  const auto expected =
      std::ranges::find_if(known, [&](const MasterShare& one) { return one.number == share->number; });
  if (expected == known.end() || !crypto::constant_time_equal(share_check(master, *share), expected->check)) {
    return not_a_share();
  }
  return share;
}

/// The master key, for the time of one release.
Result<crypto::Sm2PrivateKey> combine(std::span<const crypto::SecretShare> shares, const MasterKey& master) {
  HUTONG_TRY(const SecretBytes d, crypto::combine_shares(shares));
  auto key = crypto::Sm2PrivateKey::from_octets(d.expose());
  if (!key || !(key->public_key() == master.public_key)) {
    return Error{Errc::kInternal, "recovery.master", "the shares together are not the master key"};
  }
  return key;
}

}  // namespace

std::string_view to_string(RecoveryKind kind) { return kKindNames.at(static_cast<std::size_t>(kind) - 1); }
std::string_view to_string(RecoveryState state) {
  return kStateNames.at(static_cast<std::size_t>(state) - 1);
}
std::optional<RecoveryState> recovery_state_from(std::string_view text) {
  const auto found = std::ranges::find(kStateNames, text);
  return found == kStateNames.end()
             ? std::nullopt
             : std::optional(static_cast<RecoveryState>(found - kStateNames.begin() + 1));
}

Result<RecoveryCase> RecoveryDesk::open(Transaction& transaction, const RecoveryOrder& order,
                                        Time now) const {
  auto& random = crypto::system_random();
  HUTONG_TRY(const Batch batch, KeyRepository::batch(transaction, order.key.batch));
  const auto key = crypto::Sm2PrivateKey::generate(random);
  RecoveryCase recovery{.id = net::make_ulid(std::chrono::system_clock::now(), random),
                        .kind = order.kind,
                        .key_id = order.key.id,
                        .master = batch.master,
                        .authority = order.key.authority,
                        .certificate = order.key.certificate,
                        .target_key = to_bytes(order.target.octets()),
                        .target_certificate = order.target_certificate,
                        .officer = order.officer,
                        .document_number = order.document_number,
                        .grounds = order.grounds,
                        .document_name = order.document_name,
                        .has_document = order.document.has_value(),
                        .requested_by = order.requested_by,
                        .case_key = to_bytes(key.public_key().octets()),
                        .store_key = store_->id,
                        .created_at = now,
                        .expires_at = now + open_for_};
  HUTONG_TRY(recovery.case_key_sealed,
             store_->key.seal(sealing_context(kCase, recovery.id, recovery.case_key), key.expose().expose(),
                              random));
  HUTONG_CHECK(RecoveryRepository::insert(transaction, recovery, order.document));
  return recovery;
}

Result<crypto::Sm2PrivateKey> RecoveryDesk::case_key(const RecoveryCase& recovery) const {
  if (!recovery.case_key_sealed || recovery.store_key != store_->id) {
    return closed();
  }
  HUTONG_TRY(const SecretBytes d, store_->key.open(sealing_context(kCase, recovery.id, recovery.case_key),
                                                   *recovery.case_key_sealed));
  return crypto::Sm2PrivateKey::from_octets(d.expose());
}

Result<RecoveryCase> RecoveryDesk::approve(Transaction& transaction, std::string_view id,
                                           const Custodian& custodian, ByteView share, Time now) const {
  HUTONG_TRY(RecoveryCase recovery, RecoveryRepository::find_for_update(transaction, id));
  if (recovery.state != RecoveryState::kOpen) {
    return closed();
  }
  if (now > recovery.expires_at) {
    return Error{Errc::kPolicy, "recovery.expired", "the case waited too long; open a new one"};
  }
  if (recovery.requested_by == custodian.fingerprint) {
    return Error{Errc::kPolicy, "recovery.own_case", "who asked for the recovery does not approve it"};
  }
  HUTONG_TRY(const auto key, case_key(recovery));
  HUTONG_TRY(const auto known, MasterKeyRepository::shares(transaction, recovery.master));
  HUTONG_TRY(const auto opened, open_handed_in(key, share, recovery.master, known));
  const auto owner =
      std::ranges::find_if(known, [&](const MasterShare& one) { return one.number == opened.number; });
  if (!owner->fingerprint.empty() && owner->fingerprint != custodian.fingerprint) {
    return Error{Errc::kUnauthorized, "recovery.share_of_other", "this share belongs to another custodian"};
  }
  HUTONG_CHECK(RecoveryRepository::add_share(transaction, recovery.id,
                                             {.number = opened.number,
                                              .custodian = custodian.name,
                                              .fingerprint = custodian.fingerprint,
                                              .share = to_bytes(share),
                                              .given_at = now}));
  HUTONG_TRY(const auto shares, RecoveryRepository::shares(transaction, recovery.id));
  HUTONG_CHECK(release(transaction, recovery, shares, now));
  return recovery;
}

/// Does nothing until the shares are enough.
Status RecoveryDesk::release(Transaction& transaction, RecoveryCase& recovery,
                             const std::vector<RecoveryShare>& shares, Time now) const {
  HUTONG_TRY(const MasterKey master, MasterKeyRepository::find(transaction, recovery.master));
  if (shares.size() < master.threshold) {
    return ok();
  }
  HUTONG_TRY(const auto key, case_key(recovery));
  HUTONG_TRY(const auto known, MasterKeyRepository::shares(transaction, recovery.master));
  std::vector<crypto::SecretShare> opened;
  for (const RecoveryShare& share : shares) {
    HUTONG_TRY(auto one, open_handed_in(key, share.share.value_or(Bytes()), recovery.master, known));
    opened.push_back(std::move(one));
  }
  HUTONG_TRY(const auto master_key, combine(opened, master));
  HUTONG_TRY(const HeldKey held, KeyRepository::find_by_id(transaction, recovery.key_id));
  HUTONG_TRY(const Batch batch, KeyRepository::batch(transaction, held.batch));
  HUTONG_TRY(const SecretBytes batch_octets, crypto::sm2_decrypt(master_key, batch.sealed));
  HUTONG_TRY(const SealingKey batch_key, SealingKey::from_octets(batch_octets.expose()));
  HUTONG_TRY(const auto pair, open_escrowed(held, batch_key));
  HUTONG_TRY(const auto target, crypto::Sm2PublicKey::from_octets(recovery.target_key));
  HUTONG_TRY(recovery.envelope, cms::wrap_key_pair(pair, target));
  return RecoveryRepository::close(transaction, recovery, RecoveryState::kReleased, now);
}

Result<RecoveryCase> RecoveryDesk::refuse(Transaction& transaction, std::string_view id, Time now) {
  HUTONG_TRY(RecoveryCase recovery, RecoveryRepository::find_for_update(transaction, id));
  if (recovery.state != RecoveryState::kOpen) {
    return closed();
  }
  HUTONG_CHECK(RecoveryRepository::close(transaction, recovery, RecoveryState::kRefused, now));
  return recovery;
}

Result<std::int64_t> RecoveryDesk::expire(Transaction& transaction, Time now) {
  HUTONG_TRY(const auto ids, RecoveryRepository::overdue(transaction, now));
  for (const std::string& id : ids) {
    HUTONG_TRY(RecoveryCase recovery, RecoveryRepository::find_for_update(transaction, id));
    if (recovery.state == RecoveryState::kOpen) {
      HUTONG_CHECK(RecoveryRepository::close(transaction, recovery, RecoveryState::kExpired, now));
    }
  }
  return static_cast<std::int64_t>(ids.size());
}

}  // namespace hutong::kmc
