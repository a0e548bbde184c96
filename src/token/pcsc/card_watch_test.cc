#include "token/pcsc/card_watch.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <csignal>
#include <functional>
#include <mutex>

#include "base/encoding.h"
#include "tests/support/card_reader.h"
#include "tests/support/server_program.h"
#include "token/pcsc/virtual_card.h"

namespace hutong::token {
namespace {

using hutong::test::CardReader;
using hutong::test::Folder;
using hutong::test::ServerProgram;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kSlowMachine{20};
constexpr const char* kReader = "Virtual PCD 00 00";

/// hutong-card in the reader.
class CardInReader {
 public:
  CardInReader(const CardReader& reader, const std::string& application, const std::string& serial_number)
      : program_({HUTONG_CARD, "--port", std::to_string(reader.port()), "--application", application,
                  "--serial-number", serial_number, "--patience", "20"},
                 folder_.file("card.log"), {"card.inserted"}) {}

 private:
  Folder folder_;
  ServerProgram program_;
};

DriverDescription description(const std::string& name, std::string_view atr, std::string_view application) {
  DriverDescription out;
  out.name = name;
  out.card.answers_to_reset.push_back(AtrPattern::parse(atr).value());
  out.card.application = from_hex(application).value();
  if (!application.empty()) {
    out.card.label_object = VirtualCard::kLabelObject;
    out.card.serial_number_object = VirtualCard::kSerialNumberObject;
  }
  return out;
}

/// Two products in the same kind of card, one in another.
std::vector<DriverDescription> known() {
  return {description("other-card", "3b 00*", ""), description("first", "3b 86 80 01*", "a000000001"),
          description("second", "3b 86 80 01*", "d2760001850001")};
}

/// Everything that a watch tells.
class Told {
 public:
  CardWatch::Tell tell() {
    return [this](const CardsNow& now) {
      const std::lock_guard lock(lock_);
      last_ = now;
      ++count_;
      changed_.notify_all();
    };
  }
  /// The first that `wanted` takes, from the last on.
  CardsNow until(const std::function<bool(const CardsNow&)>& wanted) {
    std::unique_lock lock(lock_);
    EXPECT_TRUE(changed_.wait_for(lock, kSlowMachine, [&] { return count_ > 0 && wanted(last_); }))
        << last_.reason << " " << last_.cards.size();
    return last_;
  }

 private:
  std::mutex lock_;
  std::condition_variable changed_;
  CardsNow last_;
  int count_ = 0;
};

bool is_empty_reader(const CardsNow& now) {
  return now.reason.empty() && !now.readers.empty() && now.cards.empty();
}
bool has_card(const CardsNow& now) { return !now.cards.empty(); }

TEST(CardWatch, TellsWhichVendorsCardCameAndThatItWent) {
  const CardReader reader;
  Told told;
  const CardWatch watch(known(), told.tell());
  EXPECT_EQ(told.until(is_empty_reader).readers.front(), kReader);
  {
    const auto began = steady_clock::now();
    const CardInReader in(reader, "d2760001850001", "HC0007");
    const CardsNow now = told.until(has_card);
    std::cout << "card in to told: "
              << std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began).count()
              << " ms\n";
    ASSERT_EQ(now.cards.size(), 1U);
    EXPECT_EQ(now.cards[0].reader, kReader);
    EXPECT_EQ(to_hex(now.cards[0].atr), "3b8680016875746f6e6708");
    EXPECT_EQ(now.cards[0].driver, "second") << "the first one's application is not on this card";
    EXPECT_EQ(now.cards[0].identity.label, "Hutong card");
    EXPECT_EQ(now.cards[0].identity.serial_number, "HC0007");
    EXPECT_EQ(now.cards[0].problem, "");
  }
  told.until(is_empty_reader);
  const CardInReader stranger(reader, "a0000000020202", "HC0008");
  const CardsNow now = told.until(has_card);
  EXPECT_EQ(now.cards[0].driver, "") << "nobody's";
  EXPECT_EQ(now.cards[0].identity.serial_number, "");
}

TEST(CardWatch, GoesOnWithAServiceThatWasStartedAnew) {
  Told told;
  CardReader::socket();
  const CardWatch watch(known(), told.tell());
  EXPECT_EQ(told.until([](const CardsNow& now) { return !now.reason.empty(); }).reason, "pcsc.no_service");
  for (int round = 0; round < 2; ++round) {
    {
      const CardReader reader;
      const CardInReader in(reader, "d2760001850001", "HC0009");
      EXPECT_EQ(told.until(has_card).cards[0].driver, "second");
    }
    const CardsNow gone = told.until([](const CardsNow& now) { return !now.reason.empty(); });
    EXPECT_EQ(gone.reason, "pcsc.no_service");
    EXPECT_TRUE(gone.cards.empty());
    EXPECT_TRUE(gone.readers.empty());
  }
}

TEST(CardWatch, DoesNotHangWithAServiceThatDoes) {
  const CardReader reader;
  {
    Told told;
    const CardWatch watch(known(), told.tell());
    told.until(is_empty_reader);
    reader.signal(SIGSTOP);
  }  // ends all the same
  const auto began = steady_clock::now();
  const CardsNow now = look_for_cards(known(), std::chrono::milliseconds(200));
  EXPECT_LT(steady_clock::now() - began, kSlowMachine);
  EXPECT_EQ(now.reason, "pcsc.no_answer");
  reader.signal(SIGCONT);
}

TEST(CardWatch, OneLookSaysWhatIsThereOrWhyNot) {
  CardReader::socket();
  EXPECT_EQ(look_for_cards(known()).reason, "pcsc.no_service");
  const CardReader reader;
  const CardInReader in(reader, "d2760001850001", "HC0010");
  const auto until = steady_clock::now() + kSlowMachine;
  CardsNow now = look_for_cards(known());
  while (now.cards.empty() && steady_clock::now() < until) {
    now = look_for_cards(known());
  }
  ASSERT_EQ(now.cards.size(), 1U) << now.reason << now.detail;
  EXPECT_EQ(now.cards[0].identity.serial_number, "HC0010");
}

}  // namespace
}  // namespace hutong::token
