#include "token/driver/token_opener.h"

#include <utility>

#include "base/secret.h"
#include "crypto/sm2_layout.h"

namespace hutong::token {
namespace {

/// What one call brings to the token: content comes in smaller pieces, and a call costs as much as many of
/// them.
constexpr std::size_t kCollected = std::size_t{512} << 10;

class TokenContent final : public cms::ContentDecryptor {
 public:
  explicit TokenContent(SessionKey& key) : key_(&key) { collected_.reserve(kCollected); }
  Result<Bytes> update(ByteView piece) override {
    if (collected_.size() + piece.size() <= kCollected) {
      append(collected_, piece);
      return Bytes();
    }
    HUTONG_TRY(Bytes out, key_->update(collected_));
    collected_.assign(piece.begin(), piece.end());
    return out;
  }
  Result<Bytes> finish() override {
    HUTONG_TRY(Bytes out, key_->update(collected_));
    HUTONG_TRY(Bytes last, key_->finish());
    append(out, last);
    wipe(last);
    return out;
  }

 private:
  SessionKey* key_;
  Bytes collected_;  ///< ciphertext
};

class TokenContentKey final : public cms::DeviceContentKey {
 public:
  explicit TokenContentKey(SessionKey key) : key_(std::move(key)) {}
  Result<std::unique_ptr<cms::ContentDecryptor>> decrypt_sm4_cbc(ByteView iv) override {
    HUTONG_CHECK(key_.start(crypto::Direction::kDecrypt, iv, crypto::Padding::kPkcs7));
    return std::unique_ptr<cms::ContentDecryptor>(std::make_unique<TokenContent>(key_));
  }

 private:
  SessionKey key_;
};

}  // namespace

Result<SecretBytes> TokenOpener::open(ByteView /*ciphertext*/, crypto::Sm2CipherLayout /*layout*/) const {
  return Error{Errc::kPolicy, "token.key_stays_inside", "a token lets no content key out"};
}

Result<std::unique_ptr<cms::DeviceContentKey>> TokenOpener::open_inside(
    ByteView ciphertext, crypto::Sm2CipherLayout layout) const {
  HUTONG_TRY(const Bytes cipher,
             crypto::sm2_change_layout(ciphertext, layout, crypto::Sm2CipherLayout::kAsn1));
  HUTONG_TRY(SessionKey key, container_.open_session_key(cipher, SessionCipher::kSm4Cbc));
  return std::unique_ptr<cms::DeviceContentKey>(std::make_unique<TokenContentKey>(std::move(key)));
}

}  // namespace hutong::token
