#include "sdf/sdf_key_store.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "sdf/key_labels.h"
#include "sdf/library.h"
#include "sdf/software/software_device.h"
#include "tests/support/program.h"

namespace hutong::sdf {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

constexpr std::string_view kPin = "device password";

/// The software device with three indexes, made once.
const hutong::test::Folder& device() {
  static const hutong::test::Folder folder;
  static const Status made = software::make_device(folder.file("device"), 3, kPin);
  EXPECT_TRUE(made);
  return folder;
}

class SdfKeyStoreTest : public testing::Test {
 protected:
  SdfKeyStoreTest() { ::setenv("HUTONG_SDF_DEVICE", device().file("device").c_str(), 1); }
  Result<std::unique_ptr<SdfKeyStore>> try_open(std::string_view password = kPin) const {
    return SdfKeyStore::open(
        {.library = HUTONG_SDF_LIBRARY, .folder = folder_.file("keys"), .first_index = 1, .last_index = 3},
        SecretBytes::copy_of(as_bytes(password)));
  }
  std::unique_ptr<SdfKeyStore> open() const {
    auto store = try_open();
    EXPECT_TRUE(store) << store.error().reason << store.error().detail;
    return std::move(store).value();
  }
  hutong::test::Folder folder_;
};

TEST_F(SdfKeyStoreTest, AKeySignsAndDecryptsAlsoAfterReopening) {
  const auto verifying = open()->generate("ca-1").value();
  const auto store = open();
  EXPECT_EQ(store->labels(), std::vector<std::string>{"ca-1"});
  const auto signer = store->signer("ca-1").value();
  const Bytes message = {1, 2, 3};
  const auto signature = signer->sign(message).value();
  EXPECT_TRUE(verifying.verify(message, crypto::Sm2Signature::from_der(signature).value()));
  EXPECT_EQ(*signer->public_key().sm2(), verifying);

  const auto encrypting = store->encryption_key("ca-1").value();
  EXPECT_FALSE(encrypting == verifying) << "a device has a pair of its own for encryption";
  const auto ciphertext = crypto::sm2_encrypt(encrypting, message).value();
  const auto plain = store->decrypt("ca-1", ciphertext).value();
  EXPECT_TRUE(equal(plain.expose(), message));
  const auto foreign = crypto::sm2_encrypt(verifying, message).value();
  EXPECT_EQ(store->decrypt("ca-1", foreign).error().reason, "sm2.decrypt");
  EXPECT_EQ(store->decrypt("ca-1", Bytes{1}).error().reason, "sm2.ciphertext");
}

TEST_F(SdfKeyStoreTest, EveryLabelHasAnIndexOfItsOwnUntilNoneIsLeft) {
  const auto store = open();
  const auto one = store->generate("one").value();
  const auto two = open()->generate("two").value();  // another process, as far as this store knows
  const auto three = store->generate("three").value();
  EXPECT_FALSE(one == two || two == three || one == three);
  EXPECT_TRUE(store->signer("two"));
  EXPECT_EQ(store->generate("four").error().reason, "sdf.no_free_key");
  EXPECT_EQ(store->generate("one").error().reason, "key_store.exists");
  EXPECT_EQ(store->generate("../four").error().reason, "key_store.label");
  EXPECT_EQ(store->signer("four").error().reason, "key_store.unknown");
}

TEST_F(SdfKeyStoreTest, ThreadsSignAtTheSameTimeAndASignerOutlivesItsStore) {
  auto store = open();
  const auto key = store->generate("busy").value();
  const auto signer = store->signer("busy").value();
  store.reset();
  std::vector<std::thread> threads;
  for (std::uint8_t number = 0; number < 4; ++number) {
    threads.emplace_back([&signer, &key, number] {
      for (std::uint8_t i = 0; i < 50; ++i) {
        const Bytes message = {number, i};
        const auto der = signer->sign(message);
        ASSERT_TRUE(der) << der.error().detail;
        EXPECT_TRUE(key.verify(message, crypto::Sm2Signature::from_der(*der).value()));
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
}

TEST_F(SdfKeyStoreTest, ADeviceThatWentAwayServesAgainWhenItIsBack) {
  const auto store = open();
  ASSERT_TRUE(store->generate("one"));
  const auto signer = store->signer("one").value();
  ASSERT_TRUE(signer->sign(Bytes{1}));
  fs::rename(device().file("device"), device().file("away"));
  EXPECT_EQ(signer->sign(Bytes{1}).error().reason, "sdf.device");
  EXPECT_EQ(store->generate("two").error().reason, "sdf.device") << "no index is skipped";
  EXPECT_EQ(try_open().error().reason, "sdf.device");
  fs::rename(device().file("away"), device().file("device"));
  EXPECT_TRUE(signer->sign(Bytes{1}));
}

TEST_F(SdfKeyStoreTest, SaysWhatIsWrong) {
  const auto made = open()->generate("one").value();
  const auto stranger = try_open("another password").value();
  EXPECT_EQ(stranger->signer("one").value()->sign(Bytes{1}).error().reason, "sdf.password");
  const auto no_library =
      SdfKeyStore::open({.library = folder_.file("none.so"), .folder = folder_.file("keys")},
                        SecretBytes::copy_of(as_bytes(kPin)));
  EXPECT_EQ(no_library.error().reason, "sdf.library");

  const auto other = crypto::Sm2PrivateKey::generate().public_key();
  ASSERT_TRUE(save_labels(folder_.file("keys"), {{"one", {1, other}}}));
  EXPECT_EQ(try_open().error().reason, "sdf.other_key");
  ASSERT_TRUE(save_labels(folder_.file("keys"), {{"one", {9, made}}}));
  EXPECT_EQ(try_open().error().reason, "sdf.no_key");
}

TEST(SdfLibrary, ALibraryOfAnotherKindIsNamedWithWhatItLacks) {
  const auto library = Library::load("libm.so.6");
  ASSERT_FALSE(library);
  EXPECT_EQ(library.error().reason, "sdf.library");
  EXPECT_NE(library.error().detail.find("SDF_OpenDevice"), std::string::npos) << library.error().detail;
  EXPECT_EQ(library.error().detail.find("AccessRight"), std::string::npos) << "not every device has it";
}

TEST(SdfErrors, ResultsOfMakersAreLostDevices) {
  for (const int code : {SDR_COMMFAIL, SDR_HARDFAIL, 0x01010100, -1}) {
    EXPECT_TRUE(is_lost(code)) << code;
    EXPECT_EQ(error_of("SDF_X", code).reason, "sdf.device");
  }
  EXPECT_FALSE(is_lost(SDR_OK));
  EXPECT_EQ(error_of("SDF_X", SDR_PARDENY).reason, "sdf.password");
  EXPECT_EQ(error_of("SDF_X", SDR_SKOPERR).reason, "sdf.refused");
  EXPECT_EQ(error_of("SDF_X", SDR_SKOPERR).detail, "SDF_X: 0x0100000C");
}

TEST(SdfLabels, AreReadAsTheyWereWrittenAndNothingElse) {
  const auto key = crypto::Sm2PrivateKey::generate().public_key();
  const LabelledKeys keys = {{"ca-1", {3, key}}, {"ocsp-1", {12, key}}};
  const std::string text = write_labels(keys);
  const auto read = parse_labels(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(write_labels(*read), text);
  const std::string line = text.substr(0, text.find('\n') + 1);
  const std::string behind = line.substr(line.rfind(' '));
  for (const std::string& wrong :
       {line + line, line + "other 3" + behind, "Ca 3" + behind, "ca-1 -3" + behind, "ca-1 3x" + behind,
        "ca-1 3 0400\n"s, "ca-1 3"s, "x\n"s, "\n"s}) {
    const auto refused = parse_labels(wrong);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().reason, "sdf.labels");
  }
}

}  // namespace
}  // namespace hutong::sdf
