#include <gtest/gtest.h>

#include <functional>

#include "ca/registration/request_check.h"
#include "ca/registration/template_grants.h"
#include "ca/registration/test_support.h"
#include "ca/signing/template_repository.h"

namespace hutong::ca::registration::test {
namespace {

class OrderInput : public RegistrationTest {
 protected:
  std::string_view refusal(const std::function<void(NewOrder&)>& spoil) const {
    NewOrder wish = application(Subscriber());
    spoil(wish);
    const auto entered = desk().enter(wish, enterer_);
    EXPECT_EQ(count("orders"), 0);
    return reason_of(entered);
  }
  template <typename Body>
  void change(Body body) const {
    must(storage::in_transaction(
        database(), [&](storage::Transaction& transaction) -> Status { return body(transaction); }));
  }
  TemplateGrants::Changes synchronise() const {
    return must(storage::in_transaction(database(), [&](storage::Transaction& transaction) {
      return TemplateGrants::synchronise(transaction, clock_.now());
    }));
  }
};
INSTANTIATE_TEST_SUITE_P(Databases, OrderInput, hutong::test::every_database(), hutong::test::database_name);

Bytes request_of(const crypto::Signer& key) {
  const auto der = x509::sign(
      x509::TbsCertificateRequest{
          .subject = x509::Name::from_string("CN=x").value(), .challenge_password = {}, .extensions = {}},
      key);
  const ByteView view = der.value().view();
  return {view.begin(), view.end()};
}

TEST_P(OrderInput, WhatIsWrongWithTheApplicantHasACode) {
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.applicant->number = "91350100M000100Y44"; }),
            "applicant.number");
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.applicant->name.clear(); }), "applicant.name");
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.applicant->name = "甲\n乙"; }), "applicant.name");
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.applicant->region = "110100"; }), "applicant.region");
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.applicant->phone = "x"; }), "applicant.phone");
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.applicant->email = "a b@c"; }), "applicant.email");
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.applicant.reset(); }), "order.field");
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.target = x509::Serial::from_hex("01").value(); }),
            "order.field");
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.note = std::string(501, 'x'); }), "order.note");
}

TEST_P(OrderInput, NamesThatBreakTheTemplateAreRefused) {
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.subject->attributes["C"] = "US"; }), "subject.fixed");
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.subject->attributes["DC"] = "x"; }), "subject.not_in_template");
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.subject->attributes["CN"] = std::string(65, 'x'); }),
            "subject.text");
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.subject->identities["credit_code"] = kOtherCreditCode; }),
            "order.number_mismatch");
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.subject->identities["credit_code"] = "1"; }),
            "subject.identity");
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.template_id = "nothing"; }), "template.not_taken_over");
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.template_id = "subordinate-ca"; }), "template.not_taken_over");
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.days = 2000; }), "issuing.days");
}

TEST_P(OrderInput, OnlySm2KeysCanBeChosen) {
  const auto choose = [](const char* algorithm, std::int64_t bits) {
    return [algorithm, bits](NewOrder& wish) {
      wish.key_algorithm = algorithm;
      wish.key_bits = bits;
    };
  };
  EXPECT_EQ(refusal(choose("RSA", 2048)), "order.key_choice");
  EXPECT_EQ(refusal(choose("SM2", 192)), "order.key_choice");
  auto wish = application(Subscriber());
  wish.key_algorithm = "SM2";
  wish.key_bits = 256;
  EXPECT_TRUE(desk().enter(wish, enterer_));
}

TEST_P(OrderInput, BadProofOfPossession) {
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.request.back() ^= 1U; }), "order.possession");
  EXPECT_EQ(refusal([](NewOrder& wish) { wish.request.resize(wish.request.size() / 2); }).substr(0, 5),
            "asn1.");
}

TEST_P(OrderInput, WeakKeysAreRefused) {
  Bytes small(32, 0);
  small[31] = 3;
  const crypto::Sm2Signer three(crypto::Sm2PrivateKey::from_octets(small).value());
  EXPECT_EQ(refusal([&](NewOrder& wish) { wish.request = request_of(three); }), "order.key_weak");
  EXPECT_FALSE(is_weak(*Subscriber().key.public_key().sm2()));
}

TEST_P(OrderInput, AKeyIsOrderedOnceAndFreeAgainAfterCancelling) {
  const Subscriber subscriber;
  const auto first = enter(application(subscriber));
  EXPECT_EQ(reason_of(desk().enter(application(subscriber), enterer_)), "order.key_repeated");
  must(desk().cancel(step(first), enterer_));
  const auto second = issued(application(subscriber));
  EXPECT_EQ(reason_of(desk().enter(application(subscriber), enterer_)), "order.key_repeated");
  EXPECT_EQ(second.state, OrderState::kIssued);
}

TEST_P(OrderInput, AKeyOfACertificateThatCameAnotherWayIsKnownToo) {
  const Subscriber subscriber;
  const auto prepared = must(ca_->signing().prepare(
      {.template_id = "device",
       .subject = {.attributes = {{"O", "演示机构"}, {"CN", "甲"}}, .dns_names = {"ca.example"}},
       .holder = {},
       .order = {},
       .key = subscriber.key.public_key(),
       .not_before = clock_.now()}));
  change([&](storage::Transaction& transaction) { return SigningSystem::store(transaction, prepared); });
  EXPECT_EQ(reason_of(desk().enter(application(subscriber), enterer_)), "order.key_repeated");
}

TEST_P(OrderInput, TemplatesAreTakenOverAndGivenUpBySynchronising) {
  change([&](storage::Transaction& transaction) { return TemplateGrants::withdraw(transaction, "device"); });
  const auto order = approved(application(Subscriber()));
  auto changes = synchronise();
  EXPECT_EQ(changes.withdrawn, std::vector<std::string>{"device"});
  change([&](storage::Transaction& transaction) -> Status {
    HUTONG_CHECK(TemplateGrants::withdraw(transaction, "organization-signing"));
    return TemplateGrants::grant(transaction, "time-stamping", clock_.now());
  });
  EXPECT_EQ(make(order.id)->reason, "template.not_granted") << "the CA decides, not what was taken over";
  changes = synchronise();
  EXPECT_EQ(changes.added, std::vector<std::string>{"time-stamping"});
  EXPECT_EQ(changes.withdrawn, std::vector<std::string>{"organization-signing"});
  EXPECT_EQ(reason_of(desk().enter(application(Subscriber()), enterer_)), "template.not_taken_over");
  change([&](storage::Transaction& transaction) {
    return TemplateGrants::grant(transaction, "organization-signing", clock_.now());
  });
  synchronise();
  EXPECT_FALSE(make(order.id));
}

TEST_P(OrderInput, OnlySubscribersTemplatesAreGranted) {
  const auto grant = [&](const char* id) {
    return reason_of(storage::in_transaction(database(), [&](storage::Transaction& transaction) {
      return TemplateGrants::grant(transaction, id, clock_.now());
    }));
  };
  EXPECT_EQ(grant("subordinate-ca"), "template.not_for_orders");
  EXPECT_EQ(grant("organization-encryption"), "template.not_for_orders");
  EXPECT_EQ(grant("nothing"), "template.unknown");
}

TEST_P(OrderInput, ANewVersionOfATemplateComesWithTheNextSynchronisation) {
  change([&](storage::Transaction& transaction) -> Status {
    HUTONG_TRY(auto made, TemplateRepository::find(transaction, "device"));
    made.version += 1;
    made.most_days = 800;
    return TemplateRepository::add(transaction, made, clock_.now());
  });
  EXPECT_EQ(synchronise().changed, std::vector<std::string>{"device"});
}

TEST_P(OrderInput, OnlyCertificatesThatExistAndFitCanBeOrderedFor) {
  EXPECT_EQ(reason_of(desk().enter(order_for(OrderKind::kRevocation, x509::Serial::from_hex("07").value()),
                                   enterer_)),
            "certificate.unknown");
  const auto order = issued(application(Subscriber()));
  EXPECT_EQ(reason_of(desk().enter(order_for(OrderKind::kRelease, *order.issued_signing), enterer_)),
            "certificate.state");
  auto wish = order_for(OrderKind::kRevocation, *order.issued_signing);
  wish.days = 5;
  EXPECT_EQ(reason_of(desk().enter(wish, enterer_)), "order.field");
  wish = order_for(OrderKind::kChange, *order.issued_signing);
  EXPECT_EQ(reason_of(desk().enter(wish, enterer_)), "order.field");
  clock_.move(std::chrono::hours(24 * 731));
  EXPECT_EQ(reason_of(desk().enter(order_for(OrderKind::kRenewal, *order.issued_signing), enterer_)),
            "certificate.expired");
}

TEST_P(OrderInput, ACentreThatRefusesOrSendsAnotherKeyStopsTheOrder) {
  const auto order = approved(application(Subscriber()));
  centre_.set_refusing(true);
  EXPECT_EQ(make(order.id)->reason, "key_centre.refused");
  EXPECT_EQ(now(order).problem->detail, "not today");
  centre_.set_refusing(false);
  centre_.set_swapping(true);
  EXPECT_EQ(make(order.id)->reason, "key_centre.wrong_key");
  EXPECT_EQ(count("certificates"), 0);
  centre_.set_swapping(false);
  EXPECT_FALSE(make(order.id));
}

}  // namespace
}  // namespace hutong::ca::registration::test
