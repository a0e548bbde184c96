#pragma once

#include <functional>
#include <initializer_list>
#include <iostream>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace hutong::cli {

/// What the program answers to a script.
enum class Exit : int {
  kGood = 0,
  kRejected = 1,  ///< invalid, indeterminate, or refused
  kUsage = 2,     ///< wrong usage, or a file that cannot be read or written
};

enum class Language : std::uint8_t { kZh, kEn };

/// A text for people, in both languages. {0}, {1} … stand for arguments.
struct Text {
  std::string_view zh;
  std::string_view en;
};

/// What every command needs besides its own options. One per run.
struct Context {
  Language language = Language::kZh;
  bool json = false;
  bool color = false;       ///< standard output is a terminal that shows colours
  bool progress = false;    ///< standard error is a terminal
  Time now{};               ///< read once, at the start
  Exit exit = Exit::kGood;  ///< what the command that ran decided
  std::ostream& out = std::cout;
  std::ostream& err = std::cerr;

  std::string_view text(const Text& text) const { return language == Language::kZh ? text.zh : text.en; }
  std::string text(const Text& text, std::initializer_list<std::string_view> arguments) const;
};

/// Runs a command's work and turns an Error into a message and an exit code: files that cannot be read or
/// written and wrong usage are kUsage, everything else that fails is kRejected.
void finish(Context& context, const Result<Exit>& result);
Exit exit_of(const Error& error);

/// For wrong usage found after parsing: reason "usage.…".
Error usage_error(std::string_view reason, std::string detail);

/// --lang when given on the command line, else by LC_ALL, LC_MESSAGES, LANG: Chinese unless they name another
/// language.
Language language_from(int argc, const char* const* argv);

}  // namespace hutong::cli
