// The software token through its driver process: what people do with a token in its life.

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>

#include "cms/enveloped_data.h"
#include "cms/enveloped_key.h"
#include "tests/support/program.h"
#include "tests/support/support.h"
#include "token/driver/device.h"
#include "token/driver/device_watch.h"
#include "token/driver/token_opener.h"
#include "token/driver/token_signer.h"
#include "token/software/provisioning.h"

namespace hutong::token {
namespace {

constexpr std::string_view kAdministratorPin = "admin-pin";
constexpr std::string_view kPin = "user-pin";
constexpr std::string_view kOtherPin = "other-pin";

SecretBytes secret(std::string_view text) { return SecretBytes::copy_of(as_bytes(text)); }

/// A key of tests/data/cms/identities.vec and its certificate.
struct Identity {
  crypto::Sm2PrivateKey key;
  Bytes certificate;
};
Identity identity(std::string_view name) {
  for (const auto& vector : hutong::test::load_vectors("cms/identities.vec")) {
    if (vector.text("name") == name) {
      return {crypto::Sm2PrivateKey::from_octets(vector.hex("d")).value(), vector.hex("certificate")};
    }
  }
  throw std::runtime_error("no such identity");
}

class SoftwareToken : public testing::Test {
 protected:
  SoftwareToken() {
    ::setenv("HUTONG_TOKEN_HOME", home_.file("").c_str(), 1);
    add_device("one");
    driver_ = std::make_shared<Driver>(description(), launch());
  }
  static DriverDescription description() {
    DriverDescription out;
    out.name = "software";
    return out;
  }
  static DriverLaunch launch() {
    return {.host_program = HUTONG_DRIVER_HOST,
            .library = HUTONG_SKF_LIBRARY,
            .allowed = {},
            .dependency_folders = {}};
  }
  void add_device(const std::string& name) const {
    const auto made = software::create_device(home_.file(""), {.name = name, .label = "Token " + name});
    ASSERT_TRUE(made) << made.error().detail;
  }
  Device device() const { return Device::open(driver_, "one").value(); }
  /// A fresh application, logged in.
  Application application() const {
    const Device on = device();
    EXPECT_TRUE(on.authenticate(as_bytes(software::kFactoryDeviceKey)));
    const auto made = on.create_application({.name = "APP",
                                             .administrator_pin = secret(kAdministratorPin),
                                             .administrator_tries = 5,
                                             .user_pin = secret(kPin),
                                             .user_tries = 3});
    EXPECT_TRUE(made) << made.error().detail;
    EXPECT_TRUE(made->verify_pin(PinRole::kUser, as_bytes(kPin)));
    return *made;
  }
  Container container_with_key() const {
    auto container = application().create_container("C1").value();
    const auto made = container.generate_key_pair();
    EXPECT_TRUE(made) << made.error().detail;
    return container;
  }

  hutong::test::Folder home_;
  std::shared_ptr<Driver> driver_;
};

TEST_F(SoftwareToken, IsFoundAndNamed) {
  EXPECT_EQ(driver_->device_names(driver_->description().call_limit).value(),
            std::vector<std::string>{"one"});
  EXPECT_EQ(device().info().label, "Token one");
  EXPECT_FALSE(device().info().draft_numbering());
  EXPECT_EQ(device().random(100).value().size(), 100U);
  EXPECT_TRUE(device().set_label("New name"));
  EXPECT_TRUE(device().applications()->empty());
  EXPECT_EQ(device().create_application({.name = "APP"}).error().code, Errc::kUnauthorized);  // no device key
}

TEST_F(SoftwareToken, SignsWithAKeyThatItMade) {
  const Container container = container_with_key();
  const auto signer = TokenSigner::create(container);
  ASSERT_TRUE(signer) << signer.error().detail;
  const auto signature = signer->sign(as_bytes("a bid"));
  ASSERT_TRUE(signature) << signature.error().detail;
  EXPECT_TRUE(
      crypto::verify_signature(signer->public_key(), signer->algorithm(), as_bytes("a bid"), *signature));
  EXPECT_EQ(signer->sign_digest(Bytes(31)).error().reason, "token.input");
  EXPECT_EQ(container.public_key(KeyUse::kEncryption).error().reason, "token.not_found");
}

TEST_F(SoftwareToken, TakesADeliveredKeyPairAndOpensMessagesWithIt) {
  const Container container = container_with_key();
  const Identity recipient = identity("recipient");
  const auto holder = container.public_key(KeyUse::kSignature).value();
  const auto imported = container.import_key_pair(cms::wrap_key_pair(recipient.key, holder).value());
  ASSERT_TRUE(imported) << imported.error().detail;
  EXPECT_EQ(container.public_key(KeyUse::kEncryption).value(), recipient.key.public_key());
  ASSERT_TRUE(container.import_certificate(KeyUse::kEncryption, recipient.certificate));
  const auto certificates = container.certificates();
  ASSERT_TRUE(certificates) << certificates.error().detail;
  EXPECT_EQ(certificates->encryption, recipient.certificate);
  EXPECT_FALSE(certificates->signature);

  const auto certificate = x509::Certificate::parse(recipient.certificate).value();
  const Bytes content(3'000'001, 0x42);
  const Bytes message = cms::envelop(content, std::vector{certificate}).value();
  const TokenOpener opener(container);
  const auto opened = cms::open_envelope(message, {.key = opener, .certificate = &certificate});
  ASSERT_TRUE(opened) << opened.error().reason << " " << opened.error().detail;
  EXPECT_EQ(*opened, content);

  // A message for another key, and without the PIN.
  const Bytes other =
      cms::envelop(content, std::vector{x509::Certificate::parse(identity("recipient").certificate).value()})
          .value();
  Bytes broken = message;
  broken.back() ^= 1;
  EXPECT_FALSE(cms::open_envelope(broken, {.key = opener}));
  EXPECT_TRUE(cms::open_envelope(other, {.key = opener}));
  EXPECT_TRUE(device().open_application("APP")->logout());
  EXPECT_EQ(cms::open_envelope(message, {.key = opener}).error().reason, "token.not_logged_in");
}

TEST_F(SoftwareToken, LocksAfterWrongPinsAndIsUnblocked) {
  const Application on = application();
  EXPECT_TRUE(on.change_pin(PinRole::kUser, as_bytes(kPin), as_bytes(kOtherPin)));
  EXPECT_EQ(on.change_pin(PinRole::kUser, as_bytes(kPin), as_bytes(kOtherPin)).error().reason,
            "token.pin_incorrect");
  EXPECT_EQ(on.tries_left(PinRole::kUser), 2U);
  EXPECT_EQ(on.pin_state(PinRole::kUser)->tries_left, 2U);
  EXPECT_EQ(on.pin_state(PinRole::kUser)->most_tries, 3U);
  EXPECT_FALSE(on.verify_pin(PinRole::kUser, as_bytes("wrong-pin")));
  EXPECT_FALSE(on.verify_pin(PinRole::kUser, as_bytes("wrong-pin")));
  EXPECT_EQ(on.verify_pin(PinRole::kUser, as_bytes(kOtherPin)).error().reason, "token.pin_locked");
  EXPECT_EQ(on.unblock_pin(as_bytes("not-it-at-all"), as_bytes(kPin)).error().reason, "token.pin_incorrect");
  EXPECT_EQ(on.tries_left(PinRole::kAdministrator), 4U);
  EXPECT_TRUE(on.unblock_pin(as_bytes(kAdministratorPin), as_bytes(kPin)));
  EXPECT_TRUE(on.verify_pin(PinRole::kUser, as_bytes(kPin)));
  EXPECT_EQ(on.verify_pin(PinRole::kUser, as_bytes("12345")).error().reason, "token.pin_length");
}

TEST_F(SoftwareToken, KeepsFilesAndContainers) {
  const Application on = application();
  const Bytes picture(50'000, 0x77);
  ASSERT_TRUE(on.create_file({.name = "seal.esl",
                              .size = static_cast<std::uint32_t>(picture.size()),
                              .read_rights = SECURE_ANYONE_ACCOUNT,
                              .write_rights = SECURE_USER_ACCOUNT}));
  ASSERT_TRUE(on.write_file("seal.esl", 0, picture));
  EXPECT_EQ(on.files().value(), std::vector<std::string>{"seal.esl"});
  EXPECT_EQ(on.file("seal.esl")->size, picture.size());
  EXPECT_EQ(on.file("seal.esl")->read_rights, SECURE_ANYONE_ACCOUNT);
  EXPECT_EQ(on.read_file("seal.esl").value(), picture);
  EXPECT_TRUE(on.delete_file("seal.esl"));
  EXPECT_EQ(on.file("seal.esl").error().reason, "token.not_found");
  ASSERT_TRUE(on.create_container("C1"));
  EXPECT_EQ(on.create_container("C1").error().reason, "token.exists");
  EXPECT_EQ(on.containers().value(), std::vector<std::string>{"C1"});
  EXPECT_TRUE(on.delete_container("C1"));
  EXPECT_EQ(on.open_container("C1").error().reason, "token.not_found");
}

TEST_F(SoftwareToken, TellsThatADeviceCame) {
  const hutong::test::Folder folder;
  folder.write("software.toml",
               as_bytes("[driver]\nname = \"software\"\n[library]\nlinux = [\"" +
                        std::string(HUTONG_SKF_LIBRARY) + "\"]\n[calls]\nwait_for_events = true\n"));
  DriverSet set({.folders = {std::filesystem::path(folder.file("x")).parent_path()},
                 .host_program = HUTONG_DRIVER_HOST});
  std::mutex lock;
  std::condition_variable told;
  std::size_t count = 0;
  const DeviceWatch watch(set,
                          [&](const Enumeration& now) {
                            const std::lock_guard guard(lock);
                            count = now.devices.size();
                            told.notify_all();
                          },
                          {.period = std::chrono::hours(1), .enumeration_limit = std::chrono::seconds(20)});
  const auto wait_for = [&](std::size_t expected, std::chrono::seconds patience) {
    std::unique_lock guard(lock);
    return told.wait_for(guard, patience, [&] { return count == expected; });
  };
  ASSERT_TRUE(wait_for(1, std::chrono::seconds(20)));
  bool was_told = false;  // a device that comes before the driver listens is not told: another one comes
  for (std::size_t devices = 2; devices <= 10 && !was_told; ++devices) {
    add_device("device-" + std::to_string(devices));
    was_told = wait_for(devices, std::chrono::seconds(2));
  }
  EXPECT_TRUE(was_told);
}

}  // namespace
}  // namespace hutong::token
