#pragma once

#include "cli/context.h"

namespace CLI {
class App;
}

/// The commands of `hutong token`, each in a file of its own.
namespace hutong::cli {

void add_token_init(CLI::App& group, Context& context);

}  // namespace hutong::cli
