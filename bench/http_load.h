#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// A client that costs little, so that what is measured on the machine both share is the server.
namespace hutong::bench {

/// A connection to 127.0.0.1 that stays. One thread at a time; throws std::runtime_error when it fails.
class Connection {
 public:
  explicit Connection(std::uint16_t port);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  struct Answer {
    std::string_view head;  ///< status line and fields, to the end of the last
    std::string_view body;
  };
  void send(std::string_view octets) const;
  /// One answer, good until the next call; what came behind it stays. A Content-Length is needed.
  Answer receive();
  /// The same for an answer that must be a 200 with a body in which `expected` stands.
  void receive(std::string_view expected);

 private:
  void read_more();
  int socket_;
  std::string received_;
  std::size_t next_ = 0;  ///< where the next answer begins
};

/// Requests as octets, sent round and round.
struct Load {
  std::uint16_t port = 0;                      ///< on 127.0.0.1
  const std::vector<std::string>* requests{};  ///< at least one
  std::size_t answers = 0;                     ///< altogether
  std::size_t connections = 16;                ///< kept alive, all in flight at once
  std::size_t in_flight = 1;                   ///< requests on one connection before its answers are read
};

/// Sends and reads every answer to its end. Throws std::runtime_error when a connection fails and when an
/// answer is not a 200 with a body in which `expected` stands (a Content-Length is needed).
void run(const Load& load, std::string_view expected);

/// One request in flight on each connection, each sent when it is due at so many in a second, whether answers
/// are late or not; `in_flight` plays no part. How long each answer took from then, the shortest first.
std::vector<std::chrono::nanoseconds> run_at_a_pace(const Load& load, double per_second,
                                                    std::string_view expected);

std::string get_request(std::string_view target);
/// `more_fields`: each with its CRLF.
std::string post_request(std::string_view target, std::string_view content_type, std::string_view body,
                         std::string_view more_fields = {});

}  // namespace hutong::bench
