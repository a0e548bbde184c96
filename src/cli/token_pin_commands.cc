#include "cli/command.h"
#include "cli/token_commands.h"
#include "cli/token_target.h"

namespace hutong::cli {
namespace {

struct PinChangeOptions {
  TokenOptions token;
  bool administrator = false;
  PasswordOptions new_pin;
};

struct PinUnblockOptions {
  TokenOptions token;
  PasswordOptions administrator_pin;
  PasswordOptions new_pin;
};

Result<SecretBytes> ask_new_pin(const Context& context, const PasswordOptions& options) {
  return password_or_ask(context, options, {"新 PIN：", "new PIN: "}, Ask::kTwice);
}

Result<Exit> log_in(Context& context, const TokenOptions& options) {
  HUTONG_TRY(const auto application, log_in_to_token(context, options));
  HUTONG_CHECK(application.logout());
  if (!context.json) {
    context.out << context.text({"PIN 正确", "the PIN is right"}) << "\n";
  } else {
    context.out << "{\"ok\": true}\n";
  }
  return Exit::kGood;
}

Result<Exit> change_pin(Context& context, const PinChangeOptions& options) {
  const auto role = options.administrator ? token::PinRole::kAdministrator : token::PinRole::kUser;
  HUTONG_TRY(const auto application, open_token_application(options.token));
  HUTONG_TRY(const SecretBytes old_pin,
             password_or_ask(context, options.token.pin, {"原 PIN：", "old PIN: "}, Ask::kOnce));
  HUTONG_TRY(const SecretBytes new_pin, ask_new_pin(context, options.new_pin));
  if (auto changed = application.change_pin(role, old_pin.expose(), new_pin.expose()); !changed) {
    return with_tries(std::move(changed).error(), application, role);
  }
  return Exit::kGood;
}

Result<Exit> unblock_pin(Context& context, const PinUnblockOptions& options) {
  HUTONG_TRY(const auto application, open_token_application(options.token));
  HUTONG_TRY(const SecretBytes administrator_pin,
             password_or_ask(context, options.administrator_pin, {"管理员 PIN：", "administrator PIN: "},
                             Ask::kOnce));
  HUTONG_TRY(const SecretBytes new_pin, ask_new_pin(context, options.new_pin));
  if (auto unblocked = application.unblock_pin(administrator_pin.expose(), new_pin.expose()); !unblocked) {
    return with_tries(std::move(unblocked).error(), application, token::PinRole::kAdministrator);
  }
  return Exit::kGood;
}

void add_login(CLI::App& group, Context& context) {
  auto options = std::make_shared<TokenOptions>();
  const std::string_view examples =
      "  hutong token login\n  hutong token login --device demo --pin-file user.pin";
  CLI::App* command =
      add_command(group, context, {"login", {"校验用户 PIN", "try the user's PIN"}, {examples, examples}});
  add_token_options(*command, context, *options, TokenPart::kApplication);
  add_pin_options(*command, context, options->pin);
  run_with(command, context, options, log_in);
}

void add_pin_change(CLI::App& group, Context& context) {
  auto options = std::make_shared<PinChangeOptions>();
  const std::string_view examples =
      "  hutong token pin change\n  hutong token pin change --administrator --pin-file old.pin "
      "--new-pin-file new.pin";
  CLI::App* command =
      add_command(group, context, {"change", {"修改 PIN", "change a PIN"}, {examples, examples}});
  add_token_options(*command, context, options->token, TokenPart::kApplication);
  add_flag(command, context, "--administrator", options->administrator,
           {"修改管理员 PIN", "change the administrator's PIN"});
  add_pin_options(*command, context, options->token.pin);
  add_pin_options(*command, context, options->new_pin, "new-");
  run_with(command, context, options, change_pin);
}

void add_pin_unblock(CLI::App& group, Context& context) {
  auto options = std::make_shared<PinUnblockOptions>();
  const std::string_view examples =
      "  hutong token pin unblock\n  hutong token pin unblock --admin-pin-file admin.pin --new-pin-file "
      "new.pin";
  CLI::App* command =
      add_command(group, context,
                  {"unblock",
                   {"用管理员 PIN 解锁用户 PIN", "unblock the user's PIN with the administrator's"},
                   {examples, examples}});
  add_token_options(*command, context, options->token, TokenPart::kApplication);
  add_pin_options(*command, context, options->administrator_pin, "admin-");
  add_pin_options(*command, context, options->new_pin, "new-");
  run_with(command, context, options, unblock_pin);
}

}  // namespace

void add_token_pins(CLI::App& group, Context& context) {
  add_login(group, context);
  CLI::App* pin = add_group(group, context, "pin", {"PIN：修改、解锁", "PINs: change, unblock"});
  add_pin_change(*pin, context);
  add_pin_unblock(*pin, context);
}

}  // namespace hutong::cli
