#include "bench/http_load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <memory>
#include <stdexcept>
#include <thread>

namespace hutong::bench {
namespace {

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("load: " + what); }

std::size_t length_in(std::string_view head) {
  constexpr std::string_view kName = "\r\nContent-Length: ";
  const auto at = head.find(kName);
  std::size_t length = 0;
  if (at == std::string_view::npos ||
      std::from_chars(head.data() + at + kName.size(), head.data() + head.size(), length).ec != std::errc()) {
    fail("no length");
  }
  return length;
}

}  // namespace

Connection::Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail("no connection");
  }
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Connection::~Connection() { ::close(socket_); }

void Connection::send(std::string_view octets) const {
  while (!octets.empty()) {
    const auto sent = ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      fail("the server closed while we sent");
    }
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
}

Connection::Answer Connection::receive() {
  if (next_ == received_.size()) {
    received_.clear();
    next_ = 0;
  }
  const std::size_t begin = next_;
  std::size_t header = 0;
  while ((header = received_.find("\r\n\r\n", begin)) == std::string::npos) {
    read_more();
  }
  const std::size_t body = header + 4;
  next_ = body + length_in(std::string_view(received_).substr(begin, header + 2 - begin));
  while (received_.size() < next_) {
    read_more();
  }
  const std::string_view octets = received_;
  return {.head = octets.substr(begin, header + 2 - begin), .body = octets.substr(body, next_ - body)};
}

void Connection::receive(std::string_view expected) {
  const Answer answer = receive();
  if (!answer.head.starts_with("HTTP/1.1 200 ")) {
    fail("not a 200: " + std::string(answer.head));
  }
  if (answer.body.find(expected) == std::string_view::npos) {
    fail("an unexpected body");
  }
}

void Connection::read_more() {
  std::array<char, 65'536> piece;
  const auto got = ::recv(socket_, piece.data(), piece.size(), 0);
  if (got <= 0) {
    fail("the server closed");
  }
  received_.append(piece.data(), static_cast<std::size_t>(got));
}

void run(const Load& load, std::string_view expected) {
  std::vector<std::unique_ptr<Connection>> connections;
  for (std::size_t i = 0; i < load.connections; ++i) {
    connections.push_back(std::make_unique<Connection>(load.port));
  }
  std::size_t next = 0;
  std::vector<std::size_t> in_flight(connections.size());
  std::string octets;
  const auto send = [&](std::size_t at) {
    octets.clear();
    for (in_flight[at] = 0; in_flight[at] < load.in_flight && next < load.answers; ++in_flight[at], ++next) {
      octets += (*load.requests)[next % load.requests->size()];
    }
    connections[at]->send(octets);
  };
  for (std::size_t at = 0; at < connections.size(); ++at) {
    send(at);
  }
  while (std::ranges::any_of(in_flight, [](std::size_t waiting) { return waiting != 0; })) {
    for (std::size_t at = 0; at < connections.size(); ++at) {
      for (; in_flight[at] != 0; --in_flight[at]) {
        connections[at]->receive(expected);
      }
      send(at);
    }
  }
}

std::vector<std::chrono::nanoseconds> run_at_a_pace(const Load& load, double per_second,
                                                    std::string_view expected) {
  using Moments = std::chrono::steady_clock;
  std::vector<std::chrono::nanoseconds> took(load.answers);
  std::atomic<bool> failed = false;
  const auto begin = Moments::now() + std::chrono::milliseconds(10);
  const auto serve = [&](std::size_t first) {
    try {
      Connection connection(load.port);
      for (std::size_t i = first; i < load.answers; i += load.connections) {
        const std::chrono::duration<double> after(static_cast<double>(i) / per_second);
        const auto due = begin + std::chrono::duration_cast<std::chrono::nanoseconds>(after);
        std::this_thread::sleep_until(due);
        connection.send((*load.requests)[i % load.requests->size()]);
        connection.receive(expected);
        took[i] = Moments::now() - due;
      }
    } catch (const std::runtime_error&) {
      failed = true;
    }
  };
  std::vector<std::jthread> clients;
  for (std::size_t first = 0; first < load.connections; ++first) {
    clients.emplace_back(serve, first);
  }
  clients.clear();
  if (failed) {
    fail("a connection ended or gave an unexpected answer");
  }
  std::ranges::sort(took);
  return took;
}

std::string get_request(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
}

std::string post_request(std::string_view target, std::string_view content_type, std::string_view body,
                         std::string_view more_fields) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + std::string(content_type) + "\r\n" +
         std::string(more_fields) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

}  // namespace hutong::bench
