#include "net/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>

#include "base/time.h"

namespace hutong::net {
namespace {

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto made = std::make_shared<spdlog::logger>("hutong", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *instance;
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      break;
  }
  return spdlog::level::err;
}

constexpr std::array<std::string_view, 3> kLevelNames{"info", "warning", "error"};

std::atomic<LogLevel> least_logged{LogLevel::kInfo};

}  // namespace

Result<LogLevel> log_level_from(std::string_view name) {
  const auto found = std::ranges::find(kLevelNames, name);
  if (found == kLevelNames.end()) {
    return Error{Errc::kMalformed, "log.level", "a log level is info, warning or error"};
  }
  return static_cast<LogLevel>(found - kLevelNames.begin());
}

void set_log_level(LogLevel least) { least_logged = least; }

bool is_logged(LogLevel level) { return level >= least_logged; }

void log(LogLevel level, std::string_view event, const Json& fields) {
  if (!is_logged(level)) {
    return;
  }
  Json line = {{"time", to_rfc3339(SystemClock().now())},
               {"level", kLevelNames.at(static_cast<std::size_t>(level))},
               {"event", event}};
  line.update(fields);
  const std::string text = to_text(line);
  logger().log(to_spdlog(level), spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace hutong::net
