#include "token/driver/device.h"

#include <gtest/gtest.h>

#include "crypto/sm4.h"
#include "token/driver/errors.h"
#include "token/driver/test_support.h"

namespace hutong::token {
namespace {

using test::driver_of;

constexpr std::string_view kPin = "12345678";

Container container_of(const std::shared_ptr<Driver>& driver) {
  const auto device = Device::open(driver, driver->description().name).value();
  const auto application = device.open_application("TEST").value();
  EXPECT_TRUE(application.verify_pin(PinRole::kUser, as_bytes(kPin)));
  return application.open_container("C1").value();  // which keeps the others open
}

/// Libraries with any layout of structures are the same to those who use them.
class Layouts : public testing::TestWithParam<std::string> {};

TEST_P(Layouts, ShowTheDevice) {
  const auto driver = driver_of(GetParam());
  EXPECT_EQ(driver->device_names(driver->description().call_limit).value(),
            std::vector<std::string>{GetParam()});
  const auto device = Device::open(driver, GetParam());
  ASSERT_TRUE(device) << device.error().detail;
  const DeviceInfo& info = device->info();
  EXPECT_EQ(info.structure_version, "1.0");
  EXPECT_EQ(info.manufacturer, "Test");
  EXPECT_EQ(info.label, GetParam());
  EXPECT_EQ(info.serial_number, "0001");
  EXPECT_EQ(info.firmware_version, "2.7");
  EXPECT_EQ(info.symmetric_algorithms, 0x402U);
  EXPECT_EQ(info.total_space, 65536U);
  EXPECT_EQ(info.most_cipher_octets, 8192U);
  EXPECT_EQ(device->applications().value(), std::vector<std::string>{"TEST"});
}

TEST_P(Layouts, Sign) {
  const Container container = container_of(driver_of(GetParam()));
  const auto key = container.public_key(KeyUse::kSignature);
  ASSERT_TRUE(key) << key.error().detail;
  const auto signature = container.sign(as_bytes("a bid"));
  ASSERT_TRUE(signature) << signature.error().detail;
  EXPECT_TRUE(key->verify(as_bytes("a bid"), crypto::Sm2Signature::from_der(*signature).value()));
}

TEST_P(Layouts, DecryptInTheToken) {
  const Container container = container_of(driver_of(GetParam()));
  const Bytes session_key(16, 0x17);
  const auto wrapped =
      crypto::sm2_encrypt(container.public_key(KeyUse::kEncryption).value(), session_key).value();
  const crypto::Sm4Block iv{1, 2, 3};
  crypto::Sm4Cbc cbc(crypto::Sm4Key::from_octets(session_key).value(), iv, crypto::Direction::kEncrypt,
                     crypto::Padding::kPkcs7);
  const Bytes plaintext(100'001, 0x5a);
  Bytes ciphertext = cbc.update(plaintext);
  append(ciphertext, cbc.finish().value());

  auto key = container.open_session_key(wrapped, SessionCipher::kSm4Cbc);
  ASSERT_TRUE(key) << key.error().detail;
  ASSERT_TRUE(key->start(crypto::Direction::kDecrypt, iv, crypto::Padding::kPkcs7));
  MemorySource from(ciphertext);
  MemorySink to(1 << 20);
  const auto done = key->transform(from, to);
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_EQ(to.content(), plaintext);
}

INSTANTIATE_TEST_SUITE_P(Drivers, Layouts, testing::Values("good", "wide", "aligned", "wide_aligned"),
                         [](const auto& name) { return name.param; });

TEST(TokenDevice, CountsTriesAndLocks) {
  const auto device = Device::open(driver_of("good"), "good").value();
  const auto application = device.open_application("TEST").value();
  EXPECT_FALSE(application.tries_left(PinRole::kUser));
  const auto wrong = application.verify_pin(PinRole::kUser, as_bytes("87654321"));
  EXPECT_EQ(wrong.error().reason, "token.pin_incorrect");
  EXPECT_EQ(wrong.error().code, Errc::kUnauthorized);
  EXPECT_EQ(wrong.error().detail, "SKF_VerifyPIN: SAR_PIN_INCORRECT (0x0A000024), tries left: 3");
  EXPECT_EQ(skf_code_of(wrong.error()), 0x0A000024U);
  EXPECT_EQ(application.tries_left(PinRole::kUser), 3U);
  EXPECT_EQ(application.open_container("C1")->sign(as_bytes("x")).error().reason, "token.not_logged_in");
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(application.verify_pin(PinRole::kUser, as_bytes("87654321")));
  }
  EXPECT_EQ(application.verify_pin(PinRole::kUser, as_bytes(kPin)).error().reason, "token.pin_locked");
  EXPECT_EQ(application.tries_left(PinRole::kUser), 0U);
}

TEST(TokenDevice, SaysWhatIsAbsent) {
  const auto driver = driver_of("good");
  const auto device = Device::open(driver, "good").value();
  EXPECT_EQ(device.open_application("OTHER").error().reason, "token.not_found");
  const auto application = device.open_application("TEST").value();
  EXPECT_EQ(application.containers().value(), std::vector<std::string>{"C1"});
  EXPECT_EQ(application.open_container("C2").error().reason, "token.failed");
  const auto certificates = application.open_container("C1")->certificates();
  ASSERT_TRUE(certificates) << certificates.error().detail;
  EXPECT_EQ(certificates->signature, (Bytes{0x30, 0x03, 0x02, 0x01, 0x05}));
  EXPECT_FALSE(certificates->encryption);
  EXPECT_EQ(Device::open(driver, "elsewhere").error().reason, "token.failed");
}

TEST(TokenDevice, IsConnectedOnceAndAnewAfterItsProcessEnded) {
  const auto driver = driver_of("good");
  const auto device = Device::open(driver, "good").value();
  const auto calls = driver->process().status().calls;
  const auto same = Device::open(driver, "good").value();
  EXPECT_EQ(driver->process().status().calls, calls);
  driver->process().stop();
  EXPECT_EQ(device.applications().error().reason, "token.driver_restarted");
  const auto again = Device::open(driver, "good").value();
  EXPECT_TRUE(again.applications());
}

TEST(TokenQuirks, ArePassedWhenTheyAreAllowedAndCounted) {
  const auto driver =
      driver_of("peculiar", {Quirk::kLeftAlignedNumbers, Quirk::kUnendedNameLists, Quirk::kFailIsNotFound});
  EXPECT_EQ(driver->device_names(driver->description().call_limit).value(),
            std::vector<std::string>{"peculiar"});
  const Container container = container_of(driver);
  EXPECT_TRUE(container.sign(as_bytes("a bid")));
  EXPECT_EQ(driver->quirks().met(Quirk::kUnendedNameLists), 1U);
  EXPECT_EQ(driver->quirks().met(Quirk::kLeftAlignedNumbers), 4U);  // x, y, r, s
  const auto device = Device::open(driver, "peculiar").value();
  EXPECT_EQ(device.open_application("TEST")->open_container("C2").error().reason, "token.not_found");
  const auto der = driver_of("der", {Quirk::kDerSignatures});
  EXPECT_TRUE(container_of(der).sign(as_bytes("a bid")));
  EXPECT_EQ(der->quirks().met(Quirk::kDerSignatures), 1U);
}

TEST(TokenQuirks, OldNumbersAndOldAnswersToAWrongPin) {
  const auto old = driver_of("old", {Quirk::kDraftAlgorithms, Quirk::kInvalidPinIsWrongPin});
  const auto application = Device::open(old, "old")->open_application("TEST").value();
  EXPECT_TRUE(application.open_container("C1")->generate_key_pair());
  EXPECT_EQ(old->quirks().met(Quirk::kDraftAlgorithms), 1U);
  const auto wrong = application.verify_pin(PinRole::kUser, as_bytes("87654321"));
  EXPECT_EQ(wrong.error().reason, "token.pin_incorrect");
  EXPECT_EQ(application.tries_left(PinRole::kUser), 3U);
  // The number is found out without a quirk as well; the answer is taken by its word.
  const auto strict = Device::open(driver_of("old"), "old")->open_application("TEST").value();
  EXPECT_TRUE(strict.open_container("C1")->generate_key_pair());
  EXPECT_EQ(strict.verify_pin(PinRole::kUser, as_bytes("87654321")).error().reason, "token.pin_invalid");
  EXPECT_FALSE(strict.tries_left(PinRole::kUser));
}

TEST(TokenQuirks, AreErrorsOtherwise) {
  const auto peculiar = driver_of("peculiar");
  EXPECT_EQ(peculiar->device_names(peculiar->description().call_limit).error().reason, "token.name_list");
  EXPECT_EQ(container_of(peculiar).sign(as_bytes("a bid")).error().reason, "token.structure");
  EXPECT_FALSE(container_of(driver_of("der")).sign(as_bytes("a bid")));
  const auto closed = driver_of("good", {Quirk::kNoSessionKeyImport});
  EXPECT_EQ(container_of(closed).open_session_key({}, SessionCipher::kSm4Cbc).error().reason,
            "token.not_supported");
}

}  // namespace
}  // namespace hutong::token
