#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/password.h"
#include "cli/token_commands.h"
#include "token/software/device.h"
#include "token/software/provisioning.h"

namespace hutong::cli {
namespace {

namespace software = token::software;

struct TokenInitOptions {
  std::string home;
  std::string name;
  std::string label;
  std::string application;
  PasswordOptions admin_pin;
  PasswordOptions user_pin;
};

/// The first line of a file, or the PIN of demonstration devices.
Result<SecretBytes> pin_or_factory(const PasswordOptions& options, std::string_view factory) {
  HUTONG_TRY(auto given, password_from(options));
  return given ? *std::move(given) : SecretBytes::copy_of(as_bytes(factory));
}

Result<Exit> init_token(Context& context, const TokenInitOptions& options) {
  const std::filesystem::path home =
      options.home.empty() ? software::token_home() : std::filesystem::absolute(options.home);
  HUTONG_TRY(const SecretBytes admin_pin, pin_or_factory(options.admin_pin, software::kFactoryAdminPin));
  HUTONG_TRY(const SecretBytes user_pin, pin_or_factory(options.user_pin, software::kFactoryUserPin));
  software::NewDevice device{.name = options.name, .label = options.label};
  if (!options.application.empty()) {
    device.application = software::NewApplication{
        .name = options.application, .admin_pin = text_of(admin_pin), .user_pin = text_of(user_pin)};
  }
  HUTONG_CHECK(software::create_device(home, device));
  const std::string folder = (home / options.name).string();
  if (context.json) {
    const nlohmann::ordered_json json{
        {"device", options.name}, {"folder", folder}, {"application", options.application}};
    context.out << json.dump(2) << "\n";
  } else {
    context.out << context.text({"软件密码钥匙 {0} 已建立：{1}", "software token {0} made: {1}"},
                                {options.name, folder})
                << "\n";
  }
  return Exit::kGood;
}

}  // namespace

void add_token_init(CLI::App& group, Context& context) {
  auto options = std::make_shared<TokenInitOptions>();
  const std::string_view examples =
      "  hutong token init --name demo --label 演示钥匙 --application HUTONG\n"
      "  hutong token init --name alice --application HUTONG --user-pin-file user.pin --admin-pin-file "
      "admin.pin";
  CLI::App* command = add_command(group, context,
                                  {"init",
                                   {"建立一个软件密码钥匙（libhutong-skf.so 的设备）",
                                    "make a software token (a device of libhutong-skf.so)"},
                                   {examples, examples}});
  command
      ->add_option(
          "--name", options->name,
          std::string(context.text({"设备名称，也是文件夹名", "the device's name and its folder's"})))
      ->required()
      ->type_name("NAME");
  command
      ->add_option("--label", options->label,
                   std::string(context.text({"标签，不到 32 字节", "a label of less than 32 octets"})))
      ->type_name("TEXT");
  command
      ->add_option("--application", options->application,
                   std::string(context.text({"同时建立的应用", "an application to be made with it"})))
      ->type_name("NAME");
  add_file(command, context, "--user-pin-file", options->user_pin.file,
           {"用户 PIN 所在文件（默认 12345678）", "the file with the user PIN (default 12345678)"});
  add_file(
      command, context, "--admin-pin-file", options->admin_pin.file,
      {"管理员 PIN 所在文件（默认 88888888）", "the file with the administrator PIN (default 88888888)"});
  add_file(command, context, "--home", options->home,
           {"设备所在文件夹（默认 $HUTONG_TOKEN_HOME）",
            "the folder of the devices (default $HUTONG_TOKEN_HOME)"});
  run_with(command, context, options, init_token);
}

}  // namespace hutong::cli
