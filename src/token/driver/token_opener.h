#pragma once

#include "cms/enveloped_data.h"
#include "token/driver/container.h"

namespace hutong::token {

/// The encryption key of a container wherever messages are opened (cms::open_envelope): the content key is
/// opened in the token and stays there, and the token decrypts the content. SM4-CBC only. Errors of the token
/// come through as they are ("token.not_logged_in", "token.removed" …).
class TokenOpener final : public cms::KeyOpener {
 public:
  explicit TokenOpener(Container container) : container_(std::move(container)) {}
  /// Always kPolicy "token.key_stays_inside".
  Result<SecretBytes> open(ByteView ciphertext, crypto::Sm2CipherLayout layout) const override;
  Result<std::unique_ptr<cms::DeviceContentKey>> open_inside(ByteView ciphertext,
                                                             crypto::Sm2CipherLayout layout) const override;

 private:
  Container container_;
};

}  // namespace hutong::token
