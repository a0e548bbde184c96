#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "agent/agent_trust.h"
#include "agent/origins.h"
#include "base/result.h"
#include "net/log.h"

namespace hutong::agent {

/// agent.toml, see docs/agent.md. Everything has a default.
struct Config {
  std::filesystem::path file;  ///< where it was read from; empty: all defaults
  std::uint16_t port = 26381;  ///< on 127.0.0.1; 0: any free one, the log says which
  net::LogLevel log_level = net::LogLevel::kInfo;
  std::filesystem::path state_folder;  ///< certificate, consent; made when absent
  OriginPolicy origins;
  bool remember_origins = true;  ///< what the user allows is kept in the state folder
  std::filesystem::path prompt;  ///< a pinentry program; empty: none was found
  std::chrono::seconds prompt_limit{120};
  std::chrono::seconds login_idle{15 * 60};
  std::chrono::seconds challenge_lifetime{5 * 60};
  TrustPaths trust;
  std::vector<std::filesystem::path> driver_folders;  ///< empty: token::default_driver_folders()
};

/// kMalformed "config.toml", "config.unknown_key", "config.value"; and what read_file says.
Result<Config> read_config(const std::filesystem::path& file);
/// Without a file. kUnavailable "config.home" when there is no home folder.
Result<Config> default_config();

}  // namespace hutong::agent
