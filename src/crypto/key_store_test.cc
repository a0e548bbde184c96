#include "crypto/key_store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace hutong::crypto {
namespace {

namespace fs = std::filesystem;

class FileKeyStoreTest : public testing::Test {
 protected:
  FileKeyStoreTest() {
    std::string pattern = (fs::temp_directory_path() / "hutong-keys-XXXXXX").string();
    folder_ = fs::path(::mkdtemp(pattern.data())) / "keys";
  }
  ~FileKeyStoreTest() override { fs::remove_all(folder_.parent_path()); }
  std::unique_ptr<FileKeyStore> open() const { return FileKeyStore::open(folder_, "password").value(); }

  fs::path folder_;
};

TEST_F(FileKeyStoreTest, AKeySignsAndDecryptsAlsoAfterReopening) {
  const auto public_key = open()->generate("ca-signing-1").value();
  const auto store = open();
  EXPECT_EQ(store->labels(), std::vector<std::string>{"ca-signing-1"});
  const auto signer = store->signer("ca-signing-1").value();
  const Bytes message = {1, 2, 3};
  const auto signature = signer->sign(message).value();
  EXPECT_TRUE(public_key.verify(message, Sm2Signature::from_der(signature).value()));
  const auto ciphertext = sm2_encrypt(public_key, message).value();
  const auto plain = store->decrypt("ca-signing-1", ciphertext).value();
  EXPECT_TRUE(equal(plain.expose(), message));
}

TEST_F(FileKeyStoreTest, ASignerOutlivesItsStore) {
  auto store = open();
  ASSERT_TRUE(store->generate("one"));
  const auto signer = store->signer("one").value();
  store.reset();
  EXPECT_TRUE(signer->sign(Bytes{1}));
}

TEST_F(FileKeyStoreTest, RefusesWrongPasswordsLabelsAndSecondKeys) {
  const auto store = open();
  ASSERT_TRUE(store->generate("one"));
  EXPECT_EQ(FileKeyStore::open(folder_, "wrong").error().reason, "key_file.password");
  EXPECT_EQ(store->generate("one").error().reason, "key_store.exists");
  for (const char* label : {"", "../escape", "Upper", "a b"}) {
    EXPECT_EQ(store->generate(label).error().reason, "key_store.label") << label;
  }
  EXPECT_EQ(store->signer("two").error().reason, "key_store.unknown");
  EXPECT_EQ(store->decrypt("two", Bytes{1}).error().reason, "key_store.unknown");
}

TEST_F(FileKeyStoreTest, FilesAreForTheOwnerAloneAndHoldNoPlainKey) {
  ASSERT_TRUE(open()->generate("one"));
  EXPECT_EQ(fs::status(folder_).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(folder_ / "one.key").permissions(), fs::perms::owner_read | fs::perms::owner_write);
  std::ofstream(folder_ / "two.key") << "damaged";
  EXPECT_EQ(FileKeyStore::open(folder_, "password").error().reason, "key_file.format");
}

}  // namespace
}  // namespace hutong::crypto
