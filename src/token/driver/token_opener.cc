#include "token/driver/token_opener.h"

#include <utility>

#include "crypto/sm2_layout.h"

namespace hutong::token {
namespace {

class TokenContent final : public cms::ContentDecryptor {
 public:
  explicit TokenContent(SessionKey& key) : key_(&key) {}
  Result<Bytes> update(ByteView piece) override { return key_->update(piece); }
  Result<Bytes> finish() override { return key_->finish(); }

 private:
  SessionKey* key_;
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
