#include "crypto/internal/sm2_lanes_batch.h"

#include "crypto/internal/sm2_octets.h"
#include "crypto/internal/sm2_scalar.h"

namespace hutong::crypto::internal {
namespace {

/// x + n is below p, so that the point's coordinate may be either: so for one x in 2^128.
bool has_two_readings(const Sm2ScalarOctets& x) {
  Limbs gap;
  subtract(gap, kFieldPrime, kGroupOrder);
  return mask_if_less(limbs_from(x), gap) != 0;
}

bool verify_singly(const Sm2LaneInput& input) {
  return sm2_kernel().has_x(input.claim.s, input.claim.t, input.key, input.claim.x);
}

/// Collects signatures until the lanes are full.
class LaneGroup {
 public:
  LaneGroup(const Sm2LanesKernel& kernel, std::vector<bool>& results) : kernel_(kernel), results_(results) {}

  void add(const Sm2LaneInput& input, std::size_t number) {
    inputs_.push_back(input);
    numbers_.push_back(number);
    if (numbers_.size() == kernel_.lanes) {
      run();
    }
  }
  /// What is left: one by one when that is faster, else in lanes, of which the last repeat the first.
  void finish() {
    if (numbers_.size() < kernel_.fewest) {
      for (std::size_t i = 0; i < numbers_.size(); ++i) {
        results_[numbers_[i]] = verify_singly(inputs_[i]);
      }
      return;
    }
    const Sm2LaneInput first = inputs_.front();
    inputs_.resize(kernel_.lanes, first);
    run();
  }

 private:
  void run() {
    verdicts_.resize(kernel_.lanes);
    kernel_.has_x(inputs_.data(), verdicts_.data());
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
      results_[numbers_[i]] = verdicts_[i] == Sm2LaneVerdict::kUndecided
                                  ? verify_singly(inputs_[i])
                                  : verdicts_[i] == Sm2LaneVerdict::kRight;
    }
    inputs_.clear();
    numbers_.clear();
  }

  const Sm2LanesKernel& kernel_;
  std::vector<bool>& results_;
  std::vector<Sm2LaneInput> inputs_;
  std::vector<std::size_t> numbers_;  ///< the jobs of the inputs
  std::vector<Sm2LaneVerdict> verdicts_;
};

}  // namespace

std::vector<bool> sm2_verify_in_lanes(const Sm2LanesKernel& kernel,
                                      std::span<const Sm2VerificationJob> jobs) {
  std::vector<bool> results(jobs.size());
  LaneGroup group(kernel, results);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto claim = claim_of(jobs[i].e, jobs[i].signature);
    if (!claim) {
      continue;
    }
    const Sm2LaneInput input{*claim, coordinates_from(ByteView(jobs[i].key.octets()).subspan(1))};
    if (has_two_readings(claim->x)) {
      results[i] = verify_singly(input);
    } else {
      group.add(input, i);
    }
  }
  group.finish();
  return results;
}

std::vector<bool> sm2_verify_singly(std::span<const Sm2VerificationJob> jobs) {
  std::vector<bool> results(jobs.size());
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    results[i] = jobs[i].key.verify_digest(jobs[i].e, jobs[i].signature);
  }
  return results;
}

}  // namespace hutong::crypto::internal
