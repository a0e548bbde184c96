#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/style.h"
#include "cli/token_cards.h"
#include "cli/token_commands.h"
#include "cli/token_target.h"
#include "x509/certificate.h"

namespace hutong::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Texts of vendors may be in any code page.
std::string dumped(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace); }

Json device_json(const token::FoundDevice& device) {
  return {{"driver", device.driver->description().name},
          {"device", device.name},
          {"label", device.info.label},
          {"serial_number", device.info.serial_number},
          {"manufacturer", device.info.manufacturer},
          {"problem", device.problem}};
}

Json driver_json(const token::DriverReport& report) {
  return {{"name", report.name},       {"vendor", report.vendor},  {"installed", report.installed},
          {"devices", report.devices}, {"problem", report.reason}, {"detail", report.detail}};
}

void print_tokens(const Context& context, const token::Enumeration& found) {
  for (const token::FoundDevice& device : found.devices) {
    context.out << device.name << "  " << device.info.label << "  " << device.info.serial_number << "  "
                << device.driver->description().name
                << (device.problem.empty() ? "" : "  ✘ " + device.problem) << "\n";
  }
  if (found.devices.empty()) {
    context.out << context.text({"没有找到密码钥匙", "no token found"}) << "\n";
  }
  for (const token::DriverReport& report : found.drivers) {
    if (!report.reason.empty()) {
      context.out << "✘ " << report.name << ": " << report.reason << ": " << report.detail << "\n";
    }
  }
}

Result<Exit> list_tokens(Context& context, const TokenOptions& options) {
  const token::Enumeration found = find_tokens(options);
  const token::CardsNow cards = find_cards(options);
  if (context.json) {
    Json json{{"devices", Json::array()}, {"drivers", Json::array()}};
    for (const auto& device : found.devices) {
      json["devices"].push_back(device_json(device));
    }
    for (const auto& report : found.drivers) {
      json["drivers"].push_back(driver_json(report));
    }
    json["smart_cards"] = cards_json(cards, found);
    context.out << dumped(json) << "\n";
  } else {
    print_tokens(context, found);
    print_cards(context, cards, found);
  }
  return Exit::kGood;
}

Json certificate_json(const std::optional<Bytes>& der) {
  if (!der) {
    return nullptr;
  }
  const auto certificate = x509::Certificate::parse(*der);
  return certificate ? Json(certificate->subject().to_string()) : Json("?");
}

Result<Json> container_json(const token::Application& application, const std::string& name) {
  HUTONG_TRY(const auto container, application.open_container(name));
  HUTONG_TRY(const auto certificates, container.certificates());
  return Json{{"name", name},
              {"signature_key", container.public_key(token::KeyUse::kSignature).has_value()},
              {"encryption_key", container.public_key(token::KeyUse::kEncryption).has_value()},
              {"signature_certificate", certificate_json(certificates.signature)},
              {"encryption_certificate", certificate_json(certificates.encryption)}};
}

Result<Json> application_json(const token::Device& device, const std::string& name) {
  HUTONG_TRY(const auto application, device.open_application(name));
  HUTONG_TRY(const auto user, application.pin_state(token::PinRole::kUser));
  HUTONG_TRY(const auto administrator, application.pin_state(token::PinRole::kAdministrator));
  HUTONG_TRY(const auto names, application.containers());
  Json containers = Json::array();
  for (const std::string& container : names) {
    HUTONG_TRY(Json shown, container_json(application, container));
    containers.push_back(std::move(shown));
  }
  const auto pin = [](const token::PinState& state) {
    return Json{{"tries_left", state.tries_left},
                {"most_tries", state.most_tries},
                {"factory", state.factory_default}};
  };
  return Json{{"name", name},
              {"user_pin", pin(user)},
              {"administrator_pin", pin(administrator)},
              {"containers", containers}};
}

/// Whose certificate it is, or how far the pair has come.
std::string pair_text(const Context& context, const Json& container, const std::string& use) {
  const Json& certificate = container[use + "_certificate"];
  if (certificate.is_string()) {
    return certificate.get<std::string>();
  }
  const bool has_key = container[use + "_key"].get<bool>();
  return std::string(
      context.text(has_key ? Text{"有密钥，尚无证书", "a key, no certificate yet"} : Text{"无", "none"}));
}

void print_info(const Context& context, const Json& info) {
  context.out << info["device"].get<std::string>() << "  " << info["label"].get<std::string>() << "  "
              << info["serial_number"].get<std::string>() << "\n";
  for (const Json& application : info["applications"]) {
    const Json& pin = application["user_pin"];
    context.out << "  "
                << context.text({"应用 {0}  用户 PIN 剩余 {1}/{2} 次{3}",
                                 "application {0}  user PIN: {1} of {2} tries left{3}"},
                                {application["name"].get<std::string>(), pin["tries_left"].dump(),
                                 pin["most_tries"].dump(),
                                 pin["factory"].get<bool>()
                                     ? context.text({"（出厂值，应修改）", " (factory PIN: change it)"})
                                     : ""})
                << "\n";
    for (const Json& container : application["containers"]) {
      context.out << "    " << container["name"].get<std::string>() << "\n"
                  << "      " << context.text({"签名 ", "signature  "})
                  << pair_text(context, container, "signature") << "\n"
                  << "      " << context.text({"加密 ", "encryption "})
                  << pair_text(context, container, "encryption") << "\n";
    }
  }
}

Result<Exit> show_token(Context& context, const TokenOptions& options) {
  HUTONG_TRY(const auto device, open_token(options));
  const token::DeviceInfo& info = device.info();
  Json json{{"device", device.name()},
            {"driver", device.driver()->description().name},
            {"label", info.label},
            {"serial_number", info.serial_number},
            {"manufacturer", info.manufacturer},
            {"hardware_version", info.hardware_version},
            {"firmware_version", info.firmware_version},
            {"free_space", info.free_space},
            {"applications", Json::array()}};
  HUTONG_TRY(const auto applications, device.applications());
  for (const std::string& name : applications) {
    HUTONG_TRY(Json application, application_json(device, name));
    json["applications"].push_back(std::move(application));
  }
  if (context.json) {
    context.out << dumped(json) << "\n";
  } else {
    print_info(context, json);
  }
  return Exit::kGood;
}

}  // namespace

void add_token_views(CLI::App& group, Context& context) {
  auto list = std::make_shared<TokenOptions>();
  const std::string_view list_examples =
      "  hutong token list\n  hutong token list --library libhutong-skf.so --json";
  CLI::App* list_command = add_command(group, context,
                                       {"list",
                                        {"列出已插入的密码钥匙", "list the tokens that are plugged in"},
                                        {list_examples, list_examples}});
  add_token_options(*list_command, context, *list, TokenPart::kDevice);
  run_with(list_command, context, list, list_tokens);

  auto info = std::make_shared<TokenOptions>();
  const std::string_view info_examples = "  hutong token info\n  hutong token info --device demo --json";
  CLI::App* info_command =
      add_command(group, context,
                  {"info",
                   {"显示密码钥匙的应用、PIN 状态、容器与证书",
                    "show a token's applications, PIN states, containers and certificates"},
                   {info_examples, info_examples}});
  add_token_options(*info_command, context, *info, TokenPart::kDevice);
  run_with(info_command, context, info, show_token);
}

}  // namespace hutong::cli
