#include "recognition/trust_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "cms/sign.h"
#include "demonstration/region.h"
#include "recognition/internal/test_time.h"
#include "recognition/list_signers.h"
#include "recognition/report_json.h"
#include "x509/builder.h"
#include "x509/extension_builder.h"

namespace hutong::recognition {
namespace {

using demonstration::kDay;
using test::kNow;

const demonstration::Region& region() {
  static const demonstration::Region made = *demonstration::make_region(kNow);
  return made;
}

Service service_of(const x509::Certificate& certificate, ServiceKind kind,
                   std::vector<StatusPeriod> periods) {
  return {.id = "x",
          .name_zh = "服务",
          .name_en = "service",
          .vendor_zh = "厂商",
          .vendor_en = "vendor",
          .kind = kind,
          .certificate = certificate,
          .periods = std::move(periods),
          .quirks = {"cert.sm2_null_parameters"}};
}

TrustListContent content_of(std::vector<Service> services) {
  TrustListContent content;
  content.number = 7;
  content.previous_sm3 = crypto::sm3(as_bytes("list no. 6"));
  content.issued_at = kNow;
  content.next_update = kNow + 30 * kDay;
  content.operator_zh = "运营方";
  content.operator_en = "operator";
  content.services = std::move(services);
  return content;
}

Service root_a() {
  return service_of(region().root_a.certificate(), ServiceKind::kRoot,
                    {{ServiceStatus::kGranted, kNow - 300 * kDay},
                     {ServiceStatus::kSuspended, kNow - 200 * kDay},
                     {ServiceStatus::kGranted, kNow - 100 * kDay}});
}

Bytes good_file() {
  return *write_trust_list(content_of({root_a()}), region().list_signer.key,
                           region().list_signer.certificate);
}

LoadedTrustList load(ByteView file, Time now = kNow) {
  return load_trust_list(file, region().list_signer.certificate, now);
}

/// The list's text signed as it is, without the writer's checks.
LoadedTrustList load_text(const std::string& text) {
  const std::vector<cms::MessageSigner> signers = {
      {.key = region().list_signer.key, .certificate = region().list_signer.certificate}};
  return load(*cms::sign_attached(as_bytes(text), signers));
}

TEST(TrustListFile, RoundTrip) {
  const Bytes file = good_file();
  const auto loaded = load(file);
  ASSERT_NE(loaded.list, nullptr) << loaded.detail;
  EXPECT_EQ(loaded.state(kNow), TrustListState::kCurrent);
  EXPECT_EQ(loaded.list->sm3(), crypto::sm3(file));
  const auto& content = loaded.list->content();
  EXPECT_EQ(content.number, 7U);
  EXPECT_EQ(content.previous_sm3, crypto::sm3(as_bytes("list no. 6")));
  EXPECT_EQ(content.next_update, kNow + 30 * kDay);
  ASSERT_EQ(content.services.size(), 1U);
  EXPECT_EQ(content.services[0].certificate, region().root_a.certificate());
  EXPECT_EQ(content.services[0].quirks, std::vector<std::string>{"cert.sm2_null_parameters"});
  EXPECT_EQ(to_json_text(content), to_json_text(content_of({root_a()})));
}

TEST(TrustListFile, ExpiresByTheClock) {
  const auto loaded = load(good_file());
  EXPECT_EQ(loaded.state(kNow + 30 * kDay), TrustListState::kCurrent);
  EXPECT_EQ(loaded.state(kNow + 30 * kDay + std::chrono::seconds(1)), TrustListState::kExpired);
}

TEST(TrustListFile, EveryChangedOctetIsNoticed) {
  const Bytes file = good_file();
  for (std::size_t i = 0; i < file.size(); i += 7) {
    Bytes changed = file;
    changed[i] = static_cast<std::uint8_t>(changed[i] ^ 0x20);
    const auto loaded = load(changed);
    // What is not signed (the certificate that came along, unused header octets) may change without harm.
    if (loaded.list != nullptr) {
      EXPECT_EQ(to_json_text(loaded.list->content()), to_json_text(content_of({root_a()}))) << i;
    }
  }
}

TEST(TrustListFile, TruncatedAndForeignFilesAreBadlySigned) {
  const Bytes file = good_file();
  for (const ByteView bad : {ByteView(), ByteView(file).first(file.size() / 2),
                             ByteView(file).first(file.size() - 1), region().root_a.certificate().der()}) {
    EXPECT_EQ(load(bad).state(kNow), TrustListState::kBadSignature);
    EXPECT_EQ(load(bad).reason, "trust_list.bad_signature");
  }
  const auto other =
      write_trust_list(content_of({root_a()}), region().supplier.key, region().supplier.certificate);
  EXPECT_EQ(load(*other).state(kNow), TrustListState::kBadSignature) << "signed, but not by the list signer";
}

TEST(TrustListFile, TheSignersCertificateMustBeInForce) {
  const auto loaded = load(good_file(), region().list_signer.certificate.not_after() + kDay);
  EXPECT_EQ(loaded.list, nullptr);
  EXPECT_EQ(loaded.reason, "trust_list.signer_expired");
}

TEST(TrustListFile, RefusedQuirksMayBeThoseOfMessages) {
  Service service = root_a();
  service.refused_quirks = {"cms.ber_encoding", "cert.version_1"};
  const std::string text = to_json_text(content_of({service}));
  const auto read = trust_list_from_json(text);
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->services[0].refused_quirks, service.refused_quirks);
  std::string wrong = text;
  wrong.replace(wrong.find("cms.ber_encoding"), 16, "cms.no_such_thing");
  EXPECT_NE(trust_list_from_json(wrong).error().detail.find("refused_quirks"), std::string::npos);
  service.refused_quirks.clear();
  service.quirks = {"cms.ber_encoding"};
  EXPECT_FALSE(trust_list_from_json(to_json_text(content_of({service})))) << "there is nothing to allow";
}

TEST(TrustListFile, NamesWhereRevocationListsLie) {
  Service service = root_a();
  service.revocation_addresses = {"http://ca.example/ca.crl", "http://mirror.example/ca.crl"};
  const std::string text = to_json_text(content_of({service}));
  const auto read = trust_list_from_json(text);
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->services[0].revocation_addresses, service.revocation_addresses);
  EXPECT_NE(to_xml_text(content_of({service}))
                .find("<revocation_address>http://mirror.example/ca.crl</revocation_address>"),
            std::string::npos);
  EXPECT_EQ(to_json_text(content_of({root_a()})).find("revocation_addresses"), std::string::npos);
  for (const std::string& bad : std::vector<std::string>{"https://ca.example/", "ldap://ca.example/",
                                                         "http://a b/", "http://" + std::string(1024, 'a')}) {
    service.revocation_addresses = {bad};
    const auto refused = trust_list_from_json(to_json_text(content_of({service})));
    ASSERT_FALSE(refused) << bad;
    EXPECT_NE(refused.error().detail.find("revocation_addresses"), std::string::npos);
  }
  service.revocation_addresses.assign(kMostRevocationAddresses + 1, "http://ca.example/");
  EXPECT_FALSE(trust_list_from_json(to_json_text(content_of({service}))));
}

TEST(TrustListFile, MalformedContentIsRefusedWithTheMember) {
  const std::string good = to_json_text(content_of({root_a()}));
  ASSERT_EQ(load_text(good).state(kNow), TrustListState::kCurrent);
  struct Case {
    std::string from, to, detail;
  };
  for (const Case& bad :
       {Case{"hutong-trust-list/1", "hutong-trust-list/2", "format"},
        Case{"\"number\": 7", "\"number\": 0", "number"}, Case{"\"number\": 7", "\"number\": -7", "number"},
        Case{"\"issued_at\"", "\"issued\"", "issued_at"},
        Case{"\"services\": [", "\"services\": [3, ", "service"},
        Case{"\"kind\": \"root\"", "\"kind\": \"roof\"", "kind"},
        Case{"\"status\": \"suspended\"", "\"status\": \"ended\"", "status"},
        Case{"cert.sm2_null_parameters", "cert.anything", "quirks"},
        Case{"\"certificate\": \"MI", "\"certificate\": \"AA", "certificate"}, Case{"{", "[", "object"}}) {
    std::string text = good;
    text.replace(text.find(bad.from), bad.from.size(), bad.to);
    const auto loaded = load_text(text);
    EXPECT_EQ(loaded.state(kNow), TrustListState::kMalformed) << bad.to;
    EXPECT_NE(loaded.detail.find(bad.detail), std::string::npos) << loaded.detail;
  }
}

TEST(TrustListAnchors, FollowTheStatusHistory) {
  const auto loaded = load(good_file());
  const auto& anchors = loaded.list->anchors();
  ASSERT_EQ(anchors.size(), 2U);
  EXPECT_EQ(anchors[0].trusted_from, kNow - 300 * kDay);
  EXPECT_EQ(anchors[0].trusted_until, kNow - 200 * kDay - std::chrono::seconds(1));
  EXPECT_EQ(anchors[1].trusted_from, kNow - 100 * kDay);
  EXPECT_FALSE(anchors[1].trusted_until);
  const Service* service = loaded.list->find(region().root_a.certificate());
  ASSERT_NE(service, nullptr);
  EXPECT_EQ(service->status_at(kNow - 150 * kDay), ServiceStatus::kSuspended);
  EXPECT_EQ(service->status_at(kNow), ServiceStatus::kGranted);
  EXPECT_FALSE(service->status_at(kNow - 301 * kDay));
}

TEST(TrustListAnchors, ACaBelowAListedRootIsNoAnchor) {
  const std::vector<StatusPeriod> granted = {{ServiceStatus::kGranted, kNow - 300 * kDay}};
  const TrustList both(
      content_of({root_a(), service_of(region().ca_a.certificate(), ServiceKind::kCa, granted)}), {});
  EXPECT_EQ(both.intermediates().size(), 1U);
  EXPECT_EQ(both.anchors().size(), 2U);
  const TrustList alone(content_of({service_of(region().ca_a.certificate(), ServiceKind::kCa, granted)}), {});
  EXPECT_TRUE(alone.intermediates().empty());
  EXPECT_EQ(alone.anchors().size(), 1U);
  const auto candidates = both.candidates_for({region().supplier.certificate.issuer()});
  EXPECT_EQ(candidates.intermediates.size(), 1U);
  EXPECT_EQ(candidates.anchors.size(), 2U) << "the root of the CA, in both its periods";
  EXPECT_TRUE(both.candidates_for({region().purchaser.certificate.issuer()}).anchors.empty());
}

/// How long that takes is for recognition_bench to say.
TEST(TrustListSize, ManyServicesLoad) {
  const auto key = demonstration::fresh_key();
  std::vector<Service> services;
  const Bytes spki = key.public_key().to_spki();
  const Bytes first = to_bytes(x509::sign(x509::TbsCertificate{.serial = demonstration::fresh_serial(),
                                                               .issuer = x509::NameBuilder().build(),
                                                               .subject = x509::NameBuilder().build(),
                                                               .not_before = kNow,
                                                               .not_after = kNow + 365 * kDay,
                                                               .spki = spki,
                                                               .extensions = {}},
                                          key)
                                   ->view());
  for (int i = 0; i < 2'000; ++i) {
    const auto name = x509::NameBuilder().add(asn1::oids::kCommonName, "CA " + std::to_string(i)).build();
    x509::TbsCertificate tbs{.serial = demonstration::fresh_serial(),
                             .issuer = name,
                             .subject = name,
                             .not_before = kNow,
                             .not_after = kNow + 365 * kDay,
                             .spki = spki,
                             .extensions = {x509::extension::basic_constraints(true)}};
    // The signature of another certificate will do: loading checks the list's signature, not its services'.
    asn1::Writer out;
    out.sequence([&](asn1::Writer& fields) {
      fields.raw(x509::to_der(tbs, crypto::kSm2WithSm3));
      fields.raw(crypto::kSm2WithSm3.to_der());
      fields.bit_string(ByteView(first).last(64));
    });
    services.push_back(service_of(*x509::Certificate::parse(std::move(out).take()), ServiceKind::kCa,
                                  {{ServiceStatus::kGranted, kNow}}));
  }
  const Bytes file = *write_trust_list(content_of(std::move(services)), region().list_signer.key,
                                       region().list_signer.certificate);
  const auto loaded = load(file);
  ASSERT_NE(loaded.list, nullptr) << loaded.detail;
  EXPECT_EQ(loaded.list->anchors().size(), 2'000U);
}

/// The signer before last, the last one and the present one: A announces B, B announces C.
class SignerRollover : public testing::Test {
 protected:
  static demonstration::Identity signer(int from_year, int until_year) {
    return *region().outsider.issue({.subject = {.organization = "运营方", .common_name = "信任列表签名"},
                                     .validity = demonstration::years(kNow, from_year, until_year),
                                     .extensions = {}});
  }
  static Bytes announcement(const demonstration::Identity& by, const demonstration::Identity& next,
                            Time from = kNow - kDay, Time until = kNow + kDay) {
    return *write_announcement({.next = next.certificate, .from = from, .until = until}, by.key,
                               by.certificate, kNow);
  }
  static LoadedTrustList load(const demonstration::Identity& known, const demonstration::Identity& by,
                              std::vector<Bytes> announcements) {
    TrustListContent content = content_of({root_a()});
    content.signer_announcements = std::move(announcements);
    return load_trust_list(*write_trust_list(content, by.key, by.certificate), known.certificate, kNow);
  }
  const demonstration::Identity a_ = signer(-3, 1);
  const demonstration::Identity b_ = signer(-2, 3);
  const demonstration::Identity c_ = signer(-1, 5);
};

TEST_F(SignerRollover, TheNewSignerIsFoundOverTheAnnouncements) {
  const std::vector<Bytes> both = {announcement(b_, c_), announcement(a_, b_)};
  for (const auto* known : {&a_, &b_, &c_}) {
    const auto loaded = load(*known, c_, both);
    ASSERT_EQ(loaded.state(kNow), TrustListState::kCurrent) << loaded.detail;
    EXPECT_EQ(loaded.list->content().signer_announcements, both);
  }
  EXPECT_EQ(load(c_, a_, both).reason, "trust_list.bad_signature") << "there is no way back";
}

TEST_F(SignerRollover, WithoutAWayTheListIsBadlySigned) {
  const auto refused = [&](std::vector<Bytes> announcements) {
    return load(a_, c_, std::move(announcements)).reason;
  };
  const std::string bad = "trust_list.bad_signature";
  EXPECT_EQ(refused({}), bad);
  EXPECT_EQ(refused({announcement(b_, c_)}), bad) << "a link is missing";
  EXPECT_EQ(refused({announcement(a_, b_), announcement(b_, c_, kNow + kDay, kNow + 2 * kDay)}), bad)
      << "too early";
  EXPECT_EQ(refused({announcement(a_, b_), announcement(b_, c_, kNow - 2 * kDay, kNow - kDay)}), bad)
      << "too late";
  EXPECT_EQ(refused({announcement(c_, c_)}), bad) << "nobody announces himself";
  Bytes spoilt = announcement(a_, c_);
  spoilt[spoilt.size() / 2] ^= 1;
  EXPECT_EQ(refused({spoilt}), bad);
  EXPECT_EQ(refused({to_bytes(as_bytes("no message"))}), bad);
  EXPECT_EQ(refused({announcement(a_, c_)}), "") << "the direct way";
}

TEST_F(SignerRollover, AnEndedSignerAnnouncesNothing) {
  const auto ended = signer(-3, -1);
  EXPECT_EQ(load(ended, c_, {announcement(ended, c_)}).reason, "trust_list.bad_signature");
  EXPECT_EQ(load(a_, ended, {announcement(a_, ended)}).reason, "trust_list.signer_expired");
}

TEST(TrustListFile, AnnouncementsThatAreNoneAreMalformed) {
  std::string text = to_json_text(content_of({root_a()}));
  text.insert(text.find("\"services\""), "\"signer_announcements\": [\"%\"], ");
  EXPECT_EQ(load_text(text).reason, "trust_list.malformed");
}

TEST(TrustListXml, NothingEscapesFromItsElement) {
  auto service = root_a();
  service.name_en = "<a href=\"x\">&\x01";
  const std::string xml = to_xml_text(content_of({service}));
  EXPECT_NE(xml.find("<name_en>&lt;a href=&quot;x&quot;&gt;&amp;\xEF\xBF\xBD</name_en>"), std::string::npos)
      << xml;
  EXPECT_NE(xml.find("<quirk>cert.sm2_null_parameters</quirk>"), std::string::npos);
}

}  // namespace
}  // namespace hutong::recognition
