#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "agent/params.h"
#include "base/result.h"
#include "net/json.h"
#include "token/driver/device_watch.h"
#include "token/driver/driver_set.h"
#include "token/pcsc/card_watch.h"

namespace boost::asio {
class thread_pool;
}

namespace hutong::agent {

/// The name of a token for pages: driver and device. Opaque to them.
std::string token_name(const token::FoundDevice& device);
/// Names in tokens are octets in the vendor's code page; what is not UTF-8 is shown as "octets:" and
/// hexadecimal, and read back.
std::string shown_name(std::string_view raw);
std::string raw_name(std::string_view shown);

/// All tokens of this machine. Thread-safe.
class TokenDesk {
 public:
  /// Told on a watch's thread when a token or a card came or went or a driver's state changed, and on the
  /// caller's by touch().
  using Changed = std::function<void()>;
  static constexpr std::chrono::milliseconds kReadLimit{2'500};  ///< for what is in one token

  TokenDesk(const token::DriverSetOptions& drivers, Changed changed);
  TokenDesk(const TokenDesk&) = delete;
  TokenDesk& operator=(const TokenDesk&) = delete;
  ~TokenDesk();

  std::uint64_t generation() const { return generation_; }
  /// Something was written to a token, or a login began or ended.
  void touch();
  /// What the watch saw last (the first look is waited for); with `refresh` a look of its own.
  token::Enumeration enumeration(bool refresh);
  /// What the service for smart cards says; no driver is asked.
  token::CardsNow cards();
  bool has(const std::string& token);
  /// kNotFound "agent.token_unknown", and the errors of Device::open and open_application.
  Result<token::Device> open(const std::string& token);
  Result<token::Application> open(const ApplicationPlace& place);
  Result<token::Container> open(const Place& place);
  const std::vector<Error>& description_errors() const { return drivers_.description_errors(); }

  /// For every device what `read` says, all at once. A token that does not answer in time, or that is still
  /// busy with earlier questions, has kUnavailable "agent.token_slow".
  using Read = std::function<net::Json(const token::Device& device)>;
  std::vector<Result<net::Json>> read_all(const std::vector<token::FoundDevice>& devices, const Read& read);

  /// Ends the drivers' processes under whatever waits for them.
  void stop();

 private:
  void take(const token::Enumeration& now);
  void take(const token::CardsNow& now);
  bool begin_reading(const std::string& token);
  void end_reading(const std::string& token);

  Changed changed_;
  token::DriverSet drivers_;
  std::atomic<std::uint64_t> generation_{1};
  std::mutex lock_;
  std::condition_variable seen_;
  bool has_seen_ = false;
  token::Enumeration last_;
  token::CardsNow cards_;
  std::map<std::string, int> reading_;  ///< questions under way
  std::unique_ptr<boost::asio::thread_pool> readers_;
  std::unique_ptr<token::DeviceWatch> watch_;
  std::unique_ptr<token::CardWatch> card_watch_;
};

}  // namespace hutong::agent
