#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "cli/command.h"
#include "cli/style.h"
#include "cli/token_cards.h"
#include "cli/token_commands.h"
#include "token/driver/driver_set.h"

namespace hutong::cli {
namespace {

using CheckJson = nlohmann::ordered_json;

struct DriverCheckOptions {};

/// What was found: every described driver, and the cards that are in readers.
struct DriverCheck {
  token::Enumeration found;
  std::vector<Error> description_errors;
  token::CardsNow cards;

  /// Something that a person should mend: a driver that is there and fails, a description that cannot be
  /// read, a card whose driver is not installed.
  bool is_good() const {
    const bool drivers_answer =
        std::ranges::all_of(found.drivers, [](const auto& report) { return report.reason.empty(); });
    const bool cards_have_drivers = std::ranges::all_of(
        cards.cards, [this](const auto& card) { return driver_of(card, found) != CardDriver::kMissing; });
    return drivers_answer && cards_have_drivers && description_errors.empty();
  }
};

CheckJson report_json(const token::DriverReport& report) {
  return {{"name", report.name},           {"vendor", report.vendor},
          {"installed", report.installed}, {"library", report.library.string()},
          {"devices", report.devices},     {"took_ms", report.took.count()},
          {"problem", report.reason},      {"detail", report.detail},
          {"quirks", report.quirks_met}};
}

CheckJson check_json(const DriverCheck& check) {
  CheckJson json{
      {"good", check.is_good()}, {"drivers", CheckJson::array()}, {"description_errors", CheckJson::array()}};
  for (const auto& report : check.found.drivers) {
    json["drivers"].push_back(report_json(report));
  }
  for (const Error& error : check.description_errors) {
    json["description_errors"].push_back(CheckJson{{"problem", error.reason}, {"detail", error.detail}});
  }
  json["smart_cards"] = cards_json(check.cards, check.found);
  return json;
}

void print_report(const Context& context, const token::DriverReport& report) {
  if (!report.installed) {
    context.out << "- " << report.name << "  " << context.text({"未安装", "not installed"}) << "\n";
  } else if (!report.reason.empty()) {
    context.out << paint(context, Tone::kBad, "✘ " + report.name) << "  " << report.reason << ": "
                << report.detail << "\n";
  } else {
    context.out << paint(context, Tone::kGood, "✔ " + report.name) << "  "
                << context.text({"正常，{0} 个介质，{1} 毫秒", "works, {0} tokens, {1} ms"},
                                {std::to_string(report.devices), std::to_string(report.took.count())})
                << "  " << report.library.string() << "\n";
  }
}

Result<Exit> check_drivers(Context& context, const DriverCheckOptions& /*options*/) {
  token::DriverSetOptions options;
  options.folders = token::default_driver_folders();
  token::DriverSet set(options);
  const DriverCheck check{.found = set.enumerate(),
                          .description_errors = set.description_errors(),
                          .cards = token::look_for_cards(set.descriptions())};
  if (context.json) {
    context.out << check_json(check).dump(2, ' ', false, CheckJson::error_handler_t::replace) << "\n";
  } else {
    for (const auto& report : check.found.drivers) {
      print_report(context, report);
    }
    for (const Error& error : check.description_errors) {
      context.out << paint(context, Tone::kBad, "✘ " + error.detail) << "\n";
    }
    print_cards(context, check.cards, check.found);
  }
  return check.is_good() ? Exit::kGood : Exit::kRejected;
}

}  // namespace

void add_driver_check(CLI::App& group, Context& context) {
  CLI::App* drivers = add_group(group, context, "driver", {"密码钥匙的驱动", "the drivers of tokens"});
  const std::string_view examples = "  hutong token driver check\n  hutong token driver check --json";
  CLI::App* command = add_command(*drivers, context,
                                  {"check",
                                   {"检查每个驱动能否使用，读卡器中的卡属于哪个驱动",
                                    "check that every driver works, and whose the cards in readers are"},
                                   {examples, examples}});
  run_with(command, context, std::make_shared<DriverCheckOptions>(), check_drivers);
}

}  // namespace hutong::cli
