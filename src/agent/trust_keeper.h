#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "agent/agent_trust.h"
#include "base/result.h"
#include "base/time.h"

namespace hutong::agent {

/// Whom this machine believes, read again when one of its files, or the configuration that names them, is
/// another. What cannot be read leaves what was good before, and is logged; a list that was read and is not
/// good (expired, badly signed) replaces it: then nothing rests on a list. Thread-safe.
class TrustKeeper {
 public:
  static constexpr std::chrono::milliseconds kLookEvery{1'000};

  /// `paths_from` reads section [trust] of `config_file` again; without a file it never changes.
  using ReadPaths = std::function<Result<TrustPaths>(const std::filesystem::path& config_file)>;
  /// The errors of AgentTrust::load.
  static Result<std::unique_ptr<TrustKeeper>> create(TrustPaths paths, std::filesystem::path config_file,
                                                     ReadPaths paths_from, Time now,
                                                     std::chrono::milliseconds look_every = kLookEvery);

  std::shared_ptr<const AgentTrust> current(Time now);

 private:
  /// What tells a file from an earlier one of the same name.
  struct Print {
    std::filesystem::file_time_type written;
    std::uintmax_t size = 0;
    friend bool operator==(const Print&, const Print&) = default;
  };
  using Prints = std::map<std::filesystem::path, Print>;

  TrustKeeper(TrustPaths paths, std::filesystem::path config_file, ReadPaths paths_from,
              std::chrono::milliseconds look_every);
  Prints prints() const;
  Status load(Time now);

  const std::filesystem::path config_file_;
  const ReadPaths paths_from_;
  const std::chrono::milliseconds look_every_;
  std::mutex lock_;
  TrustPaths paths_;
  Prints seen_;
  std::chrono::steady_clock::time_point looked_;
  std::shared_ptr<const AgentTrust> trust_;
};

}  // namespace hutong::agent
