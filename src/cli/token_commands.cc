#include "cli/token_commands.h"

#include "cli/command.h"
#include "cli/commands.h"

namespace hutong::cli {

void add_token_commands(CLI::App& app, Context& context) {
  CLI::App* group = add_group(app, context, "token", {"智能密码钥匙（SKF）", "smart tokens (SKF)"});
  add_token_init(*group, context);
}

}  // namespace hutong::cli
