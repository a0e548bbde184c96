#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "cms/internal/test_identities.h"
#include "cms/signed_data.h"
#include "cms/verify.h"
#include "tests/support/support.h"

/// Messages of real products in the corpus.
namespace hutong::cms {
namespace {

using testing::IsEmpty;
using x509::Severity;

TEST(Corpus, CertificateBundlesAreRead) {
  HUTONG_NEED_CORPUS();
  std::size_t bundles = 0;
  for (const auto& file : std::filesystem::directory_iterator(hutong::test::corpus_path("certs/p7b"))) {
    const auto bundle = read_signed_data(hutong::test::read(file.path()));
    ASSERT_TRUE(bundle) << file.path() << ": " << bundle.error().detail;
    EXPECT_GE(bundle->certificates.size(), 2U);
    EXPECT_THAT(bundle->signers, IsEmpty());
    for (const Bytes& der : bundle->certificates) {
      EXPECT_TRUE(x509::Certificate::parse(ByteView(der))) << file.path();
    }
    ++bundles;
  }
  EXPECT_GE(bundles, 2U);
}

struct ClosePipe {
  void operator()(std::FILE* pipe) const { ::pclose(pipe); }
};

/// One entry of a zip container; empty when there is no unzip program.
Bytes unzipped(const std::filesystem::path& container, const std::string& entry) {
  const std::string command = "unzip -p '" + container.string() + "' '" + entry + "' 2>/dev/null";
  const std::unique_ptr<std::FILE, ClosePipe> pipe(::popen(command.c_str(), "r"));
  Bytes content;
  std::array<std::uint8_t, 4096> chunk{};
  while (const std::size_t count = pipe ? std::fread(chunk.data(), 1, chunk.size(), pipe.get()) : 0) {
    append(content, ByteView(chunk).first(count));
  }
  return content;
}

/// Signed values of OFD documents: detached messages over Signature.xml, by Chinese signing products.
struct OfdSignature {
  std::string container;
  std::string folder;
  std::string claimed;
  bool mixed;
};

class OfdSignatures : public testing::TestWithParam<OfdSignature> {};

TEST_P(OfdSignatures, VerifyOverTheirSignatureFile) {
  HUTONG_NEED_CORPUS();
  const auto container = hutong::test::corpus_path("ofd/" + GetParam().container);
  const Bytes message = unzipped(container, GetParam().folder + "/SignedValue.dat");
  const Bytes content = unzipped(container, GetParam().folder + "/Signature.xml");
  if (message.empty() || content.empty()) {
    GTEST_SKIP() << "skipped: no unzip program";
  }
  const auto report = verify_detached(message, content, {});
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_THAT(test::codes(*report, Severity::kError), IsEmpty());
  ASSERT_EQ(report->signers.size(), 1U);
  const SignerReport& signer = report->signers[0];
  EXPECT_TRUE(signer.signature_verified);
  EXPECT_EQ(signer.algorithm, "SM2-SM3");
  ASSERT_TRUE(signer.claimed_signing_time);
  EXPECT_EQ(to_rfc3339(*signer.claimed_signing_time).substr(0, 10), GetParam().claimed);
  EXPECT_EQ(report->has("cms.mixed_forms"), GetParam().mixed);
}

INSTANTIATE_TEST_SUITE_P(
    Products, OfdSignatures,
    testing::Values(OfdSignature{"cms_12306_sample.ofd", "Doc_0/Signs/Sign_0", "2022-03-17", false},
                    OfdSignature{"gomain_two_cms_sign.ofd", "Doc_0/Signs/Sign_0", "2022-11-01", true},
                    OfdSignature{"gomain_two_cms_sign.ofd", "Doc_0/Signs/Sign_1", "2022-11-01", true}),
    [](const auto& of) { return "Signature" + std::to_string(of.index); });

}  // namespace
}  // namespace hutong::cms
