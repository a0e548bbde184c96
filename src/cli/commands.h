#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/result.h"
#include "cli/context.h"

namespace CLI {
class App;
}

/// Each adds one group of commands. A command parses its options into a struct, does its work through the
/// libraries and says how it ended by an Exit or an Error.
namespace hutong::cli {

void add_cert_commands(CLI::App& app, Context& context);
void add_crl_commands(CLI::App& app, Context& context);
void add_key_commands(CLI::App& app, Context& context);
void add_request_commands(CLI::App& app, Context& context);
void add_sign_command(CLI::App& app, Context& context);
void add_verify_command(CLI::App& app, Context& context);
void add_envelope_commands(CLI::App& app, Context& context);
void add_timestamp_commands(CLI::App& app, Context& context);
void add_trust_commands(CLI::App& app, Context& context);
void add_token_commands(CLI::App& app, Context& context);
void add_completion_command(CLI::App& app, Context& context);

}  // namespace hutong::cli
