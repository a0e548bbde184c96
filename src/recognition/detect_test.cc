#include "recognition/detect.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>

#include "base/encoding.h"
#include "cms/sign.h"
#include "crypto/key_file.h"
#include "crypto/pem.h"
#include "demonstration/examples.h"
#include "demonstration/region.h"
#include "tests/support/support.h"

namespace hutong::recognition {
namespace {

/// One region for all tests: keys take time.
const std::map<std::string, Bytes>& files() {
  static const std::map<std::string, Bytes> made = [] {
    std::map<std::string, Bytes> by_name;
    const auto region = demonstration::make_region(SystemClock().now());
    const auto examples = demonstration::make_examples(*region);
    for (const auto& example : *examples) {
      by_name[example.name] = example.content;
    }
    return by_name;
  }();
  return made;
}

TEST(Detect, EveryKindInDer) {
  const std::map<std::string, Kind> expected = {{"good.cer", Kind::kCertificate},
                                                {"purchaser-chain.p7b", Kind::kCertificateBundle},
                                                {"ca-a.crl", Kind::kCrl},
                                                {"new-user.csr", Kind::kCertificateRequest},
                                                {"bid.p7m", Kind::kSignedMessage},
                                                {"bid.p7s", Kind::kDetachedSignature},
                                                {"envelope.p7m", Kind::kEnvelopedMessage},
                                                {"bid.tsr", Kind::kTimestamp},
                                                {"supplier.ors", Kind::kOcspResponse},
                                                {"broken.cer", Kind::kUnknown}};
  for (const auto& [name, kind] : expected) {
    EXPECT_EQ(detect(files().at(name)).kind, kind) << name;
    EXPECT_EQ(detect(files().at(name)).encoding, Encoding::kDer) << name;
  }
}

TEST(Detect, PemAndBase64HoldTheSame) {
  for (const auto* name :
       {"good.cer", "ca-a.crl", "new-user.csr", "bid.p7m", "bid.p7s", "bid.tsr", "supplier.ors"}) {
    const Bytes& der = files().at(name);
    const Kind kind = detect(der).kind;
    const std::string base64 = to_base64(der);
    const auto bare = detect(as_bytes(base64));
    EXPECT_EQ(bare.kind, kind) << name;
    EXPECT_EQ(bare.encoding, Encoding::kBase64) << name;
    EXPECT_TRUE(equal(bare.object, der)) << name;
  }
  const std::string pem = crypto::write_pem("CERTIFICATE", files().at("good.cer"));
  EXPECT_EQ(detect(as_bytes(pem)).kind, Kind::kCertificate);
  EXPECT_EQ(detect(as_bytes(pem)).encoding, Encoding::kPem);
}

TEST(Detect, SeveralCertificatesAreABundle) {
  const std::string one = crypto::write_pem("CERTIFICATE", files().at("good.cer"));
  const std::string list = crypto::write_pem("X509 CRL", files().at("ca-a.crl"));
  const std::string text = one + list + one;
  const auto found = detect(as_bytes(text));
  EXPECT_EQ(found.kind, Kind::kCertificateBundle);
  EXPECT_EQ(found.certificates.size(), 2U);
  EXPECT_EQ(found.crls.size(), 1U);
}

TEST(Detect, PrivateKeysAreNoticedAndDropped) {
  const auto key = crypto::Sm2PrivateKey::generate();
  const auto pkcs8 = crypto::write_pkcs8(key);
  const std::string text = crypto::write_pem("PRIVATE KEY", pkcs8.expose()) +
                           crypto::write_pem("CERTIFICATE", files().at("good.cer"));
  const auto found = detect(as_bytes(text));
  EXPECT_TRUE(found.private_key);
  EXPECT_EQ(found.kind, Kind::kCertificate);
  EXPECT_TRUE(detect(pkcs8.expose()).private_key);
  EXPECT_EQ(detect(pkcs8.expose()).kind, Kind::kUnknown);
}

TEST(Detect, NothingIsUnknownAtOnce) {
  const Bytes zeros(100'000'000, 0);
  const Bytes sequences(10'000'000, 0x30);
  const std::string letters(50'000'000, 'A');
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(detect({}).kind, Kind::kUnknown);
  EXPECT_EQ(detect(zeros).kind, Kind::kUnknown);
  EXPECT_EQ(detect(sequences).kind, Kind::kUnknown);
  EXPECT_EQ(detect(as_bytes(letters)).kind, Kind::kUnknown);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(20));  // sanitizers are slow
}

TEST(Detect, TruncationsNeverBecomeSomethingElse) {
  for (const auto& [name, content] : files()) {
    for (std::size_t size = 0; size < content.size(); size += 1 + content.size() / 97) {
      const Kind kind = detect(ByteView(content).first(size)).kind;
      EXPECT_TRUE(kind == Kind::kUnknown || kind == detect(content).kind || kind == Kind::kSignedMessage)
          << name << ' ' << size << ' ' << to_string(kind);
    }
  }
}

TEST(Detect, KnowsTheCorpus) {
  HUTONG_NEED_CORPUS();
  for (const auto& [folder, kind] : std::map<std::string, Kind>{{"cas", Kind::kCertificate},
                                                                {"ee", Kind::kCertificate},
                                                                {"roots", Kind::kCertificate},
                                                                {"crl", Kind::kCrl}}) {
    for (const auto& entry : std::filesystem::directory_iterator(test::corpus_path("certs/" + folder))) {
      EXPECT_EQ(detect(test::read(entry.path())).kind, kind) << entry.path();
    }
  }
}

}  // namespace
}  // namespace hutong::recognition
