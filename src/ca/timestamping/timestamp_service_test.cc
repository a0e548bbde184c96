#include "ca/timestamping/timestamp_service.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>

#include "asn1/oids.h"
#include "audit/audit_log.h"
#include "ca/signing/issuer.h"
#include "ca/timestamping/timestamp_repository.h"
#include "crypto/pem.h"
#include "tests/support/program.h"
#include "tests/support/support.h"
#include "tests/support/test_database.h"
#include "tests/tools/peer_signer.h"
#include "tests/tools/test_ca.h"
#include "x509/chain_verifier.h"

namespace hutong::ca {
namespace {

using cms::TimestampFailure;
using cms::TimestampRequest;
using cms::TimestampResponse;
using cms::TimestampStatus;
using hutong::test::Party;
using Ordering = TimestampOptions::Ordering;

constexpr asn1::Oid kPolicy("1.2.156.10197.6.1.4.9.1");
constexpr asn1::Oid kOtherPolicy("1.2.156.10197.6.1.4.9.2");

/// A signer that the service may own, over one that the test keeps.
class Borrowed final : public crypto::Signer {
 public:
  explicit Borrowed(std::shared_ptr<const crypto::Signer> signer) : signer_(std::move(signer)) {}
  const crypto::PublicKey& public_key() const override { return signer_->public_key(); }
  crypto::SignatureAlgorithm algorithm() const override { return signer_->algorithm(); }
  Result<Bytes> sign(ByteView message) const override { return signer_->sign(message); }
  Result<Bytes> sign_digest(ByteView digest) const override { return signer_->sign_digest(digest); }

 private:
  std::shared_ptr<const crypto::Signer> signer_;
};

Time at(std::string_view rfc3339) { return from_rfc3339(rfc3339).value(); }

template <typename T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().reason) + " " + result.error().detail);
  }
  return std::move(result).value();
}

TimestampService::Signer tsa_of(const Party& issuer, const Party& subject) {
  auto certificate = hutong::test::issue(
      issuer, subject,
      {.serial = 7, .extensions = {x509::extension::extended_key_usage({asn1::oids::kTimeStamping}, true)}});
  return {std::move(certificate), std::make_unique<Borrowed>(subject.signer)};
}

class Timestamping : public testing::TestWithParam<storage::DatabaseKind> {
 protected:
  void SetUp() override {
    HUTONG_NEED_DATABASE(home_);
    database_.emplace(must(storage::Database::open(home_.url())));
    must(storage::migrate(*database_, "audit", audit::migrations(), SystemClock()));
    must(storage::migrate(*database_, kTimestampingComponent, timestamping_migrations(), SystemClock()));
    serve(Ordering::kByAccuracy);
  }
  void serve(Ordering ordering) {
    service_ = must(TimestampService::create(*database_, tsa_of(ca_, Party("时间戳")),
                                             {.policies = {kPolicy, kOtherPolicy}, .ordering = ordering}));
  }
  static TimestampRequest request(std::string_view data = "标书") {
    return {.imprint = cms::imprint_of(as_bytes(data)),
            .policy = std::nullopt,
            .nonce = x509::Serial::from_hex("0102030405060708").value(),
            .certificate_wanted = true,
            .extensions = {}};
  }
  TimestampResponse ask(ByteView der, std::string_view when = "2027-01-01") {
    return must(TimestampResponse::from_der(service_->answer(der, "10.0.0.1", at(when)).to_der()));
  }
  TimestampResponse ask(const TimestampRequest& wanted, std::string_view when = "2027-01-01") {
    return ask(wanted.to_der(), when);
  }
  cms::TimestampReport judge(const TimestampRequest& wanted, const TimestampResponse& response) {
    const std::vector<x509::TrustAnchor> anchors{must(x509::TrustAnchor::of(ca_certificate_))};
    const cms::TrustContext trust{.anchors = anchors, .revocation = x509::RevocationMode::kNone};
    const Bytes der = response.to_der();
    return cms::verify_timestamp(der, cms::expectation_of(wanted), {.at = at("2027-01-02"), .trust = &trust});
  }
  std::vector<audit::Record> records(std::string action) {
    auto reader = must(database_->read());
    return must(audit::search(reader, {.action = std::move(action)})).records;
  }

  hutong::test::TestDatabase home_{GetParam()};
  std::optional<storage::Database> database_;
  Party ca_{"演示CA甲"};
  x509::Certificate ca_certificate_ = hutong::test::self_signed(ca_);
  std::unique_ptr<TimestampService> service_;
};
INSTANTIATE_TEST_SUITE_P(Storage, Timestamping, hutong::test::every_database(), hutong::test::database_name);

TEST_P(Timestamping, AStampSaysWhatWasAskedAndVerifies) {
  const auto wanted = request();
  const auto response = ask(wanted, "2027-01-01T08:00:00Z");
  ASSERT_EQ(response.status, TimestampStatus::kGranted);
  const auto report = judge(wanted, response);
  EXPECT_EQ(report.indication, x509::Indication::kValid);
  ASSERT_TRUE(report.info);
  EXPECT_EQ(report.info->policy, kPolicy);
  EXPECT_EQ(report.info->time, at("2027-01-01T08:00:00Z"));
  EXPECT_EQ(report.info->nonce, wanted.nonce);
  EXPECT_EQ(report.info->accuracy->seconds, 1U);
  EXPECT_FALSE(report.info->ordering);
  EXPECT_EQ(report.info->authority, x509::directory_name(service_->certificate().subject()));
}

TEST_P(Timestamping, EveryStampIsRecordedAndAudited) {
  const auto response = ask(request());
  const auto info = judge(request(), response).info;
  ASSERT_TRUE(info);
  auto reader = must(database_->read());
  const auto kept = must(TimestampRepository::find(reader, info->serial));
  EXPECT_EQ(kept.time, storage::Moment(at("2027-01-01")));
  EXPECT_EQ(kept.imprint, info->imprint.digest);
  EXPECT_EQ(kept.digest, "SM3");
  const auto audited = records("timestamp.given");
  ASSERT_EQ(audited.size(), 1U);
  EXPECT_EQ(audited[0].event.object_id, info->serial.to_hex());
  EXPECT_EQ(TimestampRepository::find(reader, fresh_serial()).error().reason, "timestamp.unknown");
}

TEST_P(Timestamping, WhatIsRefusedIsRefusedAsTheNormSays) {
  const auto failure_of = [&](const TimestampRequest& wanted, std::string_view when = "2027-01-01") {
    const auto response = ask(wanted, when);
    EXPECT_EQ(response.status, TimestampStatus::kRejection);
    EXPECT_FALSE(response.status_text.empty());
    EXPECT_TRUE(response.token.empty());
    return response.failure;
  };
  auto sha1 = request();
  sha1.imprint = cms::imprint_of(as_bytes("标书"), crypto::DigestAlgorithm::kSha1);
  EXPECT_EQ(failure_of(sha1), TimestampFailure::kBadAlg);
  auto foreign = request();
  foreign.policy = asn1::Oid("1.2.3.4");
  EXPECT_EQ(failure_of(foreign), TimestampFailure::kUnacceptedPolicy);
  EXPECT_EQ(failure_of(request(), "2040-01-01"), TimestampFailure::kSystemFailure) << "TSA expired";
  EXPECT_EQ(records("timestamp.refused").size(), 3U);
  EXPECT_EQ(ask(Bytes{0x30, 0x03, 0x02, 0x01, 0x01}).failure, TimestampFailure::kBadDataFormat);
  EXPECT_EQ(ask(Bytes{}).failure, TimestampFailure::kBadDataFormat);
  EXPECT_EQ(records("timestamp.refused").size(), 3U) << "what is no request is not audited";
  EXPECT_TRUE(records("timestamp.given").empty());
}

TEST_P(Timestamping, AnUnknownExtensionIsRefusedEvenWhenItIsNotCritical) {
  Bytes der = request().to_der();
  const Bytes extension = hutong::test::hex("a0 0d 30 0b 06 03 2a 03 04 04 04 04 02 05 00");
  append(der, extension);
  der[1] = static_cast<std::uint8_t>(der[1] + extension.size());
  EXPECT_EQ(ask(der).failure, TimestampFailure::kUnacceptedExtension);
}

TEST_P(Timestamping, APolicyOfTheListIsGrantedAndTheCertificateIsLeftOutUnlessWanted) {
  auto wanted = request();
  wanted.policy = kOtherPolicy;
  wanted.certificate_wanted = false;
  const auto without = ask(wanted);
  EXPECT_EQ(without.status, TimestampStatus::kGranted);
  wanted.certificate_wanted = true;
  const auto with = ask(wanted);
  EXPECT_EQ(judge(wanted, with).info->policy, kOtherPolicy);
  EXPECT_GT(with.token.size(), without.token.size() + 300);
}

TEST_P(Timestamping, AClockThatWentBackStampsNothing) {
  EXPECT_EQ(ask(request(), "2027-01-01T08:00:00Z").status, TimestampStatus::kGranted);
  EXPECT_EQ(ask(request(), "2027-01-01T07:59:59Z").failure, TimestampFailure::kTimeNotAvailable);
  EXPECT_EQ(ask(request(), "2027-01-01T08:00:00Z").status, TimestampStatus::kGranted);
}

TEST_P(Timestamping, OrderedStampsAreToldApartByTheirTimeAlone) {
  serve(Ordering::kByTime);
  std::vector<storage::Moment> times;
  std::set<x509::Serial> serials;
  for (int i = 0; i < 4; ++i) {
    const auto info = judge(request(), ask(request(), "2027-01-01T08:00:00Z")).info;
    ASSERT_TRUE(info);
    EXPECT_TRUE(info->ordering);
    times.push_back(info->time + std::chrono::microseconds(info->microseconds));
    serials.insert(info->serial);
  }
  EXPECT_TRUE(std::ranges::is_sorted(times, std::less_equal<>()));
  EXPECT_EQ(times.front(), storage::Moment(at("2027-01-01T08:00:00Z")));
  EXPECT_EQ(serials.size(), 4U);
}

TEST_P(Timestamping, ACertificateForOtherUsesIsNoTsa) {
  const Party subject("时间戳");
  TimestampService::Signer signer{hutong::test::issue(ca_, subject, {.serial = 8}),
                                  std::make_unique<Borrowed>(subject.signer)};
  EXPECT_EQ(TimestampService::create(*database_, std::move(signer), {.policies = {kPolicy}}).error().reason,
            "timestamp.certificate");
  EXPECT_EQ(TimestampService::create(*database_, tsa_of(ca_, subject), {}).error().reason,
            "timestamp.options");
}

/// The stock command asks us and judges what came back.
class OpensslAsksTheTsa : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Keys, OpensslAsksTheTsa, testing::Bool(),
                         [](const auto& key) { return key.param ? "Rsa" : "P256"; });

TEST_P(OpensslAsksTheTsa, AndAcceptsTheStamp) {
  const auto key = [&] {
    return GetParam() ? hutong::test::rsa_signer(2048, crypto::DigestAlgorithm::kSha256)
                      : hutong::test::p256_signer();
  };
  const Party ca("测试CA", key());
  const Party tsa("测试TSA", key());
  const hutong::test::TestDatabase home(storage::DatabaseKind::kSqlite);
  auto database = must(storage::Database::open(home.url()));
  must(storage::migrate(database, "audit", audit::migrations(), SystemClock()));
  must(storage::migrate(database, kTimestampingComponent, timestamping_migrations(), SystemClock()));
  const auto service = must(TimestampService::create(database, tsa_of(ca, tsa), {.policies = {kPolicy}}));

  const hutong::test::Folder folder;
  const auto data = folder.write("data", as_bytes("标书正文"));
  const std::string pem = crypto::write_pem("CERTIFICATE", hutong::test::self_signed(ca).der());
  const auto root = folder.write("ca.pem", as_bytes(pem));
  const auto openssl = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "ts");
    return hutong::test::program("openssl", {.arguments = std::move(arguments)});
  };
  ASSERT_EQ(openssl({"-query", "-data", data, "-sha256", "-cert", "-out", folder.file("request.tsq")}).exit,
            0);
  const auto response = service->answer(folder.read("request.tsq"), "127.0.0.1", SystemClock().now());
  const auto reply = folder.write("reply.tsr", response.to_der());
  const auto verified =
      openssl({"-verify", "-queryfile", folder.file("request.tsq"), "-in", reply, "-CAfile", root});
  EXPECT_EQ(verified.exit, 0) << verified.out << verified.err;
  EXPECT_NE(verified.out.find("Verification: OK"), std::string::npos) << verified.out;
  const auto other = folder.write("other", as_bytes("另一份标书"));
  EXPECT_NE(openssl({"-verify", "-data", other, "-in", reply, "-CAfile", root}).exit, 0);
}

}  // namespace
}  // namespace hutong::ca
