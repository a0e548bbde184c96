#include "agent/prompt.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/internal/assuan.h"

namespace hutong::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 5> kUsualPrograms{"pinentry-gnome3", "pinentry-qt", "pinentry-gtk-2",
                                                         "pinentry-x11", "pinentry"};

using internal::Assuan;

/// Everything but the question itself.
Status dress(Assuan& window, const Window& content, std::chrono::seconds most) {
  HUTONG_CHECK(window.command("SETTIMEOUT " + std::to_string(most.count())));
  HUTONG_CHECK(window.command("SETTITLE " + internal::escaped(content.title)));
  HUTONG_CHECK(window.command("SETDESC " + internal::escaped(content.description)));
  if (!content.label.empty()) {
    HUTONG_CHECK(window.command("SETPROMPT " + internal::escaped(content.label)));
  }
  if (!content.error.empty()) {
    HUTONG_CHECK(window.command("SETERROR " + internal::escaped(content.error)));
  }
  if (!content.yes.empty()) {
    HUTONG_CHECK(window.command("SETOK " + internal::escaped(content.yes)));
  }
  return ok();
}

}  // namespace

Result<SecretBytes> Pinentry::ask_pin(const Window& window) {
  HUTONG_TRY(auto process, Assuan::start(options_.program, options_.most, stopping_));
  HUTONG_CHECK(dress(process, window, options_.most));
  return process.ask("GETPIN");
}

Status Pinentry::confirm(const Window& window) {
  HUTONG_TRY(auto process, Assuan::start(options_.program, options_.most, stopping_));
  HUTONG_CHECK(dress(process, window, options_.most));
  return process.command("CONFIRM");
}

fs::path find_pinentry() {
  const char* path = std::getenv("PATH");
  std::string_view folders = path == nullptr ? "/usr/bin:/bin" : path;
  std::vector<fs::path> all;
  while (!folders.empty()) {
    const std::size_t end = std::min(folders.find(':'), folders.size());
    all.emplace_back(folders.substr(0, end));
    folders.remove_prefix(std::min(end + 1, folders.size()));
  }
  for (const std::string_view name : kUsualPrograms) {
    for (const fs::path& folder : all) {
      if (::access((folder / name).c_str(), X_OK) == 0) {
        return folder / name;
      }
    }
  }
  return {};
}

}  // namespace hutong::agent
