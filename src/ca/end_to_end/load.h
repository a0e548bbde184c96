#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/time.h"
#include "net/json.h"
#include "storage/database.h"
#include "tests/support/operator_client.h"
#include "x509/crl.h"
#include "x509/serial.h"

namespace hutong::ca::test {

/// What a CA has promised whoever asked: everything that an answer said was done.
struct Promises {
  std::vector<x509::Serial> issued;
  std::vector<std::vector<x509::Serial>> revocable;  ///< the certificates of each order
  std::vector<x509::Serial> revoked;
  std::vector<x509::Serial> stamps;
  std::map<std::string, std::uint64_t> list_numbers;  ///< highest number seen, by path
  std::size_t taken = 0;                              ///< so many of `revocable` were given to be revoked
};

/// The operators that the load needs, with their carriers, and what they order.
struct Desk {
  hutong::test::Carrier enterer;
  hutong::test::Carrier reviewer;
  hutong::test::Carrier maker;
  std::string template_id = "seal-maker";
};

/// An application by this template, with a new key of its own, that goes to review at once.
net::Json application(const std::string& template_id);

/// Fetches a list from a node and notes its number, which must not be lower than any seen before.
x509::Crl see_list(std::uint16_t port, const std::string& path, Promises& promises, std::mutex& mutex);

/// People at work on one node of a CA, each on a thread: they apply, review and make certificates, revoke
/// some of them, ask for time stamps and fetch the lists, until told to stop or the node is gone. What they
/// were told is added to `promises`, which several loads may share; it must outlive them.
class Load {
 public:
  /// `audience`: the console's origin, the same for all nodes.
  Load(std::uint16_t port, std::string audience, const Desk& desk, std::string authority, Promises& promises,
       std::mutex& mutex);
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  ~Load() { stop(); }
  /// Waits for the answers that are under way.
  void stop();

 private:
  void issue();
  void revoke();
  void stamp();
  void watch_lists();
  template <typename Work>
  void start(Work work);

  std::uint16_t port_;
  std::string audience_;
  const Desk* desk_;
  std::string authority_;
  Promises* promises_;
  std::mutex* mutex_;
  SystemClock clock_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> workers_;
};

/// What must hold of the store whenever its nodes were stopped or killed: the audit chain is whole; every
/// certificate, change of state and time stamp has its audit record and every record its object; orders and
/// certificates agree; what was promised is there, and nothing came twice.
void check_store(storage::Database& database, const Promises& promises);

}  // namespace hutong::ca::test
