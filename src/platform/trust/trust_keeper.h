#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>

#include "base/time.h"
#include "recognition/path_memory.h"
#include "recognition/revocation_data.h"
#include "recognition/trust_list.h"

namespace hutong::platform {

/// What was read from the trust files at one moment, and what was found out from it. Requests hold on to the
/// one they began with.
struct TrustSnapshot {
  recognition::LoadedTrustList list;
  recognition::RevocationData revocation;
  mutable recognition::PathMemory paths = recognition::PathMemory();
};

struct TrustFiles {
  std::filesystem::path list;
  std::filesystem::path list_signer;
  std::filesystem::path revocation_folder;
  std::chrono::seconds reload{2};
};

/// Keeps the trust list and the revocation data in memory and reads them again when a file changes. A list
/// with a lower number than one already in force is refused ("trust_list.rollback"). What cannot be read
/// fails closed: the old list does not live on. Any thread may call.
class TrustKeeper {
 public:
  /// Hears of a list that was read well, with the octets of its file and the configured list signer.
  using OnList = std::function<void(ByteView file, const x509::Certificate& signer)>;
  /// Reads at once; `on_reload` is called after every reading.
  TrustKeeper(TrustFiles files, const Clock& clock, std::function<void()> on_reload = {},
              OnList on_list = {});
  TrustKeeper(const TrustKeeper&) = delete;
  TrustKeeper& operator=(const TrustKeeper&) = delete;
  ~TrustKeeper();

  std::shared_ptr<const TrustSnapshot> current() const;
  /// Looks at the files now; the watching thread does this every `reload`.
  void refresh();
  /// `before` is called before each look, to fetch files for instance.
  void start_watching(std::function<void()> before = {});
  /// Afterwards `before` is not called any more. Also when it is not watching.
  void stop_watching();

 private:
  std::string fingerprint() const;
  recognition::LoadedTrustList read_list();
  /// Reads what is new or changed; what was read before is kept, for lists are large.
  void read_revocation(TrustSnapshot& snapshot);
  void watch(const std::function<void()>& before);

  TrustFiles files_;
  const Clock* clock_;
  std::function<void()> on_reload_;
  OnList on_list_;
  std::mutex refreshing_;
  std::string fingerprint_;           ///< of the files as last read
  std::uint64_t highest_number_ = 0;  ///< of any list in force so far
  /// By path, size and time of writing.
  using RevocationFiles = std::map<std::string, std::variant<x509::Crl, x509::OcspResponse>>;
  RevocationFiles revocation_files_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::shared_ptr<const TrustSnapshot> snapshot_;
  std::thread watcher_;
};

}  // namespace hutong::platform
