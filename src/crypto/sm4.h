#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"

namespace hutong::crypto {

inline constexpr std::size_t kSm4BlockSize = 16;
inline constexpr std::size_t kSm4KeySize = 16;
using Sm4Block = std::array<std::uint8_t, kSm4BlockSize>;

enum class Direction : std::uint8_t { kEncrypt, kDecrypt };
enum class Padding : std::uint8_t { kNone, kPkcs7 };

/// An expanded SM4 key (GB/T 32907, GM/T 0002). Move-only, wiped. Usable from any thread once made.
class Sm4Key {
 public:
  /// 16 octets, else kMalformed "sm4.key".
  static Result<Sm4Key> from_octets(ByteView key);
  Sm4Key(Sm4Key&&) noexcept = default;
  Sm4Key& operator=(Sm4Key&&) noexcept = default;
  /// Whole blocks; `out` may be `in`. The caller checks that the sizes are equal multiples of 16.
  void encrypt_blocks(ByteView in, std::span<std::uint8_t> out) const;
  void decrypt_blocks(ByteView in, std::span<std::uint8_t> out) const;
  /// CBC: `chain` is the initialisation vector or the ciphertext before, and becomes the last block written.
  void encrypt_chain(Sm4Block& chain, ByteView in, std::span<std::uint8_t> out) const;
  /// The same key for a second owner, such as a copied stream.
  Sm4Key clone() const { return Sm4Key(SecretBytes::copy_of(round_keys_.expose())); }

 private:
  explicit Sm4Key(SecretBytes round_keys) : round_keys_(std::move(round_keys)) {}
  SecretBytes round_keys_;  ///< 32 words of the kernel; then the same in reverse, for decrypting
};

/// A block that is wiped when dropped: key stream, hash key.
struct Sm4SecretBlock {
  Sm4SecretBlock() = default;
  Sm4SecretBlock(const Sm4SecretBlock&) = default;
  Sm4SecretBlock& operator=(const Sm4SecretBlock&) = default;
  ~Sm4SecretBlock() { wipe(octets); }
  Sm4Block octets{};
};

/// A counter and the part of its last key stream block that was not used yet.
struct Sm4CounterState {
  Sm4Block counter{};
  Sm4SecretBlock stream;
  std::size_t used = kSm4BlockSize;

  Sm4CounterState() = default;
  Sm4CounterState(const Sm4CounterState&) = default;
  Sm4CounterState& operator=(const Sm4CounterState&) = default;
  ~Sm4CounterState() { wipe(counter); }  // GCM's is made of the hash key unless the nonce has 12 octets
};

/// What of a stream of blocks did not go through the cipher yet: less than a block, or the one that is held
/// back because it may be the last one. Wiped when dropped.
struct Sm4Pending {
  Sm4SecretBlock block;
  std::size_t size = 0;
};

/// ECB and CBC over a stream of any chunk sizes. update() may return less than it was given; finish() returns
/// the rest. kMalformed "sm4.length" when the input is no whole number of blocks (kNone, or decrypting); bad
/// padding is kCryptoFail "sm4.padding". Belongs to one thread. clone() is a second stream that goes on from
/// here.
class Sm4Ecb {
 public:
  Sm4Ecb(Sm4Key key, Direction direction, Padding padding);
  Sm4Ecb clone() const;
  Bytes update(ByteView chunk);
  Result<Bytes> finish();

 private:
  void transform(ByteView in, std::span<std::uint8_t> out) const;
  Sm4Key key_;
  Direction direction_;
  Padding padding_;
  Sm4Pending pending_;
};

class Sm4Cbc {
 public:
  Sm4Cbc(Sm4Key key, const Sm4Block& iv, Direction direction, Padding padding);
  Sm4Cbc clone() const;
  Bytes update(ByteView chunk);
  Result<Bytes> finish();
  /// The last block of ciphertext so far (at first the IV), which the next one is chained to.
  const Sm4Block& chain() const { return chain_; }

 private:
  void transform(ByteView in, std::span<std::uint8_t> out);
  Sm4Key key_;
  Sm4Block chain_;
  Direction direction_;
  Padding padding_;
  Sm4Pending pending_;
};

/// CTR with the whole block as a 128-bit big-endian counter; encrypting and decrypting are the same.
class Sm4Ctr {
 public:
  Sm4Ctr(Sm4Key key, const Sm4Block& initial_counter);
  Sm4Ctr clone() const;
  Bytes update(ByteView chunk);
  /// The same into memory of the caller's, of the size of `chunk`; it may be `chunk` itself.
  void update(ByteView chunk, std::span<std::uint8_t> out);
  /// The counter of the next block of key stream.
  const Sm4Block& counter() const { return state_.counter; }

 private:
  Sm4Key key_;
  Sm4CounterState state_;
};

/// GCM (NIST SP 800-38D with SM4, RFC 8998). Streaming: all add_data() before the first update() (else
/// kInternal "sm4.order"); the plaintext of a decryption must not be used before finish_decrypt() said yes.
/// Nonces of 1 octet or more (12 is usual), tags of 12 to 16 octets ("sm4.nonce", "sm4.tag": kMalformed). At
/// most 2^36 - 32 octets of text and 2^61 - 1 of associated data: kLimit "sm4.length". Belongs to one thread;
/// one object serves one message.
class Sm4Gcm {
 public:
  static Result<Sm4Gcm> create(Sm4Key key, ByteView nonce, Direction direction);
  Sm4Gcm clone() const;
  Status add_data(ByteView associated_data);
  Result<Bytes> update(ByteView chunk);
  /// The same into memory of the caller's, of the size of `chunk`; it may be `chunk` itself.
  Status update(ByteView chunk, std::span<std::uint8_t> out);
  Result<Sm4Block> finish_encrypt();
  /// kCryptoFail "sm4.tag" when the tag is wrong.
  Status finish_decrypt(ByteView tag);

 private:
  Sm4Gcm(Sm4Key key, Direction direction) : key_(std::move(key)), direction_(direction) {}
  void absorb(ByteView octets);
  void pad_hash();
  Sm4Block finish_tag();
  Sm4Key key_;
  Direction direction_;
  Sm4SecretBlock hash_key_;
  Sm4SecretBlock hash_;           ///< with a tag it tells the mask of the tag
  Sm4SecretBlock first_counter_;  ///< made of the hash key unless the nonce has 12 octets
  Sm4CounterState stream_;
  Sm4Block partial_{};  ///< ciphertext or associated data not yet hashed
  std::size_t partial_size_ = 0;
  std::uint64_t data_size_ = 0;
  std::uint64_t text_size_ = 0;
};

/// One-shot AEAD: ciphertext || tag. Key, nonce and tag sizes out of range are kMalformed "sm4.key",
/// "sm4.nonce", "sm4.tag"; a message shorter than its tag is kMalformed "sm4.length"; a wrong tag is
/// kCryptoFail "sm4.tag".
Result<Bytes> sm4_gcm_encrypt(ByteView key, ByteView nonce, ByteView associated_data, ByteView plaintext,
                              std::size_t tag_size = 16);
Result<Bytes> sm4_gcm_decrypt(ByteView key, ByteView nonce, ByteView associated_data,
                              ByteView ciphertext_and_tag, std::size_t tag_size = 16);
/// CCM (NIST SP 800-38C): nonces of 7 to 13 octets, tags of 4, 6 ... 16 octets; n octets of nonce leave 15 -
/// n to count the text: kLimit "sm4.length".
Result<Bytes> sm4_ccm_encrypt(ByteView key, ByteView nonce, ByteView associated_data, ByteView plaintext,
                              std::size_t tag_size = 16);
Result<Bytes> sm4_ccm_decrypt(ByteView key, ByteView nonce, ByteView associated_data,
                              ByteView ciphertext_and_tag, std::size_t tag_size = 16);

}  // namespace hutong::crypto
