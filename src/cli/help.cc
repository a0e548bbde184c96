#include "cli/help.h"

#include <memory>
#include <string>

#include "cli/style.h"

namespace hutong::cli {
namespace {

constexpr std::size_t kNameColumns = 34;

/// CLI11 counts octets; a terminal counts columns.
class WideFormatter final : public CLI::Formatter {
 public:
  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    const std::string name = "  " + make_option_name(option, is_positional) + make_option_opts(option);
    return line(name, make_option_desc(option));
  }
  std::string make_option_opts(const CLI::Option* option) const override {
    const bool has_type = option->nonpositional() && option->get_type_size() != 0;
    std::string text = has_type ? " " + option->get_type_name() : "";
    text += option->get_expected_max() > 1 ? " …" : "";
    return text + (option->get_required() ? " " + get_label("REQUIRED") : "");
  }
  std::string make_subcommand(const CLI::App* command) const override {
    return line("  " + command->get_name(), command->get_description());
  }

 private:
  static std::string line(const std::string& name, const std::string& text) {
    const bool fits = display_width(name) < kNameColumns;
    return (fits ? padded(name, kNameColumns) : name + "\n" + std::string(kNameColumns, ' ')) + text + "\n";
  }
};

}  // namespace

void translate_help(CLI::App& app, const Context& context) {
  const auto formatter = std::make_shared<WideFormatter>();
  if (context.language == Language::kZh) {
    for (const auto& [english, chinese] : {std::pair{"Usage", "用法"},
                                           {"OPTIONS", "选项"},
                                           {"SUBCOMMAND", "命令"},
                                           {"SUBCOMMANDS", "命令"},
                                           {"Positionals", "参数"},
                                           {"REQUIRED", "（必需）"}}) {
      formatter->label(english, chinese);
    }
  }
  app.formatter(formatter);
  app.option_defaults()->group(std::string(context.text({"选项", "Options"})));
  app.set_help_flag("-h,--help", std::string(context.text({"显示帮助并退出", "print this help and exit"})))
      ->group(std::string(context.text({"选项", "Options"})));
}

}  // namespace hutong::cli
