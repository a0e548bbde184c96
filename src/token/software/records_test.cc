#include "token/software/records.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "token/software/blobs.h"
#include "token/software/provisioning.h"
#include "token/software/refusal.h"
#include "token/software/test_token.h"

namespace hutong::token::software {
namespace {

ContainerRecord full_container() {
  const auto key = crypto::Sm2PrivateKey::generate();
  ContainerRecord record;
  record.name = "容器";
  record.signature = KeyPairRecord{key.public_key(), {Bytes(12, 1), Bytes(48, 2)}};
  record.encryption_certificate = Bytes(100, 3);
  return record;
}

TEST(TokenRecords, AreReadAsTheyWereWritten) {
  const ContainerRecord container = full_container();
  const auto container_again = decode_container(encode(container));
  ASSERT_TRUE(container_again);
  EXPECT_EQ(encode(*container_again), encode(container));
  EXPECT_FALSE(container_again->encryption);
  EXPECT_TRUE(container_again->signature_certificate.empty());

  const FileRecord file{"seal.esl", 5, 0x10, 0xFF, {}, {1, 2, 3, 4, 5}};
  EXPECT_EQ(encode(decode_file(encode(file)).value()), encode(file));
  const TriesRecord tries{3, 10};
  EXPECT_EQ(decode_tries(encode(tries))->user, 10U);
  const DeviceRecord device{"label", "maker", "issuer", "0123"};
  EXPECT_EQ(decode_device(encode(device))->serial_number, "0123");
}

TEST(TokenRecords, DamageIsRefused) {
  const Bytes good = encode(full_container());
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto cut = decode_container(ByteView(good).first(size));
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().reason, "token.record");
  }
  Bytes newer = good;
  newer[newer[1] < 0x80 ? 4 : 5] = 2;  // the version
  EXPECT_FALSE(decode_container(newer) && newer != good);
  EXPECT_FALSE(decode_tries(good));
}

TEST(Refusals, EveryErrorHasAResult) {
  EXPECT_EQ(result_of(refusal(SAR_PIN_LOCKED)), SAR_PIN_LOCKED);
  EXPECT_EQ(result_of({Errc::kMalformed, "token.record", ""}), SAR_FILEERR);
  EXPECT_EQ(result_of({Errc::kInternal, "something.else", ""}), SAR_FAIL);
}

class Storage : public test::TokenTest {
 protected:
  std::filesystem::path file_with(std::string_view part) const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(home_.file("one"))) {
      if (entry.is_regular_file() && entry.path().string().find(part) != std::string::npos) {
        return entry.path();
      }
    }
    return {};
  }
  bool anywhere(ByteView needle) const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(home_.file("one"))) {
      if (entry.is_regular_file()) {
        const Bytes content = read_file(entry.path(), 1 << 24).value();
        if (std::search(content.begin(), content.end(), needle.begin(), needle.end()) != content.end()) {
          return true;
        }
      }
    }
    return false;
  }
};

TEST_F(Storage, SecretsAreNotInTheFiles) {
  HAPPLICATION application = ready();
  test::skf().SKF_CreateFile(application, test::text("secret"), 20, SECURE_USER_ACCOUNT, SECURE_USER_ACCOUNT);
  test::skf().SKF_CreateFile(application, test::text("public"), 20, SECURE_ANYONE_ACCOUNT,
                             SECURE_USER_ACCOUNT);
  const Bytes secret(20, 0xD1);
  const Bytes open(20, 0xD2);
  EXPECT_EQ(test::skf().SKF_WriteFile(application, test::text("secret"), 0, test::octets(secret), 20),
            SAR_OK);
  EXPECT_EQ(test::skf().SKF_WriteFile(application, test::text("public"), 0, test::octets(open), 20), SAR_OK);
  EXPECT_FALSE(anywhere(secret));
  EXPECT_TRUE(anywhere(open));
  EXPECT_FALSE(anywhere(as_bytes(test::kUserPin)));
  EXPECT_FALSE(anywhere(as_bytes(test::kAdminPin)));
}

TEST_F(Storage, KeysDoNotOpenInAnotherPlace) {
  HAPPLICATION application = ready();
  HCONTAINER first = container(application, "first");
  HCONTAINER second = container(application, "second");
  ECCPUBLICKEYBLOB key{};
  ASSERT_EQ(test::skf().SKF_GenECCKeyPair(first, SGD_SM2_1, &key), SAR_OK);
  const Store store(home_.file("one"));
  auto moved = store.container("app", "first");
  ASSERT_TRUE(moved);
  moved->name = "second";
  ASSERT_TRUE(store.save("app", *moved));
  BYTE digest[32] = {1};
  ECCSIGNATUREBLOB signature{};
  EXPECT_EQ(test::skf().SKF_ECCSignData(second, digest, 32, &signature), SAR_FILEERR);
  EXPECT_EQ(test::skf().SKF_ECCSignData(first, digest, 32, &signature), SAR_OK);
}

TEST_F(Storage, DamagedFilesAreSaidToBeDamaged) {
  HAPPLICATION application = ready();
  HCONTAINER pair = container(application);
  ASSERT_TRUE(write_file(file_with("containers"), Bytes(10), FileMode::kPrivate));
  ULONG type = 0;
  EXPECT_EQ(test::skf().SKF_GetContainerType(pair, &type), SAR_FILEERR);
}

TEST_F(Storage, OnlyTheOwnerMayLook) {
  ready();
  using std::filesystem::perms;
  const auto others = perms::group_all | perms::others_all;
  EXPECT_EQ(std::filesystem::status(home_.file("one")).permissions() & others, perms::none);
  EXPECT_EQ(std::filesystem::status(file_with("device.key")).permissions() & others, perms::none);
}

TEST(Provisioning, RefusesWhatIsThereAndWrongNames) {
  const hutong::test::Folder home;
  EXPECT_TRUE(create_device(home.file(""), {.name = "a", .label = ""}));
  EXPECT_EQ(create_device(home.file(""), {.name = "a", .label = ""}).error().reason, "token.device_exists");
  EXPECT_FALSE(create_device(home.file(""), {.name = "../b", .label = ""}));
  EXPECT_FALSE(create_device(home.file(""), {.name = "b", .label = std::string(32, 'x')}));
}

}  // namespace
}  // namespace hutong::token::software
