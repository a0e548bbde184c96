#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/commands.h"

namespace hutong::cli {
namespace {

struct CompletionOptions {
  CLI::App* root = nullptr;
  std::string shell;
};

bool is_shown(const CLI::App* command) { return !command->get_name().empty(); }

/// Subcommands and long options that may follow a command.
std::string words_of(CLI::App& command, const CLI::App& root) {
  std::string words;
  for (const auto* sub : command.get_subcommands([](const CLI::App*) { return true; })) {
    words += is_shown(sub) ? sub->get_name() + " " : "";
  }
  const auto add_options = [&words](const CLI::App& owner) {
    for (const auto* option : owner.get_options()) {
      for (const auto& name : option->get_lnames()) {
        words += "--" + name + " ";
      }
    }
  };
  add_options(command);
  if (&command != &root) {
    add_options(root);
  }
  return words;
}

/// One `case` line per command: "path") words="…";;
void add_cases(CLI::App& command, const CLI::App& root, const std::string& path, std::string& cases,
               std::string& paths) {
  cases += "    \"" + path + "\") words=\"" + words_of(command, root) + "\" ;;\n";
  for (auto* sub : command.get_subcommands([](const CLI::App*) { return true; })) {
    const std::string below = path + (path.empty() ? "" : " ") + sub->get_name();
    paths += "      \"" + below + "\") path=\"" + below + "\" ;;\n";
    add_cases(*sub, root, below, cases, paths);
  }
}

std::string bash_script(CLI::App& root) {
  std::string cases;
  std::string paths;
  add_cases(root, root, "", cases, paths);
  return "# hutong completion; load with: source <(hutong completion bash)\n"
         "_hutong() {\n"
         "  local cur=\"${COMP_WORDS[COMP_CWORD]}\" path=\"\" words=\"\" i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case \"${path:+$path }${COMP_WORDS[i]}\" in\n" +
         paths +
         "    esac\n"
         "  done\n"
         "  case \"$path\" in\n" +
         cases +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "  if [[ $cur != -* && \"$path\" != \"\" ]]; then\n"
         "    COMPREPLY+=($(compgen -f -- \"$cur\"))\n"
         "  fi\n"
         "}\n"
         "complete -o filenames -F _hutong hutong\n";
}

std::string zsh_script(CLI::App& root) {
  return "#compdef hutong\n"
         "# hutong completion; load with: source <(hutong completion zsh)\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         bash_script(root);
}

Result<Exit> complete(Context& context, const CompletionOptions& options) {
  context.out << (options.shell == "zsh" ? zsh_script(*options.root) : bash_script(*options.root));
  return Exit::kGood;
}

}  // namespace

void add_completion_command(CLI::App& app, Context& context) {
  auto options = std::make_shared<CompletionOptions>();
  options->root = &app;
  const std::string_view examples =
      "  source <(hutong completion bash)\n"
      "  hutong completion bash > /etc/bash_completion.d/hutong";
  CLI::App* command = add_command(
      app, context,
      {"completion", {"输出命令补全脚本", "print a shell completion script"}, {examples, examples}});
  command->add_option("SHELL", options->shell, std::string(context.text({"bash 或 zsh", "bash or zsh"})))
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}));
  run_with(command, context, options, complete);
}

}  // namespace hutong::cli
