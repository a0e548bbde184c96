#include "token/pcsc/card_cable.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>
#include <thread>

namespace hutong::token {
namespace {

constexpr std::chrono::milliseconds kBetweenTries{50};

enum CardControl : std::uint8_t { kPowerOff = 0, kPowerOn = 1, kReset = 2, kAnswerToReset = 4 };

class ReaderSocket {
 public:
  ReaderSocket() : handle_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ReaderSocket(const ReaderSocket&) = delete;
  ReaderSocket& operator=(const ReaderSocket&) = delete;
  ~ReaderSocket() { ::close(handle_); }

  bool connect(std::uint16_t port) const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(handle_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  }
  bool receive(std::span<std::uint8_t> out) const {
    while (!out.empty()) {
      const ssize_t got = ::recv(handle_, out.data(), out.size(), 0);
      if (got < 0 && errno == EINTR) {
        continue;
      }
      if (got <= 0) {
        return false;
      }
      out = out.subspan(static_cast<std::size_t>(got));
    }
    return true;
  }
  bool send(ByteView content) const {
    Bytes message{static_cast<std::uint8_t>(content.size() >> 8),
                  static_cast<std::uint8_t>(content.size() & 0xff)};
    append(message, content);
    return ::send(handle_, message.data(), message.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(message.size());
  }

 private:
  int handle_;
};

/// False when the reader is gone.
bool answer_one(const ReaderSocket& reader, VirtualCard& card) {
  std::array<std::uint8_t, 2> size{};
  if (!reader.receive(size)) {
    return false;
  }
  Bytes message(static_cast<std::size_t>(size[0] << 8 | size[1]));
  if (!reader.receive(message)) {
    return false;
  }
  if (message.size() != 1) {
    return message.empty() || reader.send(card.answer(message));
  }
  if (message[0] == kAnswerToReset) {
    return reader.send(card.answer_to_reset());
  }
  card.reset();  // power off, power on, reset: not answered
  return true;
}

}  // namespace

Status serve_in_reader(VirtualCard& card, std::uint16_t port, std::chrono::milliseconds patience,
                       const std::function<void()>& inserted) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (true) {
    const ReaderSocket reader;
    if (reader.connect(port)) {
      inserted();
      while (answer_one(reader, card)) {
      }
      return ok();
    }
    if (std::chrono::steady_clock::now() >= until) {
      return Error{Errc::kUnavailable, "card.reader", "no virtual reader at port " + std::to_string(port)};
    }
    std::this_thread::sleep_for(kBetweenTries);
  }
}

}  // namespace hutong::token
