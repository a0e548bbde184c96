#pragma once

#include "cli/context.h"

namespace CLI {
class App;
}

/// The commands of `hutong token`, group by group.
namespace hutong::cli {

void add_token_views(CLI::App& group, Context& context);  ///< list, info
void add_token_init(CLI::App& group, Context& context);
void add_token_pins(CLI::App& group, Context& context);  ///< login, pin change, pin unblock
void add_token_keys(CLI::App& group, Context& context);  ///< keygen, request, import, export
void add_token_sign(CLI::App& group, Context& context);
void add_token_challenge(CLI::App& group, Context& context);
void add_token_decrypt(CLI::App& group, Context& context);
void add_driver_check(CLI::App& group, Context& context);
void add_driver_test(CLI::App& group, Context& context);

}  // namespace hutong::cli
