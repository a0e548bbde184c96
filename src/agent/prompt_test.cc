#include "agent/prompt.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "agent/internal/assuan.h"
#include "agent/prompt_desk.h"
#include "tests/support/program.h"

namespace hutong::agent {
namespace {

using std::chrono::milliseconds;

/// A pinentry whose answer to GETPIN and CONFIRM is a piece of shell.
class PinentryTest : public testing::Test {
 protected:
  Pinentry answering(const std::string& answer, std::chrono::seconds most = std::chrono::seconds(20)) {
    const std::string script = "#!/bin/sh\necho 'OK hello'\nwhile read -r line; do echo \"$line\" >>" +
                               folder_.file("heard") + "\ncase $line in GETPIN*|CONFIRM*) " + answer +
                               " ;; BYE*) exit 0 ;; *) echo OK ;; esac\ndone\n";
    const std::string program = folder_.write("pinentry", as_bytes(script));
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    return Pinentry({.program = program, .most = most});
  }
  std::string heard() const { return std::string(as_text(folder_.read("heard"))); }
  static std::string_view reason(const Result<SecretBytes>& answer) {
    return answer ? "" : answer.error().reason;
  }

  test::Folder folder_;
  const Window window_{
      .title = "title", .description = "100 %\nline 2", .label = "PIN:", .error = "wrong", .yes = "go"};
};

TEST_F(PinentryTest, GivesWhatTheUserEntered) {
  auto pinentry = answering("echo '# a comment'; echo 'S a status'; echo 'D 12%2534%0a'; echo OK");
  const auto pin = pinentry.ask_pin(window_);
  ASSERT_TRUE(pin) << pin.error().detail;
  EXPECT_EQ(as_text(pin->expose()), "12%34\n");
  EXPECT_EQ(
      heard(),
      "SETTIMEOUT 20\nSETTITLE title\nSETDESC 100 %25%0aline 2\nSETPROMPT PIN:\nSETERROR wrong\nSETOK go\n"
      "GETPIN\n");
}

TEST_F(PinentryTest, TellsRefusalsFromFailures) {
  EXPECT_EQ(reason(answering("echo 'ERR 83886179 Operation cancelled'").ask_pin(window_)),
            "agent.refused_by_user");
  EXPECT_EQ(reason(answering("echo 'ERR 83886142 Timeout'").ask_pin(window_)), "agent.prompt_timeout");
  EXPECT_EQ(reason(answering("echo 'ERR 83886340 Cannot open'").ask_pin(window_)), "agent.no_prompt");
  EXPECT_EQ(reason(answering("exit 1").ask_pin(window_)), "agent.no_prompt");
  EXPECT_EQ(reason(answering("echo 'D %zz'; echo OK").ask_pin(window_)), "agent.no_prompt");
  EXPECT_EQ(reason(answering("echo 'D 12%2'; echo OK").ask_pin(window_)), "agent.no_prompt");
  EXPECT_EQ(reason(answering("head -c 5000 /dev/zero | tr '\\0' x; echo; echo OK").ask_pin(window_)),
            "agent.no_prompt");
  EXPECT_EQ(answering("echo 'ERR 83886194 Not confirmed'").confirm(window_).error().reason,
            "agent.refused_by_user");
  EXPECT_TRUE(answering("echo OK").confirm(window_));
  EXPECT_EQ(reason(Pinentry({.program = "/nowhere/pinentry"}).ask_pin(window_)), "agent.no_prompt");
  EXPECT_EQ(reason(Pinentry({.program = ""}).ask_pin(window_)), "agent.no_prompt");
}

TEST_F(PinentryTest, WindowsCloseWhenTheAgentStops) {
  auto pinentry = answering("exec sleep 60");
  std::jthread stop([&pinentry] {
    std::this_thread::sleep_for(milliseconds(300));
    pinentry.stop();
  });
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(reason(pinentry.ask_pin(window_)), "agent.no_prompt");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
}

TEST(Assuan, LinesEndBeforeHalfACharacter) { EXPECT_EQ(internal::escaped("a%b\r\n"), "a%25b%0d%0a"); }

/// Answers with what the test says; counts how many windows are open at once.
class StandInPrompt final : public Prompt {
 public:
  Result<SecretBytes> ask_pin(const Window&) override { return SecretBytes::copy_of(as_bytes("123456")); }
  Status confirm(const Window& window) override {
    const int open = ++open_;
    most_open = std::max(most_open.load(), open);
    while (is_held) {
      std::this_thread::sleep_for(milliseconds(1));
    }
    --open_;
    return window.title == "no" ? Status(Error{Errc::kUnauthorized, "agent.refused_by_user", ""}) : ok();
  }
  void stop() override {}
  bool is_open() const { return open_ > 0; }

  std::atomic<bool> is_held{false};
  std::atomic<int> most_open{0};

 private:
  std::atomic<int> open_{0};
};

TEST(PromptDeskTest, OneWindowIsOpenAndOneOfAnOriginWaits) {
  StandInPrompt prompt;
  PromptDesk desk(prompt);
  prompt.is_held = true;
  const auto ask = [&desk](const std::string& origin) {
    auto turn = desk.enter(origin);
    return turn ? turn->confirm({}) : Status(turn.error());
  };
  std::vector<std::jthread> pages;
  pages.emplace_back([&] { EXPECT_TRUE(ask("a")); });
  while (!prompt.is_open()) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  std::atomic<int> refused = 0;
  for (int i = 0; i < 4; ++i) {
    pages.emplace_back([&] { refused += ask("a") ? 0 : 1; });
    pages.emplace_back([&] { refused += ask("b") ? 0 : 1; });
  }
  while (refused < 6) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  prompt.is_held = false;
  pages.clear();
  EXPECT_EQ(refused, 6);
  EXPECT_EQ(prompt.most_open, 1);
}

TEST(PromptDeskTest, IsSilentForAWhileAfterThreeRefusals) {
  StandInPrompt prompt;
  auto now = std::chrono::steady_clock::time_point{};
  PromptDesk desk(prompt, [&now] { return now; });
  const auto answer = [&desk](const std::string& title) {
    auto turn = desk.enter("a");
    return turn ? turn->confirm({.title = title}) : Status(turn.error());
  };
  EXPECT_FALSE(answer("no"));
  EXPECT_FALSE(answer("no"));
  EXPECT_TRUE(answer("yes")) << "starts anew";
  EXPECT_FALSE(answer("no"));
  EXPECT_FALSE(answer("no"));
  EXPECT_FALSE(answer("no"));
  EXPECT_EQ(answer("yes").error().reason, "agent.origin_silenced");
  EXPECT_TRUE(desk.enter("b")) << "others are asked";
  now += PromptDesk::kSilence;
  EXPECT_TRUE(answer("yes"));
}

}  // namespace
}  // namespace hutong::agent
