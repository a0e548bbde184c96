#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/context.h"
#include "x509/lint.h"

namespace CLI {
class App;
}

namespace hutong::cli {

/// The `lint` commands of `cert`, `crl` and `request` are one command over three targets.
void add_lint_command(CLI::App& group, Context& context, x509::LintTarget target);

}  // namespace hutong::cli
