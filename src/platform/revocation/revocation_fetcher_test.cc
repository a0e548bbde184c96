#include "platform/revocation/revocation_fetcher.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/file.h"
#include "net/log.h"
#include "platform/metrics.h"
#include "platform/validation/handlers.h"
#include "recognition/judge.h"
#include "tests/support/operator_client.h"
#include "tests/tools/test_ca.h"
#include "x509/extension_builder.h"
#include "x509/general_name.h"

namespace hutong::platform {
namespace {

using std::chrono::hours;
using test::kMid2027;
using test::Party;

x509::Serial serial_of(std::uint32_t number) {
  const Bytes magnitude = {static_cast<std::uint8_t>(number)};
  return x509::Serial::from_magnitude(magnitude);
}

/// What an address answers; any thread.
class Answer {
 public:
  void set(net::Response response) {
    const std::lock_guard lock(mutex_);
    response_ = std::move(response);
  }
  void set(const x509::Crl& list) { set(net::Response{.body = std::string(as_text(list.der()))}); }
  net::Response give(const net::Request& request) {
    const std::lock_guard lock(mutex_);
    ++asked_;
    const auto tag = request.headers.find("If-None-Match");
    const auto& headers = response_.headers;
    if (tag && !headers.empty() && headers.front().second == *tag) {
      ++unchanged_;
      return {.status = 304};
    }
    return response_;
  }
  std::size_t asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  std::size_t unchanged() const {
    const std::lock_guard lock(mutex_);
    return unchanged_;
  }

 private:
  mutable std::mutex mutex_;
  net::Response response_{.status = 404};
  std::size_t asked_ = 0;
  std::size_t unchanged_ = 0;
};

/// An accredited authority whose revocation list lies at an address of ours, and a platform's trust files.
class RevocationFetching : public testing::Test {
 protected:
  RevocationFetching() {
    net::set_log_level(net::LogLevel::kError);
    std::filesystem::create_directories(folder_ / "revocation");
    for (const auto* path : {"/ca.crl", "/partition.crl", "/delta.crl"}) {
      router_.add({.method = net::Method::kGet,
                   .pattern = path,
                   .weight = net::Weight::kLight,
                   .body_limit = 0,
                   .handler = [this, path](const net::Request& request) -> Result<net::Response> {
                     return answers_[path].give(request);
                   }});
      answers_[path];
    }
    server_ = std::make_unique<test::RunningServer>(router_);
    write("list",
          write_trust_list(content({address("/ca.crl")}), *list_signer_.signer, list_signer_certificate_)
              .value());
    write("signer", to_bytes(list_signer_certificate_.der()));
    trust_ = std::make_unique<TrustKeeper>(TrustFiles{.list = folder_ / "list",
                                                      .list_signer = folder_ / "signer",
                                                      .revocation_folder = folder_ / "revocation"},
                                           clock_);
    start_again();
  }
  ~RevocationFetching() override {
    fetcher_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string address(const std::string& path) const { return server_->url() + path; }
  recognition::TrustListContent content(const std::vector<std::string>& addresses) const {
    recognition::TrustListContent list;
    list.issued_at = kMid2027;
    list.next_update = kMid2027 + hours(24 * 30);
    list.services.push_back({.id = "ca",
                             .name_zh = "演示CA甲",
                             .name_en = "Demonstration CA A",
                             .vendor_zh = "演示",
                             .vendor_en = "Demonstration",
                             .kind = recognition::ServiceKind::kRoot,
                             .certificate = test::self_signed(issuer_),
                             .periods = {{.since = test::kYear2026}},
                             .quirks = {},
                             .revocation_addresses = addresses});
    return list;
  }
  void write(const std::string& name, const Bytes& octets) {
    ASSERT_TRUE(write_file(folder_ / name, octets));
  }
  /// The platform's program ends and begins.
  void start_again() {
    fetcher_ = std::make_unique<RevocationFetcher>(
        RevocationFetcher::Settings{
            .folder = folder_ / "revocation",
            .client = {.connect_timeout = std::chrono::seconds(5), .timeout = std::chrono::seconds(5)}},
        *trust_, clock_);
  }
  /// Until nobody is due; how many were asked.
  std::size_t fetch_all() {
    std::size_t asked = 0;
    while (fetcher_->fetch_one()) {
      ++asked;
    }
    return asked;
  }
  RevocationSource source(const std::string& path) const {
    for (auto& one : fetcher_->sources().all()) {
      if (one.address == address(path)) {
        return one;
      }
    }
    throw std::runtime_error(path + " is not known");
  }
  x509::Crl list_of(const Party& who, std::uint32_t serial, hours age = hours(1),
                    const std::vector<x509::ExtensionValue>& extensions = {}) const {
    x509::RevokedCertificate revoked;
    revoked.serial = serial_of(serial);
    revoked.revoked_at = kMid2027 - hours(48);
    return test::list(who, {revoked}, kMid2027 - age, kMid2027 + hours(24), extensions);
  }
  bool is_revoked(std::uint32_t serial) const {
    for (const auto& list : trust_->current()->revocation.crls()) {
      if (list.find(serial_of(serial))) {
        return true;
      }
    }
    return false;
  }
  static x509::ExtensionValue points(const std::string& address) {
    return x509::extension::crl_distribution_points({{x509::uri_name(address)}});
  }
  recognition::RecognitionReport judge(const x509::Certificate& certificate) const {
    const auto snapshot = trust_->current();
    return recognition::judge(
        {.file = certificate.der(), .at = kMid2027, .revocation = x509::RevocationMode::kRequire},
        {.list = &snapshot->list, .now = kMid2027, .revocation = &snapshot->revocation});
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("hutong-fetch-" + std::to_string(getpid()));
  test::MovableClock clock_{kMid2027};
  Party issuer_{"CA"};
  Party stranger_{"陌生CA"};
  Party holder_{"供应商"};
  Party list_signer_{"List signer"};
  x509::Certificate list_signer_certificate_ = test::issue(issuer_, list_signer_, {.serial = 8});
  std::map<std::string, Answer> answers_;
  net::Router router_;
  std::unique_ptr<test::RunningServer> server_;
  std::unique_ptr<TrustKeeper> trust_;
  std::unique_ptr<RevocationFetcher> fetcher_;
};

TEST_F(RevocationFetching, BringsWhatTheTrustListNames) {
  const auto certificate = test::issue(issuer_, holder_, {.serial = 7});
  answers_["/ca.crl"].set(list_of(issuer_, 1));
  EXPECT_EQ(judge(certificate).indication, x509::Indication::kIndeterminate);
  EXPECT_EQ(fetch_all(), 1U);
  EXPECT_EQ(judge(certificate).indication, x509::Indication::kValid);

  const auto known = source("/ca.crl");
  EXPECT_EQ(known.failure, "");
  ASSERT_TRUE(known.list);
  EXPECT_EQ(known.list->entries, 1U);
  const auto json = to_json(known);
  EXPECT_EQ(json["origin"], "trust_list");
  EXPECT_EQ(json["list"]["this_update"], "2027-05-31T23:00:00Z");
  EXPECT_FALSE(json.contains("failure"));

  answers_["/ca.crl"].set(list_of(issuer_, 7, hours(0)));
  EXPECT_EQ(fetch_all(), 0U) << "asked before its time";
  clock_.move(std::chrono::seconds(60));
  EXPECT_EQ(fetch_all(), 1U);
  const auto report = judge(certificate);
  EXPECT_EQ(report.indication, x509::Indication::kInvalid);
  EXPECT_TRUE(x509::has_finding(report.findings, "revocation.revoked"));
}

TEST_F(RevocationFetching, KeepsWhatItHasWhenAnAnswerIsNoGood) {
  answers_["/ca.crl"].set(list_of(issuer_, 7));
  fetch_all();
  ASSERT_TRUE(is_revoked(7));
  const Party same_name("CA", "another key");
  const struct {
    net::Response answer;
    std::string reason;
  } bad[] = {
      {{.status = 500}, "revocation.status"},
      {{.status = 304}, "revocation.status"},
      {{.status = 302, .headers = {{"Location", address("/partition.crl")}}}, "revocation.status"},
      {{.body = ""}, "revocation.kind"},
      {{.body = "<html>not here</html>"}, "revocation.kind"},
      {{.body = std::string(as_text(test::self_signed(issuer_).der()))}, "revocation.kind"},
      {{.body = std::string(as_text(list_of(stranger_, 1, hours(0)).der()))}, "revocation.issuer"},
      {{.body = std::string(as_text(list_of(same_name, 1, hours(0)).der()))}, "revocation.signature"},
      {{.body = std::string(as_text(list_of(issuer_, 1, hours(2)).der()))}, "revocation.older"},
  };
  for (const auto& [answer, reason] : bad) {
    answers_["/ca.crl"].set(answer);
    clock_.move(hours(1));
    start_again();  // so that there is no entity tag, and what is kept is read from the disk
    EXPECT_EQ(fetch_all(), 1U) << reason;
    EXPECT_EQ(source("/ca.crl").failure, reason);
    EXPECT_EQ(to_json(source("/ca.crl"))["failure"], reason);
    EXPECT_TRUE(is_revoked(7)) << reason;
  }
}

TEST_F(RevocationFetching, AsksWhetherTheListChanged) {
  const auto list = list_of(issuer_, 7);
  answers_["/ca.crl"].set({.body = std::string(as_text(list.der())), .headers = {{"ETag", "\"1\""}}});
  fetch_all();
  clock_.move(std::chrono::seconds(60));
  fetch_all();
  EXPECT_EQ(answers_["/ca.crl"].asked(), 2U);
  EXPECT_EQ(answers_["/ca.crl"].unchanged(), 1U);
  EXPECT_EQ(source("/ca.crl").failure, "");
  EXPECT_EQ(source("/ca.crl").checked_at, kMid2027 + std::chrono::seconds(60));
}

TEST_F(RevocationFetching, AsksLessOftenWhatFails) {
  std::vector<std::chrono::seconds> pauses;
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(fetch_all(), 1U);
    pauses.push_back(source("/ca.crl").next_try - clock_.now());
    clock_.move(pauses.back());
  }
  using std::chrono::seconds;
  EXPECT_EQ(pauses, (std::vector<seconds>{seconds(60), seconds(120), seconds(240), seconds(480), seconds(900),
                                          seconds(900), seconds(900)}));
  answers_["/ca.crl"].set(list_of(issuer_, 7));
  fetch_all();
  EXPECT_EQ(source("/ca.crl").next_try - clock_.now(), seconds(60));
  EXPECT_EQ(source("/ca.crl").failures, 0U);
}

TEST_F(RevocationFetching, LearnsFromRecognisedCertificatesAndFromLists) {
  const auto certificate =
      test::issue(issuer_, holder_, {.serial = 7, .extensions = {points(address("/partition.crl"))}});
  const auto reports = ReportStore::open({}, {}).value();
  Metrics metrics;
  const auto evidence = EvidenceStore::open({}, {}, clock_).value();
  const CreateValidation handler({.trust = *trust_,
                                  .reports = *reports,
                                  .evidence = *evidence,
                                  .metrics = metrics,
                                  .clock = clock_,
                                  .sources = &fetcher_->sources()});
  Upload upload;
  upload.file = certificate.der();
  upload.revocation = x509::RevocationMode::kRequire;
  ASSERT_TRUE(handler.process(upload));
  answers_["/partition.crl"].set(list_of(
      issuer_, 7, hours(1), {x509::extension::freshest_crl({{x509::uri_name(address("/delta.crl"))}})}));
  EXPECT_EQ(fetch_all(), 3U);
  EXPECT_EQ(source("/partition.crl").origin, SourceOrigin::kCertificate);
  EXPECT_EQ(source("/delta.crl").origin, SourceOrigin::kList);
  EXPECT_EQ(judge(certificate).indication, x509::Indication::kInvalid);
}

TEST_F(RevocationFetching, LearnsNothingFromStrangersAndNotWithoutEnd) {
  const auto unknown =
      test::issue(stranger_, holder_, {.serial = 7, .extensions = {points(address("/partition.crl"))}});
  fetcher_->sources().learn(judge(unknown), kMid2027);
  EXPECT_TRUE(fetcher_->sources().all().empty());

  const Party forger("CA", "another key");
  const auto forged =
      test::issue(forger, holder_, {.serial = 7, .extensions = {points(address("/partition.crl"))}});
  fetcher_->sources().learn(judge(forged), kMid2027);
  EXPECT_TRUE(fetcher_->sources().all().empty());

  for (const auto* refused : {"https://ca.example/a.crl", "ldap://ca.example/a", "http://ca.example/a b",
                              "file:///etc/passwd", "http://user@ca.example/a"}) {
    const auto certificate = test::issue(issuer_, holder_, {.serial = 7, .extensions = {points(refused)}});
    fetcher_->sources().learn(judge(certificate), kMid2027);
    EXPECT_TRUE(fetcher_->sources().all().empty()) << refused;
  }

  const auto good =
      test::issue(issuer_, holder_, {.serial = 7, .extensions = {points(address("/delta.crl"))}});
  fetcher_->sources().learn(judge(good), kMid2027);
  EXPECT_EQ(fetcher_->sources().all().size(), 1U);

  std::vector<std::string> many;
  for (std::size_t i = 0; i < 2 * RevocationSources::kMostPerIssuer; ++i) {
    many.push_back("http://ca.example/" + std::to_string(i));
  }
  const auto& accredited = trust_->current()->list.list->content().services[0].certificate;
  fetcher_->sources().learn(accredited, many, SourceOrigin::kCertificate, kMid2027);
  EXPECT_EQ(fetcher_->sources().all().size(), RevocationSources::kMostPerIssuer);
}

TEST_F(RevocationFetching, AnAuthorityWithANewKeyMayKeepItsAddress) {
  const Party renewed("CA", "the key after it");
  const auto release = [this](std::uint64_t number, const std::vector<const Party*>& parties) {
    auto next = content({address("/ca.crl")});
    next.number = number;
    const auto service = next.services.front();
    next.services.clear();
    for (const Party* party : parties) {
      next.services.push_back(service);
      next.services.back().id = std::to_string(next.services.size());
      next.services.back().certificate = test::self_signed(*party);
    }
    write("list", write_trust_list(next, *list_signer_.signer, list_signer_certificate_).value());
    trust_->refresh();
  };
  answers_["/ca.crl"].set(list_of(issuer_, 1, hours(3)));
  fetch_all();
  EXPECT_TRUE(is_revoked(1));

  answers_["/ca.crl"].set(list_of(renewed, 2, hours(2)));
  clock_.move(std::chrono::seconds(60));
  fetch_all();
  EXPECT_EQ(source("/ca.crl").failure, "revocation.signature");
  release(2, {&issuer_, &renewed});
  EXPECT_EQ(fetch_all(), 1U) << "at once";
  EXPECT_EQ(source("/ca.crl").failure, "");
  EXPECT_EQ(source("/ca.crl").issuers.size(), 2U);
  EXPECT_TRUE(is_revoked(2));

  release(3, {&renewed});
  answers_["/ca.crl"].set(list_of(issuer_, 3, hours(1)));
  fetch_all();
  EXPECT_EQ(source("/ca.crl").failure, "revocation.signature");
  EXPECT_TRUE(is_revoked(2));
}

TEST_F(RevocationFetching, NobodyTakesTheAddressOfAnother) {
  const Party other("Another accredited CA");
  fetcher_->sources().learn(test::self_signed(other), {address("/ca.crl")}, SourceOrigin::kCertificate,
                            kMid2027);
  answers_["/ca.crl"].set(list_of(issuer_, 7));
  EXPECT_EQ(fetch_all(), 1U);
  EXPECT_EQ(source("/ca.crl").failure, "");
  EXPECT_EQ(source("/ca.crl").origin, SourceOrigin::kTrustList);
  EXPECT_TRUE(is_revoked(7));
}

TEST_F(RevocationFetching, WhatIsLearntWhileAnAddressIsAskedIsNotLost) {
  auto& sources = fetcher_->sources();
  sources.follow(trust_->current()->list.list, kMid2027);
  auto asked = sources.take_due(kMid2027);
  ASSERT_TRUE(asked);
  EXPECT_FALSE(sources.take_due(kMid2027)) << "nobody else gets it";
  sources.learn(test::self_signed(stranger_), {asked->address}, SourceOrigin::kCertificate, kMid2027);
  asked->next_try = kMid2027 + hours(1);
  sources.give_back(std::move(*asked));
  EXPECT_EQ(sources.all().at(0).issuers.size(), 2U);
  EXPECT_TRUE(sources.take_due(kMid2027)) << "and is asked once more";
}

TEST_F(RevocationFetching, ForgetsWhatANewListNamesNoLonger) {
  fetch_all();
  auto next = content({address("/delta.crl")});
  next.number = 2;
  write("list", write_trust_list(next, *list_signer_.signer, list_signer_certificate_).value());
  trust_->refresh();
  EXPECT_EQ(fetch_all(), 1U);
  const auto sources = fetcher_->sources().all();
  ASSERT_EQ(sources.size(), 1U);
  EXPECT_EQ(sources[0].address, address("/delta.crl"));
}

}  // namespace
}  // namespace hutong::platform
