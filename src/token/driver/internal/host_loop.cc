#include "token/driver/internal/host_loop.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "base/secret.h"
#include "token/driver/internal/handlers.h"
#include "token/driver/internal/library.h"

namespace hutong::token::host {
namespace {

constexpr int kEnded = 0;
constexpr int kBroken = 2;

bool receive(int socket, std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = ::recv(socket, out.data(), out.size(), 0);
    if (got <= 0) {
      if (got < 0 && errno == EINTR) {
        continue;
      }
      return false;
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

bool send_all(int socket, ByteView octets) {
  while (!octets.empty()) {
    const ssize_t sent = ::send(socket, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) {
        continue;
      }
      return false;
    }
    octets = octets.subspan(static_cast<std::size_t>(sent));
  }
  return true;
}

/// Ends the process when the program that started it is gone, even while the driver does not return.
void end_with_the_other_side(int socket) {
  std::thread([socket] {
    pollfd watched{.fd = socket, .events = POLLRDHUP, .revents = 0};
    while (::poll(&watched, 1, -1) < 0 && errno == EINTR) {
    }
    ::_exit(kEnded);  // the driver may hang in a call: its destructors cannot be waited for
  }).detach();
}

class Host {
 public:
  Host(const std::filesystem::path& library, int socket) : path_(library), socket_(socket) {}

  int run() {
    Bytes body;  // its memory serves all calls
    for (;;) {
      std::array<std::uint8_t, kFrameHeaderSize> header_octets{};
      if (!receive(socket_, header_octets)) {
        return kEnded;
      }
      const auto header = read_header(header_octets);
      if (!header) {
        return kBroken;
      }
      body.resize(header->length);
      const ScopedWipe wipe_body(body);
      if (!receive(socket_, body) || !answer(*header, body)) {
        return kBroken;
      }
    }
  }

 private:
  bool answer(const FrameHeader& header, ByteView body) {
    const auto message = read_message(body);
    if (!message || header.kind != (loaded_ ? FrameKind::kCall : FrameKind::kLoad)) {
      return false;
    }
    FrameWriter writer = header.kind == FrameKind::kLoad ? load(*message) : call(*message);
    const auto frame = writer.finish(header.number);
    return frame && send_all(socket_, *frame);
  }

  FrameWriter load(const Message& message) {
    const auto digest = Library::digest_of(path_);
    const auto text = [&](LoadOutcome outcome, std::string_view detail) {
      FrameWriter out(FrameKind::kLoaded, static_cast<std::uint32_t>(outcome));
      out.octets(digest ? ByteView(*digest) : ByteView()).text(detail);
      return out;
    };
    if (!digest) {
      return text(LoadOutcome::kUnreadable, path_.string());
    }
    const bool allowed =
        message.values.empty() ||
        std::ranges::any_of(message.values, [&](const Value& value) { return equal(value.octets, *digest); });
    if (!allowed) {
      return text(LoadOutcome::kDigest, path_.string());
    }
    if (const auto failure = library_.load(path_)) {
      return text(failure->outcome, failure->text);
    }
    loaded_ = true;
    return text(LoadOutcome::kLoaded, {});
  }

  FrameWriter call(const Message& message) {
    const auto function = static_cast<Function>(message.code);
    const Handler handler = find_function(message.code) != nullptr ? handler_of(function) : nullptr;
    if (handler == nullptr) {
      return fault_result(0, CallFault::kUnknownFunction, std::to_string(message.code));
    }
    void* symbol = library_.symbol(function);
    if (symbol == nullptr) {
      return fault_result(0, CallFault::kNotExported, to_string(function));
    }
    Arguments arguments(message.values);
    return handler(symbol, function, arguments, session_);
  }

  std::filesystem::path path_;
  int socket_;
  bool loaded_ = false;
  Library library_;
  Session session_;
};

}  // namespace

int serve(const std::filesystem::path& library, int socket) {
  end_with_the_other_side(socket);
  return Host(library, socket).run();
}

}  // namespace hutong::token::host
