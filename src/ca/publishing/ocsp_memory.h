#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "ca/publishing/ocsp_answer.h"
#include "x509/ocsp.h"

namespace hutong::ca {

/// What the status service has signed and may say again. It follows the numbered changes of states in the
/// database and trusts itself only as long as somebody has looked at them lately (begin, forget_changed,
/// note_look). Thread-safe; no call does more than a few thousand small steps under the lock.
class OcspMemory {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  explicit OcspMemory(const OcspOptions& options) : options_(options) {}

  /// By the DER of the CertID. Nothing when it is unknown, has too little time left, was produced after `now`
  /// by more than the clock skew (the clock went back), or when the last look is too long ago.
  std::optional<OcspAnswer> find(const std::string& key, Time now);
  /// Keeps an answer that takes into account every change up to `last_change`; not before begin().
  void keep(const x509::OcspCertId& id, const OcspAnswer& answer, std::int64_t last_change);

  /// The last change that was looked at; nothing before begin().
  std::optional<std::int64_t> changes_seen() const;
  /// The first look, of which `last_change` is the newest. Does nothing when somebody else was first.
  void begin(std::int64_t last_change, Moment looked_at);
  /// Forgets what was said about these certificates; `last_change` is that of the last of them.
  void forget_changed(std::span<const std::string> serials, std::int64_t last_change);
  /// Everything that had changed at this moment is forgotten.
  void note_look(Moment looked_at);

  /// Answers that were asked for since they were signed and whose time runs out: to be signed anew before
  /// somebody has to wait for it. At most `most`; those that nobody asked for are dropped on the way.
  std::vector<x509::OcspCertId> take_due(Time now, std::size_t most);
  std::size_t size() const;

 private:
  struct Kept {
    OcspAnswer answer;
    x509::OcspCertId id;
    std::list<std::string>::iterator age;
    bool was_asked_for = false;
  };
  using Answers = std::unordered_map<std::string, Kept>;
  bool has_looked_lately() const;
  void drop(Answers::iterator kept);
  void forget(const std::string& serial);

  OcspOptions options_;
  mutable std::mutex mutex_;
  Answers kept_;                                                 ///< by the DER of the CertID
  std::unordered_multimap<std::string, std::string> by_serial_;  ///< serial to keys of kept_
  std::list<std::string> ages_;                                  ///< keys, signed longest ago first
  std::optional<std::int64_t> changes_seen_;
  Moment last_look_{};
};

}  // namespace hutong::ca
