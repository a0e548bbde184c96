#include "cli/app.h"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/help.h"

namespace hutong::cli {
namespace {

bool shows_colours() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0') &&
         std::string_view(terminal == nullptr ? "dumb" : terminal) != "dumb";
}

Context make_context(int argc, const char* const* argv) {
  Context context;
  context.language = language_from(argc, argv);
  context.color = shows_colours();
  context.progress = ::isatty(STDERR_FILENO) == 1;
  context.now = SystemClock().now();
  return context;
}

void add_global_options(CLI::App& app, Context& context, std::string& language) {
  app.set_version_flag("--version", "hutong " HUTONG_VERSION)
      ->description(std::string(context.text({"显示版本并退出", "print the version and exit"})));
  app.add_flag("--json", context.json, std::string(context.text({"输出 JSON", "print JSON"})));
  app.add_option("--lang", language,
                 std::string(context.text({"语言：zh 或 en（默认按 LANG，中文优先）",
                                           "language: zh or en (default by LANG, Chinese first)"})))
      ->check(CLI::IsMember({"zh", "en"}))
      ->type_name("LANG");
}

void add_commands(CLI::App& app, Context& context) {
  add_verify_command(app, context);
  add_cert_commands(app, context);
  add_crl_commands(app, context);
  add_key_commands(app, context);
  add_request_commands(app, context);
  add_sign_command(app, context);
  add_envelope_commands(app, context);
  add_timestamp_commands(app, context);
  add_trust_commands(app, context);
  add_token_commands(app, context);
  add_completion_command(app, context);
}

int parse_failed(const CLI::App& app, Context& context, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    return app.exit(error, context.out, context.err);  // --help, --version
  }
  context.err << context.text({"用法错误：", "usage error: "}) << error.what() << "\n"
              << context.text({"更多说明见 --help", "--help says more"}) << "\n";
  return static_cast<int>(Exit::kUsage);
}

}  // namespace

int run(int argc, const char* const* argv) {
  Context context = make_context(argc, argv);
  CLI::App app(std::string(context.text({"互通：识别一切 CA 数字证书（SM2/SM3/SM4）",
                                         "Hutong: recognise CA digital certificates (SM2/SM3/SM4)"})),
               "hutong");
  app.fallthrough();
  app.require_subcommand(1);
  translate_help(app, context);
  std::string language;
  add_global_options(app, context, language);
  add_commands(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parse_failed(app, context, error);
  }
  context.out.flush();
  return static_cast<int>(context.exit);
}

}  // namespace hutong::cli
