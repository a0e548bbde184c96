#include <gtest/gtest.h>

#include <thread>

#include "ca/registration/key_centre_tasks.h"
#include "ca/registration/test_support.h"
#include "cms/enveloped_key.h"
#include "x509/certificate.h"

namespace hutong::ca::registration::test {
namespace {

class OrderFlow : public RegistrationTest {};
INSTANTIATE_TEST_SUITE_P(Databases, OrderFlow, hutong::test::every_database(), hutong::test::database_name);

x509::Certificate certificate_of(const CertificateRecord& record) {
  return x509::Certificate::parse(record.der).value();
}

TEST_P(OrderFlow, DualCertificatesFromEntryToDelivery) {
  const Subscriber subscriber;
  auto order = issued(application(subscriber));
  EXPECT_EQ(order.state, OrderState::kIssued);
  const auto signing = record(*order.issued_signing);
  const auto encryption = record(*order.issued_encryption);
  EXPECT_EQ(signing.pair, encryption.serial);
  EXPECT_EQ(encryption.pair, signing.serial);
  EXPECT_EQ(signing.holder, kCreditCode);
  EXPECT_TRUE(certificate_of(signing).public_key().value() == subscriber.key.public_key());
  const auto opened =
      cms::unwrap_key_pair(order.enveloped_key, cms::Sm2KeyOpener(subscriber.key.key())).value();
  EXPECT_TRUE(*certificate_of(encryption).public_key()->sm2() == opened.public_key());
  order = must(desk().deliver(step(order, "张三"), maker_of_certificates_));
  EXPECT_EQ(order.state, OrderState::kDelivered);
  auto reader = must(database().read());
  const auto steps = must(OrderRepository::steps(reader, order.id));
  ASSERT_EQ(steps.size(), 5U);
  EXPECT_EQ(steps[3].kind, StepKind::kMake);
  EXPECT_EQ(steps[3].actor.subject, "CN=制证员");
  EXPECT_TRUE(must(audit::verify_chain(reader)).whole());
  EXPECT_EQ(records("order.").size(), 5U);
}

TEST_P(OrderFlow, WhoeverEnteredDoesNotReview) {
  auto order = enter(application(Subscriber()));
  order = must(desk().submit(step(order), enterer_));
  EXPECT_EQ(reason_of(desk().approve(step(order), enterer_)), "order.four_eyes");
  EXPECT_EQ(reason_of(desk().refuse(step(order, "不全"), enterer_)), "order.four_eyes");
  EXPECT_TRUE(desk().approve(step(order), reviewer_));
}

TEST_P(OrderFlow, ARefusedOrderGoesBackToEntryAndMayComeAgain) {
  auto order = enter(application(Subscriber()));
  order = must(desk().submit(step(order), enterer_));
  EXPECT_EQ(reason_of(desk().refuse(step(order), reviewer_)), "order.note");
  order = must(desk().refuse(step(order, "营业执照看不清"), reviewer_));
  EXPECT_EQ(order.state, OrderState::kRefused);
  const Subscriber another;
  order = must(desk().change(step(order), application(another), enterer_));
  EXPECT_EQ(order.state, OrderState::kEntered);
  order = must(desk().submit(step(order), enterer_));
  order = must(desk().approve(step(order), reviewer_));
  EXPECT_FALSE(make(order.id));
  EXPECT_TRUE(certificate_of(record(*now(order).issued_signing)).public_key().value() ==
              another.key.public_key());
}

TEST_P(OrderFlow, OfTwoReviewersOneWins) {
  auto order = enter(application(Subscriber()));
  order = must(desk().submit(step(order), enterer_));
  const Doer other{.actor = {"CN=审核员乙", "dd"}};
  std::string_view first;
  std::string_view second;
  std::thread one([&] { first = reason_of(desk().approve(step(order), reviewer_)); });
  std::thread two([&] { second = reason_of(desk().refuse(step(order, "不行"), other)); });
  one.join();
  two.join();
  EXPECT_TRUE((first == "ok" && second == "order.changed") || (first == "order.changed" && second == "ok"))
      << first << " and " << second;
  EXPECT_EQ(now(order).version, order.version + 1);
}

TEST_P(OrderFlow, OfTwoMakersOneIssues) {
  const auto order = approved(application(Subscriber()));
  std::optional<Error> first;
  std::optional<Error> second;
  std::thread one([&] { first = make(order.id); });
  std::thread two([&] { second = make(order.id); });
  one.join();
  two.join();
  EXPECT_NE(first.has_value(), second.has_value());
  EXPECT_EQ(count("certificates"), 2);
}

TEST_P(OrderFlow, WhileTheKeyCentreIsAwayTheOrderWaitsAndNothingIsHalfIssued) {
  const auto order = approved(application(Subscriber()));
  centre_.set_away(true);
  const auto problem = make(order.id);
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->reason, "key_centre.away");
  auto waiting = now(order);
  EXPECT_EQ(waiting.state, OrderState::kApproved);
  EXPECT_EQ(waiting.problem->code, "key_centre.away");
  EXPECT_EQ(count("certificates"), 0);
  EXPECT_EQ(records("order.making_failed").size(), 1U);
  centre_.set_away(false);
  EXPECT_FALSE(make(order.id));
  waiting = now(order);
  EXPECT_EQ(waiting.state, OrderState::kIssued);
  EXPECT_FALSE(waiting.problem);
  EXPECT_EQ(*waiting.issued_encryption, order.encryption_serial);
}

TEST_P(OrderFlow, ARetryUsesTheSameKeyOfTheCentre) {
  const auto order = approved(application(Subscriber()));
  // The centre answers, and then the CA fails: the template was withdrawn meanwhile by its other half.
  const cms::ApplyKeyRequest before{order.encryption_serial, Subscriber().key.public_key().to_spki(), {}, {}};
  const auto key = must(must(centre_.apply(std::span(&before, 1), clock_.now())).front()).key;
  EXPECT_FALSE(make(order.id));
  EXPECT_TRUE(certificate_of(record(order.encryption_serial)).public_key().value() == key);
  EXPECT_EQ(centre_.keys(), 1U);
}

TEST_P(OrderFlow, WhateverFailsInsideTheTransactionNothingIsHalfIssued) {
  const auto order = approved(application(Subscriber()));
  observer_ = [](storage::Transaction&, const Order&, StepKind step, Time) -> Status {
    return step == StepKind::kMake ? Status(Error{Errc::kUnavailable, "storage.full", "no room"}) : ok();
  };
  EXPECT_EQ(make(order.id)->reason, "storage.full");
  EXPECT_EQ(count("certificates"), 0);
  EXPECT_TRUE(records("order.issued").empty());
  EXPECT_EQ(now(order).state, OrderState::kApproved);
  EXPECT_EQ(now(order).problem->code, "storage.full");
  observer_ = {};
  EXPECT_FALSE(make(order.id));
  EXPECT_EQ(count("certificates"), 2);
}

TEST_P(OrderFlow, ABatchSharesATransactionAndOneBadOrderHoldsUpNobody) {
  std::vector<std::string> ids;
  for (int i = 0; i < 12; ++i) {
    ids.push_back(approved(application(Subscriber())).id);
  }
  auto without_request = application(Subscriber());
  without_request.request.clear();
  ids.push_back(approved(without_request).id);
  ids.push_back("01ARZ3NDEKTSV4RRFFQ69G5FAV");
  ids.push_back(ids.front());
  const auto made = maker().make(ids, maker_of_certificates_);
  ASSERT_EQ(made.size(), ids.size());
  for (std::size_t i = 0; i < 12; ++i) {
    EXPECT_FALSE(made[i].problem) << made[i].problem->detail;
    EXPECT_EQ(made[i].order->state, OrderState::kIssued);
  }
  EXPECT_EQ(made[12].problem->reason, "order.request_missing");
  EXPECT_EQ(made[13].problem->reason, "order.unknown");
  EXPECT_EQ(made[14].problem->reason, "order.twice");
  EXPECT_EQ(count("certificates"), 24);
}

TEST_P(OrderFlow, ARequestCanComeWhenTheCertificateIsMade) {
  auto wish = application(Subscriber());
  wish.request.clear();
  auto order = approved(wish);
  EXPECT_EQ(make(order.id)->reason, "order.request_missing");
  const Subscriber at_the_counter;
  order = must(desk().attach_request(step(now(order)), at_the_counter.request(), maker_of_certificates_));
  EXPECT_FALSE(make(order.id));
  EXPECT_EQ(now(order).state, OrderState::kIssued);
}

TEST_P(OrderFlow, RevocationReachesBothCertificatesAndTheKeyCentre) {
  const auto order = issued(application(Subscriber()));
  auto wish = order_for(OrderKind::kRevocation, *order.issued_encryption);
  wish.reason = x509::CrlReason::kKeyCompromise;
  centre_.set_away(true);  // a revocation does not wait for the centre
  const auto revocation = issued(wish);
  EXPECT_EQ(revocation.state, OrderState::kDone);
  for (const auto& serial : {*order.issued_signing, *order.issued_encryption}) {
    EXPECT_EQ(record(serial).state, CertificateState::kRevoked);
    EXPECT_EQ(record(serial).reason, x509::CrlReason::kKeyCompromise);
  }
  EXPECT_EQ(told_.size(), 2U);
  EXPECT_EQ(records("certificate.revoked").size(), 2U);
  const KeyCentreTasks tasks(database(), centre_);
  EXPECT_EQ(must(tasks.run_due(clock_.now())), 0U);
  EXPECT_EQ(count("key_centre_tasks"), 1);
  centre_.set_away(false);
  EXPECT_EQ(must(tasks.run_due(clock_.now())), 0U) << "it waits before it tries again";
  clock_.move(std::chrono::seconds(31));
  EXPECT_EQ(must(tasks.run_due(clock_.now())), 1U);
  EXPECT_TRUE(centre_.is_revoked(*order.issued_encryption));
  EXPECT_EQ(count("key_centre_tasks"), 0);
  EXPECT_EQ(reason_of(desk().enter(wish, enterer_)), "certificate.revoked");
}

TEST_P(OrderFlow, SuspensionAndRelease) {
  const auto order = issued(application(Subscriber()));
  issued(order_for(OrderKind::kSuspension, *order.issued_signing));
  EXPECT_EQ(record(*order.issued_signing).state, CertificateState::kSuspended);
  EXPECT_EQ(record(*order.issued_encryption).state, CertificateState::kSuspended);
  EXPECT_EQ(reason_of(desk().enter(order_for(OrderKind::kSuspension, *order.issued_signing), enterer_)),
            "certificate.state");
  issued(order_for(OrderKind::kRelease, *order.issued_signing));
  EXPECT_EQ(record(*order.issued_signing).state, CertificateState::kValid);
  EXPECT_EQ(record(*order.issued_encryption).state, CertificateState::kValid);
  EXPECT_EQ(records("certificate.released").size(), 2U);
}

TEST_P(OrderFlow, RenewalWithTheSameKeysKeepsThemAndEndsTheFormerCertificates) {
  const Subscriber subscriber;
  const auto first = issued(application(subscriber));
  const auto second = issued(order_for(OrderKind::kRenewal, *first.issued_signing));
  EXPECT_EQ(record(*first.issued_signing).state, CertificateState::kRevoked);
  EXPECT_EQ(record(*first.issued_encryption).reason, x509::CrlReason::kSuperseded);
  EXPECT_EQ(record(*second.issued_signing).key_sm3, record(*first.issued_signing).key_sm3);
  EXPECT_EQ(record(*second.issued_encryption).key_sm3, record(*first.issued_encryption).key_sm3);
  EXPECT_EQ(record(*second.issued_signing).subject, record(*first.issued_signing).subject);
  EXPECT_TRUE(second.enveloped_key.empty());
  EXPECT_EQ(count("key_centre_tasks"), 0) << "the key is still used";
  EXPECT_EQ(second.content.applicant.phone, "13800138000");
  // The centre knows the key by its first certificate, and recovery finds it.
  const auto recovered = issued(order_for(OrderKind::kRecovery, *second.issued_signing));
  EXPECT_TRUE(cms::unwrap_key_pair(recovered.enveloped_key, cms::Sm2KeyOpener(subscriber.key.key())));
}

TEST_P(OrderFlow, RenewalWithANewKeyGetsANewEncryptionKeyToo) {
  const auto first = issued(application(Subscriber()));
  const Subscriber renewed;
  auto wish = order_for(OrderKind::kRenewal, *first.issued_signing);
  wish.request = renewed.request();
  const auto second = issued(wish);
  EXPECT_NE(record(*second.issued_encryption).key_sm3, record(*first.issued_encryption).key_sm3);
  EXPECT_TRUE(cms::unwrap_key_pair(second.enveloped_key, cms::Sm2KeyOpener(renewed.key.key())));
  EXPECT_EQ(count("key_centre_tasks"), 1);
}

TEST_P(OrderFlow, AChangeOfDataIsANewCertificate) {
  const auto first = issued(application(Subscriber()));
  auto wish = order_for(OrderKind::kChange, *first.issued_signing);
  wish.subject = SubjectData{.attributes = {{"O", "演示机构"}, {"CN", "演示机构（分部）"}}};
  const auto second = issued(wish);
  EXPECT_NE(record(*second.issued_signing).subject.find("分部"), std::string::npos);
  EXPECT_EQ(record(*first.issued_signing).reason, x509::CrlReason::kAffiliationChanged);
  EXPECT_EQ(reason_of(desk().enter(wish, enterer_)), "certificate.revoked");
}

TEST_P(OrderFlow, RecoveryIntoANewToken) {
  const Subscriber lost;
  const auto first = issued(application(lost));
  const Subscriber new_token;
  auto wish = order_for(OrderKind::kRecovery, *first.issued_encryption);
  wish.request = new_token.request();
  const auto recovered = issued(wish);
  EXPECT_EQ(*recovered.issued_encryption, *first.issued_encryption) << "the encryption certificate stays";
  EXPECT_EQ(record(*first.issued_signing).state, CertificateState::kRevoked);
  EXPECT_EQ(record(*first.issued_encryption).state, CertificateState::kValid);
  EXPECT_EQ(record(*first.issued_encryption).pair, *recovered.issued_signing);
  const auto opened =
      cms::unwrap_key_pair(recovered.enveloped_key, cms::Sm2KeyOpener(new_token.key.key())).value();
  EXPECT_TRUE(*certificate_of(record(*first.issued_encryption)).public_key()->sm2() == opened.public_key());
}

TEST_P(OrderFlow, WhatIsPersonalIsSealed) {
  const Subscriber subscriber;
  auto wish = application(subscriber, kCitizenNumber);
  wish.template_id = "person-signing";
  wish.subject = SubjectData{.attributes = {{"CN", "李四"}}};
  const auto order = issued(wish);
  EXPECT_EQ(order.content.subject.identities.at("citizen_number"), kCitizenNumber);
  EXPECT_EQ(order.holder.find("person-"), 0U);
  auto reader = must(database().read());
  const auto row = must(reader.query_one("SELECT sealed, shown_number FROM orders WHERE id = ?", order.id));
  EXPECT_EQ(as_text(row.bytes(0)).find("13800138000"), std::string_view::npos);
  EXPECT_EQ(row.text(1), "110105********002X");
  const auto lines = must(OrderRepository::search(reader, {.holder = seal_->blind(kCitizenNumber)}));
  EXPECT_EQ(lines.size(), 1U);
  auto other = seal_->open(row.bytes(0), "another order");
  EXPECT_EQ(reason_of(other), "personal_seal.open");
}

TEST_P(OrderFlow, AClockThatWentBackStopsTheOrderNotTheSystem) {
  const auto order = approved(application(Subscriber()));
  clock_.move(-std::chrono::hours(2));
  EXPECT_EQ(make(order.id)->reason, "clock.behind") << "and its record of now does not hide it:";
  EXPECT_EQ(make(order.id)->reason, "clock.behind");
  EXPECT_EQ(reason_of(desk().enter(application(Subscriber()), enterer_)), "clock.behind");
  EXPECT_EQ(count("certificates"), 0);
  clock_.move(std::chrono::hours(2));
  EXPECT_FALSE(make(order.id));
}

TEST_P(OrderFlow, TheSameIdempotencyKeyGivesTheSameOrder) {
  auto wish = application(Subscriber());
  wish.client = "platform";
  wish.idempotency_key = "42";
  const auto first = must(desk().enter(wish, enterer_));
  const auto second = must(desk().enter(wish, enterer_));
  EXPECT_EQ(first.order.id, second.order.id);
  EXPECT_TRUE(second.pick_up_secret.empty());
  EXPECT_EQ(count("orders"), 1);
}

TEST_P(OrderFlow, ThePickUpSecretOpensItsOrderOnly) {
  const auto entered = must(desk().enter(application(Subscriber()), enterer_));
  EXPECT_TRUE(desk().find_by_secret(entered.order.id, entered.pick_up_secret));
  EXPECT_EQ(reason_of(desk().find_by_secret(entered.order.id, "000000-000000-000000-000000")),
            "order.unknown");
  EXPECT_EQ(reason_of(desk().find_by_secret(entered.order.id, "")), "order.unknown");
}

}  // namespace
}  // namespace hutong::ca::registration::test
