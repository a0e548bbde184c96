#include "agent/trust_keeper.h"

#include <gtest/gtest.h>

#include "agent/config.h"
#include "demonstration/authority.h"
#include "tests/support/program.h"

namespace hutong::agent {
namespace {

Time keeper_now() { return SystemClock().now(); }

demonstration::Authority authority(const std::string& name) {
  return demonstration::Authority::root(
             {.organization = "o", .common_name = name},
             {.from = keeper_now() - std::chrono::hours(1), .until = keeper_now() + std::chrono::days(90)},
             "http://127.0.0.1/root.crl")
      .value();
}

Bytes der_of(const demonstration::Authority& authority) { return to_bytes(authority.certificate().der()); }

/// agent.toml with these anchors, and the keeper of what it says; every question looks.
struct Kept {
  explicit Kept(const std::string& anchors) {
    folder.write("a.cer", der_of(first));
    configure(anchors);
    const auto config = read_config(folder.file("agent.toml")).value();
    keeper = TrustKeeper::create(
                 config.trust, config.file,
                 [](const std::filesystem::path& file) -> Result<TrustPaths> {
                   HUTONG_TRY(const Config again, read_config(file));
                   return again.trust;
                 },
                 keeper_now(), std::chrono::milliseconds(0))
                 .value();
  }
  void configure(const std::string& anchors) const {
    folder.write("agent.toml", as_bytes("[server]\nstate = \"" + folder.file("state") +
                                        "\"\n[trust]\nanchors = [" + anchors + "]\n"));
  }
  hutong::test::Folder folder;
  demonstration::Authority first = authority("first");
  demonstration::Authority second = authority("second authority");
  std::unique_ptr<TrustKeeper> keeper;
};

TEST(TrustKeeper, ReadsAnchorsAgainWhenTheirFilesChange) {
  const Kept kept("\"a.cer\"");
  const auto before = kept.keeper->current(keeper_now());
  EXPECT_EQ(kept.keeper->current(keeper_now()), before) << "nothing has changed";
  kept.folder.write("a.cer", der_of(kept.second));
  const auto after = kept.keeper->current(keeper_now());
  EXPECT_NE(after, before);
  EXPECT_EQ(kept.keeper->current(keeper_now()), after);
}

TEST(TrustKeeper, ReadsTheConfigurationAgain) {
  const Kept kept("\"a.cer\"");
  kept.folder.write("b.cer", der_of(kept.second));
  const auto anchors = [&kept] {
    return kept.keeper->current(keeper_now())->context(keeper_now()).anchors.size();
  };
  EXPECT_EQ(anchors(), 1U);
  kept.configure("\"a.cer\", \"b.cer\"");
  EXPECT_EQ(anchors(), 2U);
}

TEST(TrustKeeper, KeepsWhatWasGoodWhileAFileIsNot) {
  const Kept kept("\"a.cer\"");
  const auto before = kept.keeper->current(keeper_now());
  kept.folder.write("a.cer", as_bytes("half of a certi"));
  EXPECT_EQ(kept.keeper->current(keeper_now()), before);
  kept.folder.write("agent.toml", as_bytes("[trust\n"));
  EXPECT_EQ(kept.keeper->current(keeper_now()), before);
  kept.folder.write("a.cer", der_of(kept.second));
  kept.configure("\"a.cer\"");
  EXPECT_NE(kept.keeper->current(keeper_now()), before);
}

}  // namespace
}  // namespace hutong::agent
