#include "cli/token_target.h"

#include <algorithm>
#include <iterator>

#include "cli/command.h"

namespace hutong::cli {
namespace {

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

void add_name(CLI::App& command, const Context& context, const char* option, std::string& value,
              const Text& what, bool required = false) {
  command.add_option(option, value, std::string(context.text(what)))->required(required)->type_name("NAME");
}

/// A driver that no description names: the library on the command line.
std::shared_ptr<token::Driver> driver_of_library(const std::string& library) {
  token::DriverDescription description;
  description.name = "library";
  token::DriverLaunch launch;
  launch.library = std::filesystem::absolute(library);
  return std::make_shared<token::Driver>(std::move(description), std::move(launch));
}

token::Enumeration devices_of(const std::shared_ptr<token::Driver>& driver) {
  token::Enumeration found;
  token::DriverReport report;
  report.name = driver->description().name;
  report.installed = true;
  report.library = driver->process().launch().library;
  const auto names = driver->device_names(token::DriverSet::kEnumerationLimit);
  if (!names) {
    report.reason = names.error().reason;
    report.detail = names.error().detail;
  } else {
    report.devices = names->size();
    for (const std::string& name : *names) {
      token::FoundDevice device{driver, name, {}, {}};
      if (const auto opened = token::Device::open(driver, name)) {
        device.info = opened->info();
      } else {
        device.problem = opened.error().detail;
      }
      found.devices.push_back(std::move(device));
    }
  }
  found.drivers.push_back(std::move(report));
  return found;
}

}  // namespace

void add_token_options(CLI::App& command, const Context& context, TokenOptions& options, TokenPart part) {
  add_file(
      &command, context, "--library", options.library,
      {"直接使用这个 SKF 库，而不是已安装的驱动", "use this SKF library instead of the installed drivers"});
  add_name(command, context, "--driver", options.driver, {"驱动名称", "the driver's name"});
  add_name(command, context, "--device", options.device,
           {"设备名称（只有一个时可省略）", "the device's name (the only one by default)"});
  if (part != TokenPart::kDevice) {
    add_name(command, context, "--application", options.application,
             {"应用名称（只有一个时可省略）", "the application's name (the only one by default)"});
  }
  if (part == TokenPart::kContainer) {
    add_name(command, context, "--container", options.container, {"容器名称", "the container's name"}, true);
  }
}

void add_pin_options(CLI::App& command, const Context& context, PasswordOptions& options,
                     const std::string& prefix) {
  add_file(&command, context, ("--" + prefix + "pin-file").c_str(), options.file,
           {"PIN 所在文件（第一行），“-”为标准输入",
            "the file with the PIN (first line); \"-\" is standard input"});
  command
      .add_option("--" + prefix + "pin-env", options.environment,
                  std::string(context.text({"PIN 所在环境变量的名称", "the variable that holds the PIN"})))
      ->type_name("NAME");
}

token::Enumeration find_tokens(const TokenOptions& options) {
  if (!options.library.empty()) {
    return devices_of(driver_of_library(options.library));
  }
  token::DriverSetOptions set;
  set.folders = token::default_driver_folders();
  return token::DriverSet(set).enumerate();
}

token::CardsNow find_cards(const TokenOptions& options) {
  if (!options.library.empty()) {
    return {};
  }
  std::vector<token::DriverDescription> known;
  for (const auto& folder : token::default_driver_folders()) {
    std::ranges::move(token::read_descriptions(folder).drivers, std::back_inserter(known));
  }
  return token::look_for_cards(std::move(known));
}

Result<token::Device> open_token(const TokenOptions& options) {
  const token::Enumeration found = find_tokens(options);
  std::vector<std::string> names;
  const token::FoundDevice* chosen = nullptr;
  for (const token::FoundDevice& device : found.devices) {
    const bool fits = (options.driver.empty() || device.driver->description().name == options.driver) &&
                      (options.device.empty() || device.name == options.device);
    if (fits) {
      names.push_back(device.name);
      chosen = &device;
    }
  }
  if (chosen == nullptr) {
    return Error{Errc::kNotFound, "token.none", "no such token is plugged in; see: hutong token list"};
  }
  if (names.size() > 1) {
    return usage_error("usage.token", "say --device, one of: " + listed(names));
  }
  return token::Device::open(chosen->driver, chosen->name);
}

Result<token::Application> open_token_application(const TokenOptions& options) {
  HUTONG_TRY(const auto device, open_token(options));
  if (!options.application.empty()) {
    return device.open_application(options.application);
  }
  HUTONG_TRY(const auto names, device.applications());
  if (names.empty()) {
    return Error{Errc::kNotFound, "token.not_found", "the token has no application"};
  }
  if (names.size() > 1) {
    return usage_error("usage.token", "say --application, one of: " + listed(names));
  }
  return device.open_application(names.front());
}

Result<token::Application> log_in_to_token(const Context& context, const TokenOptions& options) {
  HUTONG_TRY(auto application, open_token_application(options));
  HUTONG_TRY(const SecretBytes pin,
             password_or_ask(context, options.pin, {"用户 PIN：", "user PIN: "}, Ask::kOnce));
  if (auto verified = application.verify_pin(token::PinRole::kUser, pin.expose()); !verified) {
    return with_tries(std::move(verified).error(), application, token::PinRole::kUser);
  }
  return application;
}

Error with_tries(Error error, const token::Application& application, token::PinRole role) {
  if (error.reason == "token.pin_incorrect") {
    if (const auto left = application.tries_left(role)) {
      error.detail += "; tries left: " + std::to_string(*left);
    }
  }
  return error;
}

}  // namespace hutong::cli
