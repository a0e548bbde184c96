#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"
#include "crypto/signature.h"

namespace hutong::platform::svs {

enum class Purpose : std::uint8_t { kSign, kVerify };

/// The hash of data that comes in several packets. Whoever works on it holds `busy`.
struct Session {
  Purpose purpose;
  crypto::SignatureAlgorithm algorithm;
  std::optional<crypto::PublicKey> key;  ///< whose Z went in first (SM2)
  crypto::Digest digest;
  std::string owner;  ///< address of the peer: counts what it has open, nothing else
  Time last_used{};
  std::mutex busy = {};
};

/// Operations that several packets belong to. Bounded in all, for each peer, and in time; what was not used
/// for `idle` is gone. Any thread may call.
class Sessions {
 public:
  struct Limits {
    std::size_t most = 4'096;
    std::size_t most_of_peer = 256;
    std::chrono::seconds idle{300};
  };
  explicit Sessions(Limits limits) : limits_(limits) {}

  /// The session's handle: 16 random octets. Nothing when too many are open.
  std::optional<Bytes> open(std::shared_ptr<Session> session, Time now);
  /// Null when there is none with this handle and purpose.
  std::shared_ptr<Session> find(ByteView handle, Purpose purpose, Time now);
  /// The same, and it is over.
  std::shared_ptr<Session> take(ByteView handle, Purpose purpose, Time now);
  std::size_t count() const;

 private:
  void drop_idle(Time now);
  std::size_t open_of(std::string_view owner) const;

  Limits limits_;
  mutable std::mutex mutex_;
  std::map<Bytes, std::shared_ptr<Session>> sessions_;
};

}  // namespace hutong::platform::svs
