#include "platform/signing_identity.h"

#include <string_view>

#include "base/file.h"
#include "base/secret.h"
#include "crypto/key_file.h"

namespace hutong::platform {
namespace {

constexpr std::size_t kMostIdentityFile = 1 << 20;

}  // namespace

Result<SigningIdentity> SigningIdentity::load(const std::filesystem::path& file,
                                              const std::filesystem::path& password_file) {
  HUTONG_TRY(Bytes password, read_file(password_file, kMostIdentityFile));
  const ScopedWipe wipe_password(password);
  HUTONG_TRY(const Bytes octets, read_file(file, kMostIdentityFile));
  const std::string_view text = as_text(password);
  HUTONG_TRY(auto content, crypto::read_pkcs12(octets, text.substr(0, text.find_first_of("\r\n"))));
  if (!content.key || content.certificates.empty()) {
    return Error{Errc::kMalformed, "signer.certificate", "the file lacks the key or its certificate"};
  }
  HUTONG_TRY(auto certificate, x509::Certificate::parse(content.certificates.front()));
  auto key = std::make_shared<const crypto::Sm2Signer>(std::move(*content.key));
  if (!equal(certificate.spki(), key->public_key().to_spki())) {
    return Error{Errc::kMalformed, "signer.certificate", "the certificate is of another key"};
  }
  return SigningIdentity(std::move(key), std::move(certificate));
}

}  // namespace hutong::platform
