#include "platform/login/ticket.h"

#include <gtest/gtest.h>

#include "platform/login/id_token.h"
#include "platform/login/token_office.h"
#include "tests/tools/test_ca.h"

namespace hutong::platform::login {
namespace {

using hutong::test::kMid2027;
using std::chrono::seconds;

Tickets tickets(std::string_view secret = "a secret of thirty-two octets ...") {
  return Tickets(SecretBytes::copy_of(as_bytes(secret)));
}
std::string read(const Tickets& office, TicketKind kind, std::string_view text, Time now = kMid2027) {
  const auto json = office.read(kind, text, now);
  return json ? json->value("grant", "") : std::string(json.error().reason);
}

TEST(Base64Url, IsStrict) {
  EXPECT_EQ(to_base64url(as_bytes("\xFB\xFF")), "-_8");
  EXPECT_EQ(as_text(*from_base64url("-_8")), "\xFB\xFF");
  for (const auto* text : {"-_9", "-_8=", "-_ 8", "+/8", "\n", "a"}) {
    EXPECT_FALSE(from_base64url(text)) << text;
  }
}

TEST(Tickets, AreGoodForTheirKindAndAWhile) {
  const std::string text = tickets().make(TicketKind::kCode, {{"grant", "x"}}, kMid2027 + seconds(60));
  EXPECT_EQ(read(tickets(), TicketKind::kCode, text), "x");
  EXPECT_EQ(read(tickets(), TicketKind::kCode, text, kMid2027 + seconds(59)), "x");
  EXPECT_EQ(read(tickets(), TicketKind::kCode, text, kMid2027 + seconds(60)), "login.ticket");
  EXPECT_EQ(read(tickets(), TicketKind::kAccess, text), "login.ticket");
  EXPECT_EQ(read(tickets("another secret of this system ..."), TicketKind::kCode, text), "login.ticket");
}

TEST(Tickets, AreWholeOrNothing) {
  const std::string text = tickets().make(TicketKind::kCode, {{"grant", "x"}}, kMid2027 + seconds(60));
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string changed = text;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_EQ(read(tickets(), TicketKind::kCode, changed), "login.ticket") << at;
    EXPECT_EQ(read(tickets(), TicketKind::kCode, text.substr(0, at)), "login.ticket") << at;
  }
  for (const auto* garbage : {"", ".", "..", "a.b", "e30.e30"}) {
    EXPECT_EQ(read(tickets(), TicketKind::kCode, garbage), "login.ticket") << garbage;
  }
}

TEST(Words, AreWhole) {
  EXPECT_TRUE(has_word("openid profile", "profile"));
  EXPECT_TRUE(has_word("openid", "openid"));
  EXPECT_FALSE(has_word("openidprofile", "openid"));
  EXPECT_FALSE(has_word("", "openid"));
  EXPECT_FALSE(has_word("  ", "openid"));
}

}  // namespace
}  // namespace hutong::platform::login
