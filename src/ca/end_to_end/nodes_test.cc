#include <csignal>
#include <thread>

#include "ca/end_to_end/ca_home.h"
#include "ca/end_to_end/load.h"

namespace hutong::ca {
namespace {

using test::Load;
using test::Promises;

/// Two nodes of one CA on one PostgreSQL: the same keys, ports of their own.
class CaNodes : public test::CaHome {
 protected:
  void SetUp() override {
    CaHome::SetUp();
    if (!IsSkipped()) {
      write_config("second.toml", home_.url(), "keys", second_port_);
    }
  }
  void start_second() {
    second_.emplace(std::vector<std::string>{HUTONG_CA, "--config", file("second.toml")}, file("second-log"),
                    std::vector<std::string>{"server.listening"});
  }
  std::size_t issued() {
    const std::scoped_lock lock(mutex_);
    return promises_.issued.size();
  }
  /// Until this many more certificates were promised than now, for at most two minutes.
  void wait_for_more(std::size_t more) {
    const std::size_t wanted = issued() + more;
    for (int tries = 0; tries < 2'400 && issued() < wanted; ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    EXPECT_GE(issued(), wanted);
  }
  /// What both nodes say of a certificate's state.
  std::vector<bool> listed(const x509::Serial& serial) {
    std::vector<bool> answers;
    for (const std::uint16_t port : {port_, second_port_}) {
      const std::string path = "/crl/" + authority();
      const auto full = test::see_list(port, path + "/0.crl", promises_, mutex_);
      const auto delta = test::see_list(port, path + "/0-delta.crl", promises_, mutex_);
      answers.push_back(full.find(serial) || delta.find(serial));
    }
    return answers;
  }

  std::uint16_t second_port_ = hutong::test::free_port();
  std::optional<hutong::test::ServerProgram> second_;
  Promises promises_;
  std::mutex mutex_;
};
INSTANTIATE_TEST_SUITE_P(Storage, CaNodes, testing::Values(storage::DatabaseKind::kPostgresql),
                         hutong::test::database_name);

TEST_P(CaNodes, WorkSideBySideAndOneThatIsKilledLosesNothing) {
  const test::Desk desk{carrier("录入员"), carrier("审核员"), carrier("制证员")};
  start();
  start_second();
  Load first(port_, url(), desk, authority(), promises_, mutex_);
  Load second(second_port_, url(), desk, authority(), promises_, mutex_);
  wait_for_more(20);
  second_->end(SIGKILL);
  second.stop();
  wait_for_more(10);  // the other one goes on
  start_second();
  Load again(second_port_, url(), desk, authority(), promises_, mutex_);
  wait_for_more(20);
  first.stop();
  again.stop();
  auto opened = database();
  check_store(opened, promises_);
  ASSERT_FALSE(promises_.revoked.empty());
  for (const x509::Serial& serial : promises_.revoked) {
    EXPECT_EQ(listed(serial), std::vector<bool>({true, true})) << serial.to_hex();
  }
}

}  // namespace
}  // namespace hutong::ca
