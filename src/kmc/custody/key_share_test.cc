#include "kmc/custody/key_share.h"

#include <gtest/gtest.h>

#include "asn1/writer.h"
#include "base/encoding.h"
#include "crypto/pem.h"
#include "crypto/random.h"
#include "kmc/test_support.h"

namespace hutong::kmc::test {
namespace {

constexpr std::string_view kMaster = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
constexpr std::uint64_t kFewRounds = 10;

class KeyShareTest : public testing::Test {
 protected:
  KeyShareTest() {
    crypto::system_random().fill(share_.value.writable());
    label_.check = share_check(kMaster, share_);
  }
  crypto::SecretShare share_{.number = 2, .value = SecretBytes(32)};
  ShareLabel label_{.master = std::string(kMaster), .threshold = 2, .shares = 3, .number = 2};
  hutong::test::Party custodian_{"保管员"};
  x509::Certificate certificate_ = hutong::test::self_signed(custodian_);
  crypto::Sm2PrivateKey key_ = must(crypto::Sm2PrivateKey::from_octets(
      dynamic_cast<const crypto::Sm2Signer&>(*custodian_.signer).key().expose().expose()));
};

Bytes octets(const crypto::SecretShare& share) {
  const SecretBytes all = share_octets(share);
  return to_bytes(all.expose());
}
std::string reason(const Result<ShareFile>& file) { return file ? "" : std::string(file.error().reason); }

TEST_F(KeyShareTest, OpensForTheCustodiansKeyOnly) {
  const std::string text = write_share(must(protect_share(label_, share_, certificate_)));
  const auto file = must(read_share(as_bytes(text)));
  EXPECT_EQ(file.label.master, kMaster);
  EXPECT_EQ(file.label.number, 2U);
  EXPECT_EQ(file.fingerprint, to_hex(certificate_.sm3()));
  EXPECT_EQ(octets(must(open_share(file, cms::Sm2KeyOpener(key_)))), octets(share_));
  const auto stranger = crypto::Sm2PrivateKey::generate();
  EXPECT_EQ(open_share(file, cms::Sm2KeyOpener(stranger)).error().reason, "key_share.open");
  EXPECT_EQ(open_share(file, std::string_view("password")).error().reason, "key_share.protection");
}

TEST_F(KeyShareTest, OpensWithItsPasswordOnly) {
  const std::string text = write_share(must(protect_share(label_, share_, "correct horse", kFewRounds)));
  const auto file = must(read_share(as_bytes(text)));
  EXPECT_EQ(octets(must(open_share(file, std::string_view("correct horse")))), octets(share_));
  EXPECT_EQ(open_share(file, std::string_view("wrong")).error().reason, "key_share.open");
  EXPECT_EQ(open_share(file, std::string_view()).error().reason, "key_share.open");
  EXPECT_EQ(open_share(file, cms::Sm2KeyOpener(key_)).error().reason, "key_share.protection");
}

TEST_F(KeyShareTest, ALabelThatWasChangedDoesNotOpen) {
  auto file = must(protect_share(label_, share_, "p", kFewRounds));
  file.label.number = 1;
  EXPECT_EQ(open_share(file, std::string_view("p")).error().reason, "key_share.open");
  auto other = must(protect_share(label_, share_, certificate_));
  other.label.master.back() = 'W';
  EXPECT_EQ(open_share(other, cms::Sm2KeyOpener(key_)).error().reason, "key_share.open");
  auto checked = must(protect_share(label_, share_, certificate_));
  checked.label.check[0] ^= 1;
  EXPECT_EQ(open_share(checked, cms::Sm2KeyOpener(key_)).error().reason, "key_share.open");
}

TEST_F(KeyShareTest, FilesThatAreNone) {
  EXPECT_EQ(reason(read_share({})), "pem.no_block");
  EXPECT_EQ(reason(read_share(as_bytes(crypto::write_pem("CERTIFICATE", certificate_.der())))),
            "key_share.structure");
  const auto good = must(protect_share(label_, share_, "p", kFewRounds));
  struct Case {
    const char* what;
    std::string reason;
    std::function<void(ShareFile&)> spoil;
  };
  for (const Case& one : std::vector<Case>{
           {"too many rounds", "pbkdf2.rounds", [](ShareFile& file) { file.rounds = 10'000'001; }},
           {"no rounds", "key_share.structure", [](ShareFile& file) { file.rounds = 0; }},
           {"short salt", "key_share.structure", [](ShareFile& file) { file.salt.pop_back(); }},
           {"nothing sealed", "key_share.structure", [](ShareFile& file) { file.sealed.clear(); }},
           {"too much sealed", "key_share.structure", [](ShareFile& file) { file.sealed.resize(2000); }},
           {"number 0", "key_share.structure", [](ShareFile& file) { file.label.number = 0; }},
           {"number 4 of 3", "key_share.structure", [](ShareFile& file) { file.label.number = 4; }},
           {"threshold 1", "key_share.structure", [](ShareFile& file) { file.label.threshold = 1; }},
           {"256 shares", "key_share.structure", [](ShareFile& file) { file.label.shares = 256; }},
           {"no id", "key_share.structure", [](ShareFile& file) { file.label.master = "x"; }}}) {
    ShareFile file = good;
    one.spoil(file);
    EXPECT_EQ(reason(read_share(as_bytes(write_share(file)))), one.reason) << one.what;
  }
  const auto der = crypto::read_pem(write_share(good)).value().front().der;
  for (std::size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(read_share(as_bytes(crypto::write_pem("HUTONG KEY SHARE", ByteView(der).first(size)))));
  }
  EXPECT_EQ(share_from(Bytes(32, 1)).error().reason, "key_share.octets");
  EXPECT_EQ(share_from(Bytes(33, 0)).error().reason, "key_share.octets");
}

}  // namespace
}  // namespace hutong::kmc::test
