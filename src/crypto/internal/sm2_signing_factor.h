#pragma once

#include <atomic>

#include "crypto/internal/sm2_scalar.h"
#include "crypto/internal/wipe_object.h"

namespace hutong::crypto::internal {

/// (1 + d)^-1 modulo n, which every signature with d needs: the first one computes it and leaves it here, so
/// that keys which only decrypt or agree never pay for it. Threads that sign meanwhile compute it for
/// themselves; nobody waits.
class Sm2SigningFactor {
 public:
  Sm2SigningFactor() = default;
  Sm2SigningFactor(const Sm2SigningFactor&) = delete;
  Sm2SigningFactor& operator=(const Sm2SigningFactor&) = delete;
  ~Sm2SigningFactor() { const WipeAtExit wipe_factor(factor_); }

  /// `d` is the same at every call. The caller wipes `factor`, in which it is computed, so that no copy
  /// stays.
  void read(const Scalar& d, Scalar& factor) {
    if (state_.load(std::memory_order_acquire) == State::kReady) {
      factor = factor_;
      return;
    }
    Scalar sum = d + kScalarOne;
    const WipeAtExit wipe_sum(sum);
    factor = invert(sum);
    State expected = State::kEmpty;
    if (state_.compare_exchange_strong(expected, State::kBeingWritten, std::memory_order_relaxed)) {
      factor_ = factor;
      state_.store(State::kReady, std::memory_order_release);
    }
  }

 private:
  enum class State : std::uint8_t { kEmpty, kBeingWritten, kReady };
  std::atomic<State> state_ = State::kEmpty;
  Scalar factor_;
};

}  // namespace hutong::crypto::internal
