#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <string>

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "crypto/pem.h"
#include "crypto/sm3.h"
#include "demonstration/authority.h"
#include "platform/program_support.h"
#include "x509/builder.h"
#include "x509/extension_builder.h"

namespace hutong::platform {
namespace {

using net::Json;
using test::json_of;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#else
constexpr bool kSanitized = false;
#endif

constexpr std::size_t kMostMebibytes = 1024;

std::string text_of(ByteView octets) { return std::string(as_text(octets)); }

/// What the issue calls bad input: an answer with a stable code, within bounded time and memory, never a 5xx.
class HostileInput : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    region_ = new test::RegionFolder;
    program_ = new test::Program(region_->path() / "platform.toml");
  }
  static void TearDownTestSuite() {
    EXPECT_TRUE(program_->alive());
    if (!kSanitized) {
      EXPECT_LT(program_->peak_mebibytes(), kMostMebibytes);
    }
    EXPECT_EQ(program_->end(SIGTERM), 0);
    delete program_;
    delete region_;
  }
  static Json judged(const std::string& file) {
    const auto before = std::chrono::steady_clock::now();
    const auto answer = program_->validate({{.name = "file", .file_name = "upload", .content = file}});
    const auto took = std::chrono::steady_clock::now() - before;
    EXPECT_EQ(answer.status, 200) << answer.body.substr(0, 300);
    EXPECT_LT(took, std::chrono::seconds(kSanitized ? 60 : 5));
    RecordProperty("milliseconds",
                   static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
    return json_of(answer);
  }
  static bool has(const Json& report, const std::string& code) {
    return std::ranges::any_of(report["findings"],
                               [&](const Json& finding) { return finding["code"] == code; });
  }

  static test::RegionFolder* region_;
  static test::Program* program_;
};
test::RegionFolder* HostileInput::region_ = nullptr;
test::Program* HostileInput::program_ = nullptr;

TEST_F(HostileInput, NotWhatItSays) {
  for (const std::string& content :
       {std::string("%PDF-1.7 nothing"), std::string("PK\x03\x04"), std::string(),
        std::string("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        std::string("-----BEGIN CERTIFICATE-----\n"), std::string(5000, '\xFF')}) {
    const Json report = judged(content);
    EXPECT_EQ(report["indication"], "invalid");
    EXPECT_TRUE(has(report, "input.unknown") || has(report, "input.unreadable"))
        << report["findings"].dump(1);
  }
}

TEST_F(HostileInput, Truncated) {
  for (const auto* name :
       {"good.cer", "bid.p7m", "bid.tsr", "ca-a.crl", "new-user.csr", "supplier.ors", "envelope.p7m"}) {
    const Bytes whole = region_->file(std::string("examples/") + name);
    for (std::size_t size = 1; size < whole.size(); size += whole.size() / 7) {
      EXPECT_NE(judged(text_of(ByteView(whole).first(size)))["indication"], "valid") << name << ' ' << size;
    }
  }
}

TEST_F(HostileInput, HundredMegabytesOfZeros) {
  const auto refused = program_->validate({{.name = "file", .content = std::string(100'000'000, '\0')}});
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(json_of(refused)["code"], "upload.too_large");
  const Json report = judged(std::string(60'000'000, '\0'));
  EXPECT_TRUE(has(report, "input.unknown"));
}

TEST_F(HostileInput, DeeplyNestedDer) {
  Bytes nested;
  for (int i = 0; i < 100'000; ++i) {  // from the outside in, each with a length of four octets
    const auto rest = static_cast<std::uint32_t>((100'000 - i - 1) * 6);
    append(nested,
           Bytes{0x30, 0x84, static_cast<std::uint8_t>(rest >> 24), static_cast<std::uint8_t>(rest >> 16),
                 static_cast<std::uint8_t>(rest >> 8), static_cast<std::uint8_t>(rest)});
  }
  EXPECT_TRUE(has(judged(text_of(nested)), "input.unknown"));
  const Bytes indefinite = [] {
    Bytes octets;
    for (int i = 0; i < 500'000; ++i) {
      append(octets, Bytes{0x30, 0x80});
    }
    return octets;
  }();
  EXPECT_TRUE(has(judged(text_of(indefinite)), "input.unknown"));
}

/// C0 issued by C1 issued by C2 ...; the first hundred signatures are real.
std::string long_chain(int length) {
  constexpr int kRealSignatures = 100;
  const auto key = demonstration::fresh_key();
  const Time now = SystemClock().now();
  const auto name = [](int i) {
    return x509::NameBuilder().add(asn1::oids::kCommonName, "link " + std::to_string(i)).build();
  };
  std::string pem;
  Bytes signature;
  for (int i = 0; i < length; ++i) {
    const Bytes tbs =
        x509::to_der(x509::TbsCertificate{.serial = demonstration::fresh_serial(),
                                          .issuer = name(i + 1),
                                          .subject = name(i),
                                          .not_before = now - std::chrono::hours(1),
                                          .not_after = now + std::chrono::hours(1),
                                          .spki = key.public_key().to_spki(),
                                          .extensions = {x509::extension::basic_constraints(i > 0)}},
                     crypto::kSm2WithSm3);
    if (i < kRealSignatures) {
      signature = *key.sign(tbs);
    }
    asn1::Writer out;
    out.sequence([&](asn1::Writer& fields) {
      fields.raw(tbs);
      fields.raw(crypto::kSm2WithSm3.to_der());
      fields.bit_string(signature);
    });
    pem += crypto::write_pem("CERTIFICATE", out.view());
  }
  return pem;
}

TEST_F(HostileInput, AChainOfTenThousandCertificates) {
  const std::string chain = long_chain(10'000);
  const Json report = judged(chain);
  EXPECT_EQ(report["kind"], "certificate_bundle");
  EXPECT_EQ(report["indication"], "indeterminate");
  EXPECT_TRUE(has(report, "path.budget")) << report["findings"].dump(1);
  EXPECT_EQ(report["chain"].size(), 64U);
}

TEST_F(HostileInput, AListOfAMillionEntries) {
  const auto key = demonstration::fresh_key();
  const Time now = SystemClock().now();
  x509::TbsCrl tbs{.issuer = x509::NameBuilder().add(asn1::oids::kCommonName, "nobody").build(),
                   .this_update = now - std::chrono::hours(1),
                   .next_update = now + std::chrono::hours(1),
                   .entries = {},
                   .extensions = {}};
  tbs.entries.reserve(1'000'000);
  for (std::uint32_t i = 0; i < 1'000'000; ++i) {
    const Bytes number = {0x40, static_cast<std::uint8_t>(i >> 16), static_cast<std::uint8_t>(i >> 8),
                          static_cast<std::uint8_t>(i)};
    tbs.entries.push_back({.serial = x509::Serial::from_magnitude(number),
                           .revoked_at = now - std::chrono::hours(2),
                           .reason = std::nullopt,
                           .invalidity_date = std::nullopt,
                           .certificate_issuer = std::nullopt});
  }
  const auto list = x509::sign(tbs, key);
  tbs.entries = {};
  const Json report = judged(text_of(list->view()));
  EXPECT_EQ(report["kind"], "crl");
  EXPECT_EQ(report["crl"]["entries"], 1'000'000);
  EXPECT_EQ(report["crl"]["revoked_sample"].size(), 100U);
  EXPECT_TRUE(has(report, "crl.no_issuer"));
}

TEST_F(HostileInput, APrivateKeyIsNotEchoed) {
  const std::string secret = "MIGHAgEAMBMGByqGSM49AgEGCCqBHM9VAYItBG0wawIBAQQg";
  const Json report = judged("-----BEGIN PRIVATE KEY-----\n" + secret + "\n-----END PRIVATE KEY-----\n");
  EXPECT_NE(report["indication"], "valid");
  EXPECT_EQ(report.dump().find(secret), std::string::npos);
}

TEST_F(HostileInput, RandomChangesOfEveryExample) {
  std::uint32_t state = 2'463'534'242;
  const auto next = [&state] {  // xorshift: the same changes every time
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
  };
  const Json examples = json_of(program_->get("/api/v1/examples"));
  ASSERT_GE(examples.size(), 15U);
  for (const auto& example : examples) {
    const std::string name = example["name"];
    const Bytes whole = region_->file("examples/" + name);
    for (int round = 0; round < 12; ++round) {
      Bytes changed = whole;
      for (int i = 0; i < 3; ++i) {
        changed[next() % changed.size()] = static_cast<std::uint8_t>(next());
      }
      judged(text_of(changed));
    }
  }
}

}  // namespace
}  // namespace hutong::platform
