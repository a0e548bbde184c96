#pragma once

#include <vector>

#include "cli/command.h"
#include "recognition/kinds.h"

namespace hutong::cli {

/// A command that judges files and prints their recognition reports: `verify` of every group. With `kinds`,
/// other objects are kMalformed "input.kind"; empty accepts everything.
void add_judge_command(CLI::App& group, Context& context, const CommandText& text,
                       const std::vector<recognition::Kind>& kinds);

}  // namespace hutong::cli
