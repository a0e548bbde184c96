#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <variant>

#include "crypto/sm4.h"
#include "token/software/handles.h"

/// Symmetric keys that a handle stands for, and the streams that run under them.
namespace hutong::token::software {

/// SAR_NOTSUPPORTYETERR for the algorithms of others, SAR_INVALIDPARAMERR for none at all.
Status check_symmetric_algorithm(ULONG algorithm);

/// One direction between its Init and its last call.
class CipherStream {
 public:
  /// SAR_INVALIDPARAMERR for an initialisation vector or padding that does not fit, SAR_KEYUSAGEERR for a key
  /// made for MACs.
  static Result<CipherStream> create(const crypto::Sm4Key& key, ULONG algorithm,
                                     const BLOCKCIPHERPARAM& parameters, crypto::Direction direction);

  /// The octets that update(size) would return at most, or, for the last call, finish.
  std::size_t update_room(std::size_t size) const;
  /// What encrypting so many octets in all gives, or decrypting at most. SAR_INDATALENERR.
  Result<std::size_t> whole_room(std::size_t size) const;
  Bytes update(ByteView chunk);
  Result<Bytes> finish();
  CipherStream clone() const;

 private:
  using Mode = std::variant<crypto::Sm4Ecb, crypto::Sm4Cbc>;
  CipherStream(Mode mode, crypto::Direction direction, crypto::Padding padding)
      : mode_(std::move(mode)), direction_(direction), padding_(padding) {}
  Mode mode_;
  crypto::Direction direction_;
  crypto::Padding padding_;
  std::size_t pending_ = 0;
};

class SessionKey final : public Object {
 public:
  SessionKey(crypto::Sm4Key octets, ULONG algorithm_id) : key(std::move(octets)), algorithm(algorithm_id) {}
  const crypto::Sm4Key key;
  const ULONG algorithm;
  std::mutex mutex;  ///< of the streams
  std::optional<CipherStream> encryption;
  std::optional<CipherStream> decryption;
};

/// A handle for a new key, which lives as long as its device handle at most. SAR_INDATALENERR.
Result<HANDLE> add_session_key(ByteView octets, ULONG algorithm, HANDLE device);
/// The handle of a device through which this container was opened, for what is to outlive the container.
HANDLE device_handle_of(HCONTAINER container);

}  // namespace hutong::token::software
