#include "token/driver/internal/connection.h"

#include <algorithm>

namespace hutong::token::internal {
namespace {

/// What a device may say of itself when it cannot know, and what one call moves then.
constexpr std::size_t kLeastPiece = 256;
constexpr std::size_t kMostPiece = std::size_t{1} << 20;
constexpr std::size_t kBlock = 16;
/// What closing may take: nobody waits for it gladly.
constexpr std::chrono::seconds kClosingLimit(5);

}  // namespace

Connection::~Connection() {
  DriverCall close(Function::kDisConnectDev);
  close.handle(handle);
  (void)driver->call(std::move(close), kClosingLimit,
                     generation);  // nobody is left who could do anything about it
}

std::size_t Connection::piece_size() const {
  const std::size_t said = info.most_cipher_octets < kLeastPiece ? kLeastPiece : info.most_cipher_octets;
  return std::min(said, kMostPiece) / kBlock * kBlock;
}

OpenHandle::~OpenHandle() {
  (void)connection->driver->call(prepare(close_), kClosingLimit, connection->generation);
}

}  // namespace hutong::token::internal
