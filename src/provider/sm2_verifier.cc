#include "provider/sm2_verifier.h"

#include <new>

namespace hutong::provider {
namespace {

std::atomic<int> prepared_keys = 0;

bool take_place() {
  if (prepared_keys.fetch_add(1) < Sm2Verifier::kMostPrepared) {
    return true;
  }
  prepared_keys.fetch_sub(1);
  return false;
}

}  // namespace

Sm2Verifier::~Sm2Verifier() {
  const std::unique_ptr<const crypto::Sm2PreparedKey> prepared(prepared_.load());
  if (prepared) {
    prepared_keys.fetch_sub(1);
  }
}

bool Sm2Verifier::verify_digest(const crypto::Sm3Digest& e, const crypto::Sm2Signature& signature) const {
  if (const auto* prepared = prepared_.load(std::memory_order_acquire)) {
    return prepared->verify_digest(e, signature);
  }
  count_use();
  return key_.verify_digest(e, signature);
}

/// The one thread that counts to the threshold prepares the key; the others go on at the plain speed.
void Sm2Verifier::count_use() const {
  if (uses_.fetch_add(1, std::memory_order_relaxed) + 1 != kUsesBeforePreparing || !take_place()) {
    return;
  }
  try {
    prepared_.store(std::make_unique<const crypto::Sm2PreparedKey>(key_).release(),
                    std::memory_order_release);
  } catch (const std::bad_alloc&) {
    prepared_keys.fetch_sub(1);  // without the memory for a table it goes on as before
  }
}

}  // namespace hutong::provider
