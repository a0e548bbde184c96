#include "agent/trust_keeper.h"

#include <utility>

#include "net/log.h"

namespace hutong::agent {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

TrustKeeper::TrustKeeper(TrustPaths paths, fs::path config_file, ReadPaths paths_from,
                         std::chrono::milliseconds look_every)
    : config_file_(std::move(config_file)),
      paths_from_(std::move(paths_from)),
      look_every_(look_every),
      paths_(std::move(paths)) {}

Result<std::unique_ptr<TrustKeeper>> TrustKeeper::create(TrustPaths paths, fs::path config_file,
                                                         ReadPaths paths_from, Time now,
                                                         std::chrono::milliseconds look_every) {
  std::unique_ptr<TrustKeeper> keeper(
      new TrustKeeper(std::move(paths), std::move(config_file), std::move(paths_from), look_every));
  keeper->seen_ = keeper->prints();
  keeper->looked_ = steady_clock::now();
  HUTONG_CHECK(keeper->load(now));
  return keeper;
}

/// Of everything that was read; a file that is not there has none.
TrustKeeper::Prints TrustKeeper::prints() const {
  std::vector<fs::path> files{config_file_, paths_.list, paths_.list_signer};
  for (const fs::path& anchor : paths_.anchors) {
    const auto inside = anchor_files(anchor);
    files.insert(files.end(), inside.begin(), inside.end());
  }
  Prints prints;
  for (const fs::path& file : files) {
    std::error_code absent;
    const Print print{.written = fs::last_write_time(file, absent), .size = fs::file_size(file, absent)};
    if (!absent) {
      prints.emplace(file, print);
    }
  }
  return prints;
}

Status TrustKeeper::load(Time now) {
  HUTONG_TRY(trust_, AgentTrust::load(paths_, now));
  return ok();
}

std::shared_ptr<const AgentTrust> TrustKeeper::current(Time now) {
  const std::lock_guard lock(lock_);
  if (steady_clock::now() - looked_ < look_every_) {
    return trust_;
  }
  looked_ = steady_clock::now();
  auto now_there = prints();
  if (now_there == seen_) {
    return trust_;
  }
  const auto read = [&]() -> Status {
    if (!config_file_.empty()) {
      HUTONG_TRY(paths_, paths_from_(config_file_));
      now_there = prints();
    }
    return load(now);
  }();
  seen_ = std::move(now_there);
  if (read) {
    net::log(net::LogLevel::kInfo, "trust.read_again");
  } else {
    net::log(net::LogLevel::kError, "trust.not_read",
             {{"reason", read.error().reason}, {"detail", read.error().detail}});
  }
  return trust_;
}

}  // namespace hutong::agent
