#include "crypto/cipher.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "asn1/oids.h"
#include "base/secret.h"
#include "crypto/internal/openssl.h"
#include "crypto/internal/padding.h"

namespace hutong::crypto {
namespace {

constexpr std::size_t kMostBlockSize = 16;
constexpr std::size_t kMostChunk = std::size_t{1} << 30;  ///< OpenSSL counts in int

struct CipherProperties {
  ForeignCipher cipher;
  asn1::Oid oid;
  std::size_t key_size;
  std::size_t block_size;
  const EVP_CIPHER* (*openssl)();
};

/// In the order of the enumerators.
constexpr CipherProperties kCiphers[] = {
    {ForeignCipher::kAes128Cbc, asn1::oids::kAes128Cbc, 16, 16, EVP_aes_128_cbc},
    {ForeignCipher::kAes192Cbc, asn1::oids::kAes192Cbc, 24, 16, EVP_aes_192_cbc},
    {ForeignCipher::kAes256Cbc, asn1::oids::kAes256Cbc, 32, 16, EVP_aes_256_cbc},
    {ForeignCipher::kDesEde3Cbc, asn1::oids::kDesEde3Cbc, 24, 8, EVP_des_ede3_cbc},
};

const CipherProperties& properties(ForeignCipher cipher) {
  return kCiphers[static_cast<std::size_t>(cipher)];
}

}  // namespace

std::size_t cipher_key_size(ForeignCipher cipher) { return properties(cipher).key_size; }
std::size_t cipher_iv_size(ForeignCipher cipher) { return properties(cipher).block_size; }

std::optional<ForeignCipher> foreign_cipher_from_oid(const asn1::Oid& oid) {
  for (const CipherProperties& known : kCiphers) {
    if (known.oid == oid) {
      return known.cipher;
    }
  }
  return std::nullopt;
}

/// The last block is held back: it may be the one that ends in padding, which OpenSSL would check in a time
/// that tells where it is wrong.
struct ForeignDecryptor::State {
  State(ossl::CipherContext made, std::size_t size) : context(std::move(made)), block_size(size) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { wipe(last_block); }

  ossl::CipherContext context;
  std::size_t block_size;
  std::uint64_t total = 0;
  std::array<std::uint8_t, kMostBlockSize> last_block{};
  std::size_t held = 0;
};

ForeignDecryptor::ForeignDecryptor(std::unique_ptr<State> state) : state_(std::move(state)) {}
ForeignDecryptor::ForeignDecryptor(ForeignDecryptor&&) noexcept = default;
ForeignDecryptor& ForeignDecryptor::operator=(ForeignDecryptor&&) noexcept = default;
ForeignDecryptor::~ForeignDecryptor() = default;

Result<ForeignDecryptor> ForeignDecryptor::create(ForeignCipher cipher, ByteView key, ByteView iv) {
  const CipherProperties& known = properties(cipher);
  if (key.size() != known.key_size) {
    return Error{Errc::kMalformed, "cipher.key", "the key has the wrong length"};
  }
  if (iv.size() != known.block_size) {
    return Error{Errc::kMalformed, "cipher.iv", "the initial vector has the wrong length"};
  }
  const ossl::ErrorScope errors;
  ossl::CipherContext context(EVP_CIPHER_CTX_new());
  if (!context || EVP_DecryptInit_ex2(context.get(), known.openssl(), key.data(), iv.data(), nullptr) != 1) {
    return Error{Errc::kInternal, "cipher.failed", "OpenSSL lacks the cipher"};
  }
  EVP_CIPHER_CTX_set_padding(context.get(), 0);
  return ForeignDecryptor(std::make_unique<State>(std::move(context), known.block_size));
}

Bytes ForeignDecryptor::update(ByteView chunk) {
  Bytes out(chunk.size() + 2 * kMostBlockSize);
  std::copy_n(state_->last_block.begin(), state_->held, out.begin());
  std::size_t used = state_->held;
  while (!chunk.empty()) {
    const std::size_t size = std::min(chunk.size(), kMostChunk);
    int written = 0;
    if (EVP_DecryptUpdate(state_->context.get(), out.data() + used, &written, chunk.data(),
                          static_cast<int>(size)) != 1) {
      std::abort();  // not a matter of input
    }
    used += static_cast<std::size_t>(written);
    state_->total += size;
    chunk = chunk.subspan(size);
  }
  state_->held = std::min(used, state_->block_size);
  std::copy_n(out.begin() + static_cast<std::ptrdiff_t>(used - state_->held), state_->held,
              state_->last_block.begin());
  wipe(std::span(out).subspan(used - state_->held));
  out.resize(used - state_->held);
  return out;
}

Result<Bytes> ForeignDecryptor::finish() {
  if (state_->total == 0 || state_->total % state_->block_size != 0) {
    return Error{Errc::kMalformed, "cipher.length", "the ciphertext is no whole number of blocks"};
  }
  const ByteView last = ByteView(state_->last_block).first(state_->block_size);
  const auto size = internal::size_without_padding(last);
  if (!size) {
    return Error{Errc::kCryptoFail, "cipher.padding", "wrong key or altered ciphertext"};
  }
  return to_bytes(last.first(*size));
}

}  // namespace hutong::crypto
