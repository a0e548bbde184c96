#include "crypto/key_store.h"

#include <algorithm>

namespace hutong::crypto {

bool is_key_label(std::string_view text) {
  constexpr std::size_t kMostKeyLabel = 64;
  return !text.empty() && text.size() <= kMostKeyLabel && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

Result<Sm2PublicKey> KeyStore::encryption_key(std::string_view label) const {
  HUTONG_TRY(const auto own, signer(label));
  return *own->public_key().sm2();
}

}  // namespace hutong::crypto
