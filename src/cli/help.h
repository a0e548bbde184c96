#pragma once

#include <CLI/CLI.hpp>

#include "cli/context.h"

namespace hutong::cli {

/// Help in the language of the context, columns aligned where Han characters take two. Set before commands
/// are added: they inherit it.
void translate_help(CLI::App& app, const Context& context);

}  // namespace hutong::cli
