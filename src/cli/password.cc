#include "cli/password.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/file.h"
#include "crypto/constant_time.h"

namespace hutong::cli {
namespace {

constexpr std::size_t kLongest = 1024;

Error no_password(std::string detail) { return usage_error("usage.password", std::move(detail)); }

Result<SecretBytes> first_line(const std::string& path) {
  HUTONG_TRY(Bytes content, read_file(path, kLongest));
  const ScopedWipe wipe_content(content);
  const auto end = std::ranges::find_if(content, [](std::uint8_t c) { return c == '\n' || c == '\r'; });
  if (end == content.begin()) {
    return no_password(path + ": the first line is empty");
  }
  return SecretBytes::copy_of(ByteView(content.begin(), end));
}

/// The controlling terminal with its echo off; restored at the end of the scope.
class QuietTerminal {
 public:
  QuietTerminal() : descriptor_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
    if (descriptor_ < 0) {
      return;
    }
    if (::tcgetattr(descriptor_, &before_) != 0) {
      ::close(std::exchange(descriptor_, -1));
      return;
    }
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(descriptor_, TCSAFLUSH, &quiet);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  ~QuietTerminal() {
    if (descriptor_ >= 0) {
      ::tcsetattr(descriptor_, TCSAFLUSH, &before_);
      ::close(descriptor_);
    }
  }
  bool is_there() const { return descriptor_ >= 0; }

  Result<SecretBytes> ask(std::string_view question) {
    say(question);
    SecretBytes line(kLongest);
    std::size_t size = 0;
    for (char c = 0; size < kLongest && ::read(descriptor_, &c, 1) == 1 && c != '\n'; ++size) {
      line.writable()[size] = static_cast<std::uint8_t>(c);
    }
    say("\n");
    if (size == 0) {
      return no_password("an empty password");
    }
    return SecretBytes::copy_of(line.expose().first(size));
  }

 private:
  void say(std::string_view text) { static_cast<void>(!::write(descriptor_, text.data(), text.size())); }

  int descriptor_;
  termios before_{};
};

}  // namespace

void add_password_options(CLI::App& command, const Context& context, PasswordOptions& options,
                          const std::string& prefix) {
  auto* file =
      command.add_option("--" + prefix + "password-file", options.file,
                         std::string(context.text({"口令文件的第一行，“-”为标准输入",
                                                   "the first line of this file; \"-\" is standard input"})));
  auto* environment = command.add_option(
      "--" + prefix + "password-env", options.environment,
      std::string(context.text({"存放口令的环境变量名", "the environment variable that holds it"})));
  file->type_name("FILE")->excludes(environment);
  environment->type_name("NAME");
}

Result<std::optional<SecretBytes>> password_from(const PasswordOptions& options) {
  if (!options.file.empty()) {
    HUTONG_TRY(auto line, first_line(options.file));
    return std::optional(std::move(line));
  }
  if (options.environment.empty()) {
    return std::optional<SecretBytes>();
  }
  const char* value = std::getenv(options.environment.c_str());
  if (value == nullptr || *value == '\0') {
    return no_password(options.environment + ": this variable is not set");
  }
  return std::optional(SecretBytes::copy_of(as_bytes(value)));
}

Result<SecretBytes> password_or_ask(const Context& context, const PasswordOptions& options,
                                    const Text& question, Ask ask) {
  HUTONG_TRY(auto given, password_from(options));
  if (given) {
    return *std::move(given);
  }
  QuietTerminal terminal;
  if (!terminal.is_there()) {
    return no_password("no terminal to ask on; give --password-file or --password-env");
  }
  HUTONG_TRY(auto first, terminal.ask(context.text(question)));
  if (ask == Ask::kTwice) {
    HUTONG_TRY(const auto second, terminal.ask(context.text({"再次输入：", "Again: "})));
    if (!crypto::constant_time_equal(first.expose(), second.expose())) {
      return no_password("the two entries differ");
    }
  }
  return first;
}

}  // namespace hutong::cli
