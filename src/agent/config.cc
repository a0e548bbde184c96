#include "agent/config.h"

#include <cstdlib>
#include <limits>
#include <string>

#include "agent/prompt.h"
#include "base/config_reader.h"

namespace hutong::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMostSeconds = 86'400;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

/// $XDG_STATE_HOME/hutong-agent, else ~/.local/state/hutong-agent; empty without a home.
fs::path usual_state_folder() {
  if (const auto state = environment("XDG_STATE_HOME"); !state.empty()) {
    return fs::path(state) / "hutong-agent";
  }
  const auto home = environment("HOME");
  return home.empty() ? fs::path() : fs::path(home) / ".local/state/hutong-agent";
}

void read_seconds(ConfigReader& in, std::string_view section, std::string_view key,
                  std::chrono::seconds& out) {
  std::int64_t value = out.count();
  in.number(section, key, 1, kMostSeconds, value);
  out = std::chrono::seconds(value);
}

Status fill(ConfigReader& in, Config& config) {
  in.number("server", "port", 0, std::numeric_limits<std::uint16_t>::max(), config.port);
  std::string log_level = "info";
  in.text("server", "log_level", log_level);
  HUTONG_TRY(config.log_level, net::log_level_from(log_level));
  in.path("server", "state", config.state_folder);
  in.texts("origins", "allowed", config.origins.allowed);
  in.texts("origins", "refused", config.origins.refused);
  in.texts("origins", "digests", config.origins.digests);
  in.flag("origins", "remember", config.remember_origins);
  in.path("prompt", "program", config.prompt);
  read_seconds(in, "prompt", "seconds", config.prompt_limit);
  read_seconds(in, "login", "idle_seconds", config.login_idle);
  read_seconds(in, "challenge", "seconds", config.challenge_lifetime);
  in.paths("trust", "anchors", config.trust.anchors);
  in.path("trust", "list", config.trust.list);
  in.path("trust", "list_signer", config.trust.list_signer);
  in.paths("drivers", "folders", config.driver_folders);
  return in.finish();
}

Status settle(Config& config) {
  if (config.state_folder.empty()) {
    config.state_folder = usual_state_folder();
  }
  if (config.state_folder.empty()) {
    return Error{Errc::kUnavailable, "config.home", "HOME is not set; name server.state"};
  }
  if (config.prompt.empty()) {
    config.prompt = find_pinentry();
  }
  return ok();
}

}  // namespace

Result<Config> read_config(const fs::path& file) {
  HUTONG_TRY(ConfigReader reader, ConfigReader::open(file));
  Config config;
  config.file = file;
  HUTONG_CHECK(fill(reader, config));
  HUTONG_CHECK(settle(config));
  return config;
}

Result<Config> default_config() {
  Config config;
  HUTONG_CHECK(settle(config));
  return config;
}

}  // namespace hutong::agent
