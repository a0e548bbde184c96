#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>

#include "base/result.h"
#include "base/time.h"
#include "crypto/sm3.h"
#include "recognition/trust_list.h"

namespace hutong::platform {

/// Old trust lists whose signature was verified, kept in memory by their SM3: to verify one of 10,000
/// services takes half a second, and everybody may ask for a recomputation. Of more than `most` the one that
/// was not asked for longest goes. Any thread.
///
/// A list is good at a time when its signers' certificates are valid then, and they are valid between any two
/// times at which they are: so a list that was verified at two times is not verified again for those between.
class VerifiedLists {
 public:
  explicit VerifiedLists(std::size_t most) : most_(most) {}

  using Load = std::function<Result<recognition::LoadedTrustList>(const crypto::Sm3Digest& sm3, Time at)>;
  /// The list as it was read at that time; one thread at once verifies, those that find theirs do not wait.
  /// What `load` says; its errors are not kept.
  Result<recognition::LoadedTrustList> get(const crypto::Sm3Digest& sm3, Time at, const Load& load);

 private:
  struct Entry {
    crypto::Sm3Digest sm3;
    recognition::LoadedTrustList list;
    Time first;  ///< the earliest and the latest time for which it was verified
    Time last;
  };
  std::list<Entry>::iterator find(const crypto::Sm3Digest& sm3);
  std::optional<recognition::LoadedTrustList> known(const crypto::Sm3Digest& sm3, Time at);
  void keep(const crypto::Sm3Digest& sm3, Time at, const recognition::LoadedTrustList& list);

  const std::size_t most_;
  std::mutex loading_;
  std::mutex mutex_;          ///< for entries_; taken after loading_
  std::list<Entry> entries_;  ///< the one asked for last first
};

}  // namespace hutong::platform
