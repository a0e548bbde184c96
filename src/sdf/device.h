#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "crypto/sm2.h"
#include "sdf/library.h"

namespace hutong::sdf {

/// A cryptographic device with sessions to it, each used by one thread at a time and kept for the next. When
/// the device is not reached all sessions are dropped and it is opened anew, once for each call. Thread-safe.
class Device {
 public:
  /// `password`: of the private keys, the same for all. The errors of error_of().
  static Result<std::unique_ptr<Device>> open(Library library, SecretBytes password);
  ~Device();

  Result<crypto::Sm2PublicKey> signature_key(unsigned index);
  Result<crypto::Sm2PublicKey> encryption_key(unsigned index);
  Result<crypto::Sm2Signature> sign(unsigned index, const crypto::Sm3Digest& digest);
  /// SM2Cipher of GM/T 0009. What cannot be opened is kCryptoFail "sm2.decrypt".
  Result<SecretBytes> decrypt(unsigned index, ByteView ciphertext);

 private:
  class Line;
  struct Session;
  Device(Library library, SecretBytes password);
  Result<std::unique_ptr<Session>> borrow();
  void give_back(std::unique_ptr<Session> session);
  void drop(std::unique_ptr<Session> session);
  int unlock(Session& session, unsigned index);
  /// `call` with a session; what it gave when the device was reached, at the second try if need be.
  template <typename Call>
  Result<int> attempt(Call call);

  Library library_;
  SecretBytes password_;
  std::mutex mutex_;
  std::shared_ptr<Line> line_;
  std::vector<std::unique_ptr<Session>> idle_;
};

}  // namespace hutong::sdf
