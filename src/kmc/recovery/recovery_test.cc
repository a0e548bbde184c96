#include <gtest/gtest.h>

#include <chrono>

#include "base/encoding.h"
#include "cms/enveloped_key.h"
#include "kmc/custody/key_share.h"
#include "kmc/custody/master_key_repository.h"
#include "kmc/recovery/recovery_case.h"
#include "kmc/stores/key_repository.h"
#include "kmc/test_support.h"

namespace hutong::kmc::test {
namespace {

using cms::ReturnedKey;
using storage::Transaction;

/// A centre with one delivered key, certificate number 1 of the first CA.
class RecoveryTest : public CentreTest {
 protected:
  void begin() {
    start();
    make_spare(2);
    const auto answer = ask(first_, {apply(1, holder_)});
    delivered_ = std::get<ReturnedKey>(answer.responses.at(0)).spki;
  }
  /// What the CA gets for its request; the number of the error otherwise.
  std::uint64_t ask_restore(const Subscriber& target, std::optional<ReturnedKey>* out = nullptr) {
    const auto answer = ask(first_, {cms::RestoreKeyRequest{serial(1), target.spki()}});
    if (const auto* error = std::get_if<cms::KeyServiceError>(&answer.responses.at(0))) {
      return error->number;
    }
    if (out != nullptr) {
      *out = std::get<ReturnedKey>(answer.responses.at(0));
    }
    return 0;
  }
  RecoveryCase only_case() {
    auto reader = must(centre_->database().read());
    const auto cases = must(RecoveryRepository::search(reader, {}));
    EXPECT_EQ(cases.size(), 1U);
    return cases.at(0);
  }
  /// The share of a custodian, decrypted with the custodian's key and encrypted for the case.
  Bytes share_for(const RecoveryCase& recovery, const Identity& custodian) {
    auto reader = must(centre_->database().read());
    for (const MasterShare& share : must(MasterKeyRepository::shares(reader, recovery.master))) {
      if (share.fingerprint == to_hex(custodian.certificate.sm3())) {
        const auto opened =
            must(open_share(must(read_share(as_bytes(share.file))), cms::Sm2KeyOpener(custodian.key)));
        return encrypted_for(recovery, opened);
      }
    }
    throw std::runtime_error("no share");
  }
  static Bytes encrypted_for(const RecoveryCase& recovery, const crypto::SecretShare& share) {
    const SecretBytes octets = share_octets(share);
    return must(
        crypto::sm2_encrypt(must(crypto::Sm2PublicKey::from_octets(recovery.case_key)), octets.expose()));
  }
  Result<RecoveryCase> approve(const RecoveryCase& recovery, const Identity& custodian, ByteView share) {
    return storage::in_transaction(centre_->database(), [&](Transaction& transaction) {
      return centre_->recovery().approve(transaction, recovery.id,
                                         {.name = custodian.certificate.subject().display(),
                                          .fingerprint = to_hex(custodian.certificate.sm3())},
                                         share, clock_.now());
    });
  }
  Result<RecoveryCase> approve(const RecoveryCase& recovery, const Identity& custodian) {
    return approve(recovery, custodian, share_for(recovery, custodian));
  }
  static std::string_view reason(const Result<RecoveryCase>& done) { return done ? "" : done.error().reason; }

  Subscriber holder_;
  Subscriber new_carrier_;
  Bytes delivered_;
};
INSTANTIATE_TEST_SUITE_P(Databases, RecoveryTest, hutong::test::every_database(),
                         hutong::test::database_name);

TEST_P(RecoveryTest, TwoOfThreeCustodiansBringALostKeyBack) {
  begin();
  EXPECT_EQ(ask_restore(new_carrier_), 5U) << "waits for the custodians";
  EXPECT_EQ(ask_restore(new_carrier_), 5U) << "asking again opens no second case";
  const RecoveryCase recovery = only_case();
  EXPECT_EQ(recovery.kind, RecoveryKind::kUser);
  EXPECT_EQ(must(approve(recovery, custodian(1))).state, RecoveryState::kOpen);
  EXPECT_EQ(ask_restore(new_carrier_), 5U) << "one custodian is not enough";
  EXPECT_EQ(must(approve(recovery, custodian(3))).state, RecoveryState::kReleased);
  std::optional<ReturnedKey> restored;
  ASSERT_EQ(ask_restore(new_carrier_, &restored), 0U);
  EXPECT_EQ(restored->reason, ReturnedKey::For::kRecovery);
  EXPECT_EQ(restored->spki, delivered_);
  const auto pair = must(cms::unwrap_key_pair(restored->protected_key, cms::Sm2KeyOpener(new_carrier_.key)));
  EXPECT_EQ(crypto::PublicKey(pair.public_key()).to_spki(), delivered_);
  EXPECT_FALSE(cms::unwrap_key_pair(restored->protected_key, cms::Sm2KeyOpener(holder_.key)));
  EXPECT_EQ(records("key.recovery_requested").size(), 3U);
  EXPECT_EQ(records("key.restored").size(), 1U);
}

TEST_P(RecoveryTest, OneCustodianAloneGetsNothing) {
  begin();
  ask_restore(new_carrier_);
  const RecoveryCase recovery = only_case();
  const Identity& one = custodian(1);
  must(approve(recovery, one));
  EXPECT_EQ(reason(approve(recovery, one)), "recovery.share_twice");
  EXPECT_EQ(reason(approve(recovery, custodian(2), share_for(recovery, one))), "recovery.share_of_other");
  crypto::SecretShare invented{.number = 2, .value = SecretBytes(32)};
  crypto::system_random().fill(invented.value.writable());
  EXPECT_EQ(reason(approve(recovery, custodian(2), encrypted_for(recovery, invented))), "recovery.share");
  EXPECT_EQ(reason(approve(recovery, custodian(2), Bytes{0x30, 0x00})), "recovery.share");
  EXPECT_EQ(reason(approve(recovery, custodian(2), {})), "recovery.share");
  EXPECT_EQ(ask_restore(new_carrier_), 5U);
  EXPECT_EQ(only_case().envelope, std::nullopt);
}

TEST_P(RecoveryTest, WhatTheCentreHoldsOpensNoDeliveredKey) {
  begin();
  auto reader = must(centre_->database().read());
  const auto key = must(KeyRepository::search(reader, {})).at(0);
  const auto batch = must(KeyRepository::batch(reader, key.batch));
  const auto keys = must(open_keys(config_));
  for (const std::string& label : keys->labels()) {
    EXPECT_FALSE(keys->decrypt(label, batch.sealed)) << label;
  }
}

TEST_P(RecoveryTest, AClosedCaseKeepsNoShare) {
  begin();
  ask_restore(new_carrier_);
  const RecoveryCase recovery = only_case();
  must(approve(recovery, custodian(1)));
  must(approve(recovery, custodian(2)));
  auto reader = must(centre_->database().read());
  const auto shares = must(RecoveryRepository::shares(reader, recovery.id));
  ASSERT_EQ(shares.size(), 2U);
  EXPECT_FALSE(shares[0].share || shares[1].share);
  EXPECT_FALSE(must(RecoveryRepository::find(reader, recovery.id)).case_key_sealed);
  EXPECT_EQ(reason(approve(recovery, custodian(3))), "recovery.closed");
}

TEST_P(RecoveryTest, ARefusedCaseIsAnsweredSo) {
  begin();
  ask_restore(new_carrier_);
  const RecoveryCase recovery = only_case();
  must(storage::in_transaction(centre_->database(), [&](Transaction& transaction) {
    return RecoveryDesk::refuse(transaction, recovery.id, clock_.now());
  }));
  EXPECT_EQ(ask_restore(new_carrier_), 6U);
  EXPECT_EQ(reason(approve(recovery, custodian(1))), "recovery.closed");
}

TEST_P(RecoveryTest, ACaseThatWaitsTooLongIsClosedAndMayBeAskedForAgain) {
  begin();
  ask_restore(new_carrier_);
  const RecoveryCase recovery = only_case();
  must(approve(recovery, custodian(1)));
  clock_.move(config_.recovery_open + std::chrono::hours(1));
  EXPECT_EQ(reason(approve(recovery, custodian(2))), "recovery.expired");
  EXPECT_EQ(must(centre_->stock().retire_and_forget()), 1);
  auto reader = must(centre_->database().read());
  EXPECT_EQ(must(RecoveryRepository::find(reader, recovery.id)).state, RecoveryState::kExpired);
  EXPECT_EQ(ask_restore(new_carrier_), 5U);
}

TEST_P(RecoveryTest, AKeyOfTheHistoryIsRecoveredAsWell) {
  begin();
  ask(first_, {cms::RevokeKeyRequest{serial(1)}});
  EXPECT_EQ(ask_restore(new_carrier_), 5U);
  const RecoveryCase recovery = only_case();
  must(approve(recovery, custodian(2)));
  must(approve(recovery, custodian(3)));
  std::optional<ReturnedKey> restored;
  ASSERT_EQ(ask_restore(new_carrier_, &restored), 0U);
  EXPECT_EQ(restored->spki, delivered_);
}

TEST_P(RecoveryTest, AnotherCaCannotAskForIt) {
  begin();
  const auto answer = ask(second_, {cms::RestoreKeyRequest{serial(1), new_carrier_.spki()}});
  EXPECT_EQ(std::get<cms::KeyServiceError>(answer.responses.at(0)).number, 3U);
}

TEST_P(RecoveryTest, WhoAskedDoesNotApprove) {
  begin();
  auto reader = must(centre_->database().read());
  const auto key = must(KeyRepository::search(reader, {})).at(0);
  const Identity& asker = custodian(1);
  const auto recovery = must(storage::in_transaction(centre_->database(), [&](Transaction& transaction) {
    return centre_->recovery().open(transaction,
                                    {.kind = RecoveryKind::kLocal,
                                     .key = key,
                                     .target = new_carrier_.key.public_key(),
                                     .requested_by = to_hex(asker.certificate.sm3())},
                                    clock_.now());
  }));
  EXPECT_EQ(reason(approve(recovery, asker)), "recovery.own_case");
}

}  // namespace
}  // namespace hutong::kmc::test
