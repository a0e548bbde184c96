#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "crypto/sm3.h"
#include "x509/certificate.h"
#include "x509/chain_verifier.h"

namespace hutong::recognition {

/// What was found out about certificates from one trust list and one set of revocation data: whoever signs a
/// thousand messages in a second has one certification path. Belongs to exactly that list and that data, and
/// goes with them. Bounded: the oldest entry makes room. Any thread may call.
class PathMemory {
 public:
  struct Question {
    crypto::Sm3Digest leaf{};
    Time at{};
    x509::RevocationMode revocation = x509::RevocationMode::kPrefer;
    friend bool operator==(const Question&, const Question&) = default;
  };
  struct Answer {
    x509::VerifyReport report;
    std::vector<x509::RevocationSource> considered;  ///< see RecognitionReport
  };

  explicit PathMemory(std::size_t most = 4'096) : most_(most) {}
  /// Null when nobody asked yet.
  std::shared_ptr<const Answer> find(const Question& question) const;
  void add(const Question& question, Answer answer);
  std::size_t size() const;

 private:
  struct Hash {
    std::size_t operator()(const Question& question) const;
  };
  mutable std::mutex mutex_;
  std::size_t most_;
  std::unordered_map<Question, std::shared_ptr<const Answer>, Hash> answers_;
  std::vector<Question> ring_;  ///< in the order of arrival; `oldest_` is overwritten next
  std::size_t oldest_ = 0;
};

}  // namespace hutong::recognition
