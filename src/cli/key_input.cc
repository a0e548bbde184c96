#include "cli/key_input.h"

#include <optional>

#include "base/file.h"
#include "crypto/key_file.h"

namespace hutong::cli {
namespace {

constexpr std::size_t kMostKeyFile = std::size_t{1} << 20;

Result<crypto::Sm2PrivateKey> read_any(ByteView file, std::optional<std::string_view> password) {
  auto key = crypto::read_private_key(file, password);
  if (key || key.error().reason != "key_file.format" || !password) {
    return key;
  }
  auto container = crypto::read_pkcs12(file, *password);
  if (!container) {
    return std::move(container).error();
  }
  if (!container->key) {
    return Error{Errc::kNotFound, "key_file.format", "the PKCS#12 file holds no SM2 key"};
  }
  return std::move(*container->key);
}

}  // namespace

Result<crypto::Sm2PrivateKey> load_key(const Context& context, const std::string& path,
                                       const PasswordOptions& password) {
  HUTONG_TRY(Bytes file, read_file(path, kMostKeyFile));
  const ScopedWipe wipe_file(file);
  HUTONG_TRY(auto given, password_from(password));
  if (given) {
    return read_any(file, text_of(*given));
  }
  auto key = read_any(file, std::nullopt);
  if (key || key.error().reason != "key_file.password") {
    return key;
  }
  const Text question{"私钥口令：", "Password of the private key: "};
  HUTONG_TRY(const auto asked, password_or_ask(context, password, question, Ask::kOnce));
  return read_any(file, text_of(asked));
}

}  // namespace hutong::cli
