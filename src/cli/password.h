#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "cli/context.h"

namespace CLI {
class App;
}

namespace hutong::cli {

/// Where a password comes from. Never the command line, which everybody on the machine can read.
struct PasswordOptions {
  std::string file;         ///< its first line; "-" is standard input
  std::string environment;  ///< the name of a variable
  bool given() const { return !file.empty() || !environment.empty(); }
};
/// Adds --<prefix>password-file and --<prefix>password-env.
void add_password_options(CLI::App& command, const Context& context, PasswordOptions& options,
                          const std::string& prefix = "");

/// From the file or the variable. Nothing when neither was given. kMalformed "usage.password" when the file
/// is empty or the variable is not set.
Result<std::optional<SecretBytes>> password_from(const PasswordOptions& options);
/// The same, or asked for on the terminal without echo. kMalformed "usage.password" without a terminal.
enum class Ask : std::uint8_t { kOnce, kTwice };
Result<SecretBytes> password_or_ask(const Context& context, const PasswordOptions& options,
                                    const Text& question, Ask ask);

inline std::string_view text_of(const SecretBytes& secret) { return as_text(secret.expose()); }

}  // namespace hutong::cli
