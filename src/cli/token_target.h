#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "cli/context.h"
#include "cli/password.h"
#include "token/driver/device.h"
#include "token/driver/driver_set.h"
#include "token/pcsc/card_watch.h"

namespace CLI {
class App;
}

/// Which token a command works on. What is not said is found: the only device, its only application.
namespace hutong::cli {

struct TokenOptions {
  std::string library;  ///< instead of the installed drivers
  std::string driver;
  std::string device;
  std::string application;
  std::string container;
  PasswordOptions pin;
};
enum class TokenPart : std::uint8_t { kDevice, kApplication, kContainer };
/// --library, --driver, --device, and as far as `part` reaches --application and --container (required).
void add_token_options(CLI::App& command, const Context& context, TokenOptions& options, TokenPart part);
/// --<prefix>pin-file and --<prefix>pin-env; the terminal is asked when neither is given.
void add_pin_options(CLI::App& command, const Context& context, PasswordOptions& options,
                     const std::string& prefix = "");

/// The devices of --library, or of all drivers.
token::Enumeration find_tokens(const TokenOptions& options);
/// The cards in readers; none with --library, which stands for itself.
token::CardsNow find_cards(const TokenOptions& options);
/// kNotFound "token.none", and "usage.token" when there are several and none was named.
Result<token::Device> open_token(const TokenOptions& options);
Result<token::Application> open_token_application(const TokenOptions& options);
/// The same, with the user's PIN.
Result<token::Application> log_in_to_token(const Context& context, const TokenOptions& options);
/// With the tries that are left, when a PIN was wrong.
Error with_tries(Error error, const token::Application& application, token::PinRole role);

}  // namespace hutong::cli
