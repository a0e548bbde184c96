#include "cli/token_commands.h"

#include "cli/command.h"
#include "cli/commands.h"

namespace hutong::cli {

void add_token_commands(CLI::App& app, Context& context) {
  CLI::App* group = add_group(app, context, "token", {"智能密码钥匙（SKF）", "smart tokens (SKF)"});
  add_token_views(*group, context);
  add_token_init(*group, context);
  add_token_pins(*group, context);
  add_token_keys(*group, context);
  add_token_sign(*group, context);
  add_token_challenge(*group, context);
  add_token_decrypt(*group, context);
  add_driver_check(*group, context);
  add_driver_test(*group, context);
}

}  // namespace hutong::cli
