#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <array>

#include "tests/support/openssl_owned.h"
#include "tests/support/program.h"

namespace hutong::test {
namespace {

using LibraryContext = peer::Owned<OSSL_LIB_CTX, OSSL_LIB_CTX_free>;
using Provider = peer::Owned<OSSL_PROVIDER, OSSL_PROVIDER_unload>;
using Digest = peer::Owned<EVP_MD, EVP_MD_free>;

/// The errors of this thread's queue as text; empties the queue.
std::string take_errors() {
  std::string out;
  const char* data = nullptr;
  int flags = 0;
  while (const unsigned long code = ERR_get_error_all(nullptr, nullptr, nullptr, &data, &flags)) {
    std::array<char, 256> text{};
    ERR_error_string_n(code, text.data(), text.size());
    out += std::string(text.data()) + " " + data + "\n";
  }
  return out;
}

TEST(Provider, DoesNotLoadWhenTheSelfTestsFail) {
  ERR_clear_error();
  const LibraryContext context(OSSL_LIB_CTX_new());
  ASSERT_EQ(OSSL_PROVIDER_set_default_search_path(context.get(), HUTONG_BROKEN_FOLDER), 1);
  const hutong::test::Provider provider(OSSL_PROVIDER_load(context.get(), "hutong-gm"));
  EXPECT_EQ(provider, nullptr);
  const std::string errors = take_errors();
  EXPECT_NE(errors.find("crypto.self_test"), std::string::npos) << errors;
  EXPECT_NE(errors.find("SM3 (broken)"), std::string::npos) << errors;
  EXPECT_EQ(Digest(EVP_MD_fetch(context.get(), "SM3", nullptr)), nullptr);
}

TEST(Provider, LoadsWhenTheyPass) {
  const LibraryContext context(OSSL_LIB_CTX_new());
  ASSERT_EQ(OSSL_PROVIDER_set_default_search_path(context.get(), HUTONG_SOUND_PROVIDER_FOLDER), 1);
  const hutong::test::Provider provider(OSSL_PROVIDER_load(context.get(), "hutong-gm"));
  ASSERT_NE(provider, nullptr) << take_errors();
  EXPECT_NE(Digest(EVP_MD_fetch(context.get(), "SM3", nullptr)), nullptr);
}

/// The stock program, told to digest with ours and no other.
Outcome openssl_digest(const std::string& folder) {
  return program("openssl", {.arguments = {"dgst", "-sm3", "-provider-path", folder, "-provider", "hutong-gm",
                                           "-propquery", "provider=hutong-gm"},
                             .input = "abc",
                             .environment = {{"OPENSSL_CONF", "/dev/null"}}});
}

TEST(Provider, StopsTheStockCommandLine) {
#ifdef HUTONG_SANITIZED
  GTEST_SKIP() << "skipped: the stock openssl cannot load a library with a sanitizer";
#endif
  const Outcome broken = openssl_digest(HUTONG_BROKEN_FOLDER);
  EXPECT_NE(broken.exit, 0);
  EXPECT_EQ(broken.out, "");
  EXPECT_NE(broken.err.find("crypto.self_test"), std::string::npos) << broken.err;
  const Outcome sound = openssl_digest(HUTONG_SOUND_PROVIDER_FOLDER);
  EXPECT_EQ(sound.exit, 0) << sound.err;
  EXPECT_NE(sound.out.find("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
            std::string::npos)
      << sound.out;
}

}  // namespace
}  // namespace hutong::test
