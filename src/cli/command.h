#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "base/result.h"
#include "cli/context.h"

namespace hutong::cli {

/// Files the command under "commands" and its --help under "options", in the language of the context.
inline void translate_groups(CLI::App& command, const Context& context) {
  command.group(std::string(context.text({"命令", "Commands"})));
  if (CLI::Option* help = command.get_help_ptr()) {
    help->group(std::string(context.text({"选项", "Options"})));
  }
}

/// A command with examples under its help.
struct CommandText {
  const char* name;
  Text what;
  Text examples;  ///< lines of "hutong …"
};

inline CLI::App* add_command(CLI::App& parent, const Context& context, const CommandText& text) {
  CLI::App* command = parent.add_subcommand(text.name, std::string(context.text(text.what)));
  translate_groups(*command, context);
  if (!text.examples.en.empty()) {
    command->footer(std::string(context.text({"例：", "Examples:"})) + "\n" +
                    std::string(context.text(text.examples)));
  }
  return command;
}

/// A group such as `cert`: one of its commands must follow.
inline CLI::App* add_group(CLI::App& app, const Context& context, const char* name, const Text& what) {
  CLI::App* group = app.add_subcommand(name, std::string(context.text(what)));
  translate_groups(*group, context);
  group->require_subcommand(1);
  return group;
}

/// Calls `work(context, options)` when the command was given, with the options as they were parsed.
template <typename Options>
void run_with(CLI::App* command, Context& context, std::shared_ptr<Options> options,
              Result<Exit> (*work)(Context&, const Options&)) {
  command->callback([&context, options, work] { finish(context, work(context, *options)); });
}

inline CLI::Option* add_file(CLI::App* command, const Context& context, const char* name, std::string& value,
                             const Text& what) {
  return command->add_option(name, value, std::string(context.text(what)))->type_name("FILE");
}

inline CLI::Option* add_flag(CLI::App* command, const Context& context, const char* name, bool& value,
                             const Text& what) {
  return command->add_flag(name, value, std::string(context.text(what)));
}

/// Where something goes that is PEM unless DER is asked for.
inline void add_output(CLI::App* command, const Context& context, std::string& out, bool& der) {
  add_file(command, context, "-o,--out", out,
           {"输出文件（默认标准输出）", "output (default: standard output)"});
  add_flag(command, context, "--der", der, {"输出 DER 而不是 PEM", "write DER instead of PEM"});
}

}  // namespace hutong::cli
