#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "agent/call.h"
#include "agent/page_stream.h"
#include "agent/refusals.h"
#include "net/web_socket.h"

namespace hutong::agent {

/// What a session asks of the agent that it belongs to. Any thread may call.
struct SessionHost {
  Workbench* bench;
  Refusals* refusals;
  /// Runs a call of this origin on a worker; false when too many are under way.
  std::function<bool(const std::string& origin, std::function<void()> job)> post;
  /// After the connection was closed; on its thread.
  std::function<void(const std::string& origin)> closed;
  std::chrono::milliseconds stall{60'000};  ///< of streams
};

/// One page's connection: reads its frames, lets calls through and answers them. The listener's functions run
/// on the connection's thread; send() and answers come from any.
class Session final : public net::SocketListener, public std::enable_shared_from_this<Session> {
 public:
  static constexpr std::size_t kMostUnderWay = 16;
  static constexpr std::size_t kMostStreams = 4;
  static constexpr double kRate = 300;   ///< requests a second on average
  static constexpr double kBurst = 600;  ///< at once
  static constexpr int kMostRefused = 1'000;
  static constexpr int kMostUnreadable = 16;

  Session(SessionHost host, std::string origin);
  const std::string& origin() const { return origin_; }
  void send(std::string text);
  /// Gives up all streams: the agent stops.
  void abandon();

  void on_open(const std::shared_ptr<net::WebSocket>& socket) override;
  void on_text(std::string_view text) override;
  void on_binary(ByteView octets) override;
  void on_closed() override;

 private:
  struct UnderWay {
    std::shared_ptr<PageStream> stream;  ///< null without a stream
  };
  void refuse(std::uint32_t id, const Error& error);
  void refuse_unreadable(std::uint32_t id, const Error& error);
  bool is_too_fast();
  /// What stands against a call before it is put to work.
  Status admit(const PageRequest& request, const Method& method);
  void start(PageRequest request, const Method& method);
  void work(const PageRequest& request, const Method& method, const std::shared_ptr<PageStream>& stream);
  void finish(std::uint32_t id, std::string frame);
  void close(net::CloseCode code, std::string_view reason);
  std::shared_ptr<PageStream> stream_of(std::uint32_t id) const;
  std::shared_ptr<net::WebSocket> socket() const;

  const SessionHost host_;
  const std::string origin_;
  mutable std::mutex lock_;
  std::shared_ptr<net::WebSocket> socket_;
  std::map<std::uint32_t, UnderWay> under_way_;

  // The connection's thread's.
  double tokens_ = kBurst;
  std::chrono::steady_clock::time_point filled_;
  int refused_ = 0;
  int unreadable_ = 0;
};

}  // namespace hutong::agent
