#include <gtest/gtest.h>

#include "provider/test_session.h"
#include "tests/support/program.h"

namespace hutong::provider::test {
namespace {

using hutong::test::Call;
using hutong::test::Folder;
using hutong::test::Outcome;

using Arguments = std::vector<std::string>;

Arguments operator+(Arguments a, const Arguments& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const Arguments kPath = {"-provider-path", HUTONG_PROVIDER_FOLDER};
/// No other algorithm is there: what works was done by ours.
const Arguments kOnlyOurs = kPath + Arguments{"-provider", "hutong-gm", "-provider", "base"};
/// `openssl dgst` loads the default provider whatever one says; this property it obeys.
const Arguments kRequireOurs = kOnlyOurs + Arguments{"-propquery", "provider=hutong-gm"};
const Arguments kOnlyBase = {"-provider", "base"};
/// What needs SHA-1 besides (certificates): the default provider may help.
const Arguments kPreferOurs =
    kPath + Arguments{"-provider", "default", "-provider", "hutong-gm", "-propquery", "?provider=hutong-gm"};
const Arguments kStock = {};

/// The stock program, without a configuration of the machine's.
Outcome openssl(const Arguments& arguments, const Arguments& providers,
                std::pair<std::string, std::string> variable = {"OPENSSL_CONF", "/dev/null"}) {
  Arguments all = arguments;
  all.insert(all.begin() + 1, providers.begin(), providers.end());
  return hutong::test::program("openssl", Call{.arguments = all, .environment = {std::move(variable)}});
}

class CommandLine : public testing::Test {
 protected:
  void SetUp() override {
#ifdef HUTONG_SANITIZED
    GTEST_SKIP() << "skipped: the stock openssl cannot load a library with a sanitizer";
#endif
    folder_.write("message", as_bytes("a message for the command line"));
    folder_.write("digest", random_bytes(32));
    folder_.write("extensions", as_bytes("[ca]\nbasicConstraints=critical,CA:TRUE\n"
                                         "[req]\ndistinguished_name=dn\n[dn]\n"));
  }
  std::string file(const std::string& name) const { return folder_.file(name); }

  void run(const Arguments& arguments, const Arguments& providers) const {
    const Outcome outcome = openssl(arguments, providers);
    EXPECT_EQ(outcome.exit, 0) << arguments.front() << " " << outcome.err;
  }
  bool succeeds(const Arguments& arguments, const Arguments& providers) const {
    return openssl(arguments, providers).exit == 0;
  }
  /// The key "name.key" and its public half "name.pub".
  void make_key(const std::string& name) const {
    run({"genpkey", "-algorithm", "SM2", "-out", file(name + ".key")}, kOnlyOurs);
    run({"pkey", "-in", file(name + ".key"), "-pubout", "-out", file(name + ".pub")}, kOnlyOurs);
  }
  void issue(const std::string& name, const std::string& issuer, const Arguments& more,
             const Arguments& providers) const {
    run(Arguments{"req", "-new", "-key", file(name + ".key"), "-subj", "/CN=" + name, "-config",
                  file("extensions"), "-out", file(name + ".csr")},
        kOnlyOurs);
    run(Arguments{"x509", "-req", "-in", file(name + ".csr"), "-CA", file(issuer + ".crt"), "-CAkey",
                  file(issuer + ".key"), "-set_serial", "2", "-days", "10", "-vfyopt",
                  "distid:1234567812345678", "-out", file(name + ".crt")} +
            more,
        providers);
  }
  /// root, sub and leaf, signed by what `providers` says.
  void make_chain(const Arguments& providers, const Arguments& options) const {
    for (const char* name : {"root", "sub", "leaf"}) {
      make_key(name);
    }
    run(Arguments{"req", "-x509", "-new", "-key", file("root.key"), "-subj", "/CN=root", "-config",
                  file("extensions"), "-extensions", "ca", "-days", "10", "-out", file("root.crt")} +
            options,
        providers);
    issue("sub", "root", Arguments{"-extfile", file("extensions"), "-extensions", "ca"} + options, providers);
    issue("leaf", "sub", options, providers);
  }
  Arguments verify_chain() const {
    return {"verify", "-CAfile", file("root.crt"), "-untrusted", file("sub.crt"), file("leaf.crt")};
  }

  Folder folder_;
};

TEST(ProviderLibrary, NeedsNoLibcryptoOfItsOwn) {
  const auto needed =
      hutong::test::program("readelf", {.arguments = {"-d", HUTONG_PROVIDER_FOLDER "/hutong-gm.so"}});
  ASSERT_EQ(needed.exit, 0) << needed.err;
  EXPECT_EQ(needed.out.find("libcrypto"), std::string::npos) << needed.out;
  EXPECT_EQ(needed.out.find("tomlplusplus"), std::string::npos) << needed.out;
}

TEST_F(CommandLine, ListsTheProvider) {
  const Outcome listed = openssl({"list", "-providers"}, kOnlyOurs);
  EXPECT_NE(listed.out.find("Hutong SM2, SM3 and SM4"), std::string::npos) << listed.err;
  EXPECT_EQ(listed.out.find("Default Provider"), std::string::npos);
}

TEST_F(CommandLine, DigestsAndAuthenticates) {
  EXPECT_FALSE(succeeds({"dgst", "-sha256", file("message")}, kRequireOurs));
  EXPECT_EQ(openssl({"dgst", "-sm3", file("message")}, kRequireOurs).out,
            openssl({"dgst", "-sm3", file("message")}, kStock).out);
  const auto mac = [&](const std::string& name, const Arguments& options, const Arguments& providers) {
    return openssl(Arguments{"mac", "-macopt", "hexkey:00112233", "-in", file("message")} + options +
                       Arguments{name},
                   providers)
        .out;
  };
  const std::string expected = mac("HMAC", {"-macopt", "digest:SM3"}, kStock);
  EXPECT_EQ(expected.size(), 65U);
  EXPECT_EQ(mac("HMAC-SM3", {}, kOnlyOurs), expected);
  EXPECT_EQ(mac("HMAC-SM3", {}, kOnlyBase), "");
  const Arguments both = kPath + Arguments{"-provider", "default", "-provider", "hutong-gm"};
  EXPECT_EQ(mac("HMAC", {"-macopt", "digest:SM3", "-macopt", "properties:provider=hutong-gm"}, both),
            expected);
  EXPECT_EQ(mac("HMAC", {"-macopt", "digest:SHA256"}, kPreferOurs),
            mac("HMAC", {"-macopt", "digest:SHA256"}, kStock));
}

TEST_F(CommandLine, Enciphers) {
  for (const char* cipher : {"-sm4-cbc", "-sm4-ctr", "-sm4-ecb"}) {
    Arguments call{"enc", cipher, "-K", "00112233445566778899AABBCCDDEEFF"};
    if (std::string_view(cipher) != "-sm4-ecb") {
      call = call + Arguments{"-iv", "0102030405060708090A0B0C0D0E0F10"};
    }
    run(call + Arguments{"-in", file("message"), "-out", file("ours")}, kOnlyOurs);
    run(call + Arguments{"-in", file("message"), "-out", file("stock")}, kStock);
    EXPECT_EQ(folder_.read("ours"), folder_.read("stock")) << cipher;
    run(call + Arguments{"-d", "-in", file("stock"), "-out", file("back")}, kOnlyOurs);
    EXPECT_EQ(folder_.read("back"), folder_.read("message")) << cipher;
    EXPECT_FALSE(succeeds(call + Arguments{"-in", file("message")}, kOnlyBase));
  }
}

TEST_F(CommandLine, SignsMessagesAndDigestsInBothDirections) {
  make_key("signer");
  const Arguments secret{"-inkey", file("signer.key")};
  const Arguments open{"-pubin", "-inkey", file("signer.pub")};
  const Arguments message{"-in", file("message"), "-rawin", "-digest", "sm3"};
  const Arguments id{"-pkeyopt", "distid:1234567812345678"};
  const auto sign = [&](const Arguments& more, const Arguments& providers) {
    run(Arguments{"pkeyutl", "-sign", "-out", file("signature")} + secret + more, providers);
  };
  const auto verifies = [&](const Arguments& more, const Arguments& providers) {
    return succeeds(Arguments{"pkeyutl", "-verify", "-sigfile", file("signature")} + open + more, providers);
  };
  sign(message, kOnlyOurs);
  EXPECT_TRUE(verifies(message, kOnlyOurs));
  EXPECT_TRUE(verifies(message + id, kStock));
  EXPECT_FALSE(verifies(message, kStock));
  EXPECT_FALSE(verifies(message + Arguments{"-pkeyopt", "distid:somebody"}, kOnlyOurs));
  sign(message + id, kStock);
  EXPECT_TRUE(verifies(message, kOnlyOurs));
  sign({"-in", file("digest")}, kOnlyOurs);
  EXPECT_TRUE(verifies({"-in", file("digest")}, kStock));
  EXPECT_FALSE(verifies({"-in", file("digest")}, kOnlyBase));
  sign({"-in", file("digest")}, kStock);
  EXPECT_TRUE(verifies({"-in", file("digest")}, kOnlyOurs));
}

TEST_F(CommandLine, EncryptsInBothDirections) {
  make_key("recipient");
  for (const auto& [sealing, opening] : {std::pair(kOnlyOurs, kStock), std::pair(kStock, kOnlyOurs)}) {
    run({"pkeyutl", "-encrypt", "-pubin", "-inkey", file("recipient.pub"), "-in", file("message"), "-out",
         file("sealed")},
        sealing);
    run({"pkeyutl", "-decrypt", "-inkey", file("recipient.key"), "-in", file("sealed"), "-out",
         file("opened")},
        opening);
    EXPECT_EQ(folder_.read("opened"), folder_.read("message"));
  }
}

TEST_F(CommandLine, RequestsCarryTheDefaultId) {
  make_key("applicant");
  run({"req", "-new", "-key", file("applicant.key"), "-subj", "/CN=applicant", "-config", file("extensions"),
       "-out", file("request")},
      kOnlyOurs);
  const Arguments check{"req", "-in", file("request"), "-verify", "-noout"};
  EXPECT_NE(openssl(check, kOnlyOurs).err.find("verify OK"), std::string::npos);
  EXPECT_NE(openssl(check + Arguments{"-vfyopt", "distid:1234567812345678"}, kStock).err.find("verify OK"),
            std::string::npos);
  EXPECT_NE(openssl(check, kStock).err.find("verify failure"), std::string::npos);
}

/// The stock program takes an id for the leaf alone, so that it rejects every chain with a sub-CA.
TEST_F(CommandLine, VerifiesAChainThatTheStockProgramRejects) {
  make_chain(kPreferOurs, {});
  EXPECT_TRUE(succeeds(verify_chain(), kPreferOurs));
  EXPECT_FALSE(succeeds(verify_chain(), kStock));
  EXPECT_FALSE(succeeds(verify_chain(), kPath + Arguments{"-provider", "default"}));
  Arguments with_id = verify_chain();
  with_id.insert(with_id.begin() + 1, {"-vfyopt", "distid:1234567812345678"});
  EXPECT_FALSE(succeeds(with_id, kStock));
  const Arguments one_step{"verify",   "-vfyopt",       "distid:1234567812345678", "-partial_chain",
                           "-trusted", file("sub.crt"), file("leaf.crt")};
  EXPECT_TRUE(succeeds(one_step, kStock));
}

TEST_F(CommandLine, VerifiesAChainThatTheStockProgramSigned) {
  make_chain(kStock, {"-sigopt", "distid:1234567812345678"});
  EXPECT_TRUE(succeeds(verify_chain(), kPreferOurs));
  make_key("stranger");
  run({"req", "-x509", "-new", "-key", file("stranger.key"), "-subj", "/CN=root", "-config",
       file("extensions"), "-extensions", "ca", "-days", "10", "-out", file("root.crt")},
      kPreferOurs);
  EXPECT_FALSE(succeeds(verify_chain(), kPreferOurs));
}

/// The configuration of docs/openssl-provider.md, by which programs without options load the provider.
TEST_F(CommandLine, IsLoadedByAConfigurationFile) {
  make_chain(kPreferOurs, {});
  const std::string module = std::string(HUTONG_PROVIDER_FOLDER) + "/hutong-gm.so";
  folder_.write(
      "openssl.cnf",
      as_bytes("openssl_conf = openssl_init\n[openssl_init]\nproviders = providers\n"
               "alg_section = algorithms\n[providers]\ndefault = default_provider\n"
               "hutong-gm = hutong_gm\n[default_provider]\nactivate = 1\n[hutong_gm]\nmodule = " +
               module + "\nactivate = 1\n[algorithms]\ndefault_properties = ?provider=hutong-gm\n"));
  EXPECT_EQ(openssl(verify_chain(), {}, {"OPENSSL_CONF", file("openssl.cnf")}).exit, 0);
}

}  // namespace
}  // namespace hutong::provider::test
