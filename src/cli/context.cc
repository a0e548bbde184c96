#include "cli/context.h"

#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace hutong::cli {
namespace {

Language language_of_locale(std::string_view locale) {
  const std::string_view name = locale.substr(0, locale.find_first_of("_.@"));
  const bool chinese = name.empty() || name == "C" || name == "POSIX" || name == "zh";
  return chinese ? Language::kZh : Language::kEn;
}

}  // namespace

std::string Context::text(const Text& text, std::initializer_list<std::string_view> arguments) const {
  std::string filled(this->text(text));
  std::size_t number = 0;
  for (const auto argument : arguments) {
    const std::string place = "{" + std::to_string(number++) + "}";
    if (const auto at = filled.find(place); at != std::string::npos) {
      filled.replace(at, place.size(), argument);
    }
  }
  return filled;
}

Exit exit_of(const Error& error) {
  static constexpr std::array<std::string_view, 4> kUsageReasons{"usage.", "file.", "stream.", "time."};
  for (const auto prefix : kUsageReasons) {
    if (error.reason.starts_with(prefix)) {
      return Exit::kUsage;
    }
  }
  return error.code == Errc::kInternal ? Exit::kUsage : Exit::kRejected;
}

void finish(Context& context, const Result<Exit>& result) {
  if (result) {
    context.exit = *result;
    return;
  }
  const Error& error = result.error();
  context.exit = exit_of(error);
  if (context.json) {
    const nlohmann::ordered_json body{{"error", {{"code", error.reason}, {"detail", error.detail}}}};
    context.out << body.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
  } else {
    context.err << context.text({"错误", "error"}) << " [" << error.reason << "] " << error.detail << "\n";
  }
}

Error usage_error(std::string_view reason, std::string detail) {
  return {Errc::kMalformed, reason, std::move(detail)};
}

Language language_from(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument(argv[i]);
    if (argument == "--lang" && i + 1 < argc) {
      return std::string_view(argv[i + 1]) == "en" ? Language::kEn : Language::kZh;
    }
    if (argument.starts_with("--lang=")) {
      return argument.substr(7) == "en" ? Language::kEn : Language::kZh;
    }
  }
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') {
      return language_of_locale(value);
    }
  }
  return Language::kZh;
}

}  // namespace hutong::cli
