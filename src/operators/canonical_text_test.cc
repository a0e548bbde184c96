#include "operators/canonical_text.h"

#include <gtest/gtest.h>

#include <string>

#include "base/encoding.h"
#include "crypto/sm2.h"
#include "tests/support/fixed_octets.h"
#include "tests/support/support.h"

namespace hutong::operators {
namespace {

constexpr std::string_view kPrivateKey = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '\n' ? std::string("\\n") : c == '"' ? std::string("\\\"") : std::string(1, c);
  }
  return out;
}

/// docs/api/operators.yaml, the worked example: the page's side is built from it.
class WorkedExample : public testing::Test {
 protected:
  WorkedExample() {
    const Bytes octets = hutong::test::read(
        hutong::test::data_path("").parent_path().parent_path().parent_path() / "docs/api/operators.yaml");
    document_ = as_text(octets);
  }
  void expect_line(const std::string& line) const {
    EXPECT_NE(document_.find(line + "\n"), std::string::npos) << "docs/api/operators.yaml lacks: " << line;
  }
  std::string sign(std::string_view text) const {
    hutong::test::FixedOctets nonces(1);
    const auto signature = key_.sign(as_bytes(text), crypto::kSm2DefaultId, nonces);
    EXPECT_TRUE(key_.public_key().verify(as_bytes(text), signature));
    return to_base64(signature.to_der());
  }

  std::string document_;
  crypto::Sm2PrivateKey key_ = crypto::Sm2PrivateKey::from_octets(hutong::test::hex(kPrivateKey)).value();
};

TEST_F(WorkedExample, TheKeyIsTheOneOfThePage) {
  expect_line("      private_key: " + std::string(kPrivateKey));
  expect_line("      public_key: " + to_hex(key_.public_key().octets()));
}

TEST_F(WorkedExample, ALoginSignsTheTextOfThePage) {
  const LoginText login{.audience = "https://ca.example:8443",
                        .challenge =
                            "000102030405060708090a0b0c0d0e0f000000006a1d3c00ffeeddccbbaa9988776655443322"
                            "1100",
                        .issued_at = from_rfc3339("2026-06-01T08:00:00Z").value()};
  const std::string text = to_text(login);
  expect_line("        text: \"" + escaped(text) + '"');
  expect_line("        signature: " + sign(text));
}

TEST_F(WorkedExample, AnActionSignsTheTextOfThePage) {
  const std::string_view body = R"({"version":3,"note":"材料齐全"})";
  const ActionText action{.method = "POST",
                          .target = "/api/v1/orders/01JWJ8Q3Y0V7Q4M2N5R8T1XZAB/approval?notify=yes",
                          .body = as_bytes(body),
                          .time = "2026-06-01T08:05:00Z",
                          .session = "01JWJ8PZZZ6K3G1F5D7B9A2C4E"};
  const std::string text = to_text(action);
  expect_line("        body: '" + std::string(body) + "'");
  expect_line("        text: \"" + escaped(text) + '"');
  expect_line("        signature: " + sign(text));
}

TEST(ActionText, AnEmptyBodyIsHashedLikeAnyOther) {
  EXPECT_EQ(
      to_text(ActionText{.method = "DELETE", .target = "/a", .body = {}, .time = "t", .session = "s"}),
      "hutong-action-1\nDELETE\n/a\n1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b\nt\ns");
}

}  // namespace
}  // namespace hutong::operators
