#include "agent/token_list.h"

#include <utility>

#include "agent/certificate_facts.h"
#include "base/encoding.h"

namespace hutong::agent {
namespace {

using net::Json;
using token::KeyUse;

Json trouble(const Error& error) { return {{"code", error.reason}, {"detail", error.detail}}; }

Json facts(const std::string& token, const std::string& driver, const std::string& name,
           const token::DeviceInfo& info) {
  return {{"token", token},           {"driver", driver},
          {"name", shown_name(name)}, {"manufacturer", info.manufacturer},
          {"label", info.label},      {"serial_number", info.serial_number},
          {"problem", nullptr}};
}

/// Null without a key of this use.
Json key_pair(const token::Container& container, KeyUse use) {
  const auto key = container.public_key(use);
  if (!key) {
    return nullptr;
  }
  const auto certificate = container.certificate(use);
  return {{"public_key", public_key_text(*key)},
          {"certificate", certificate ? Json(to_base64(*certificate)) : Json(nullptr)}};
}

Result<Json> containers_of(const token::Application& application) {
  HUTONG_TRY(const auto names, application.containers());
  Json list = Json::array();
  for (const std::string& name : names) {
    HUTONG_TRY(const auto container, application.open_container(name));
    list.push_back(Json{{"container", shown_name(name)},
                        {"signature", key_pair(container, KeyUse::kSignature)},
                        {"encryption", key_pair(container, KeyUse::kEncryption)}});
  }
  return list;
}

/// As far as it can be read: a PIN's state or the containers may be missing, `problem` then says why.
Json application_json(const token::Device& device, const std::string& name) {
  Json json{{"application", shown_name(name)},    {"logged_in", false}, {"user_pin", pin_facts({})},
            {"administrator_pin", pin_facts({})}, {"problem", nullptr}, {"containers", Json::array()}};
  const auto fill = [&]() -> Status {
    HUTONG_TRY(const auto application, device.open_application(name));
    HUTONG_TRY(const auto user, application.pin_state(token::PinRole::kUser));
    json["user_pin"] = pin_facts(user);
    HUTONG_TRY(const auto administrator, application.pin_state(token::PinRole::kAdministrator));
    json["administrator_pin"] = pin_facts(administrator);
    HUTONG_TRY(json["containers"], containers_of(application));
    return ok();
  };
  if (const auto filled = fill(); !filled) {
    json["problem"] = trouble(filled.error());
  }
  return json;
}

/// {"problem", "applications"} of a token.
Json inside(const token::Device& device) {
  Json json{{"problem", nullptr}, {"applications", Json::array()}};
  const auto names = device.applications();
  if (!names) {
    json["problem"] = trouble(names.error());
    return json;
  }
  for (const std::string& name : *names) {
    json["applications"].push_back(application_json(device, name));
  }
  return json;
}

Json token_json(const token::FoundDevice& device, const Result<Json>& read, const LoggedIn& logged_in) {
  const std::string name = token_name(device);
  Json json = facts(name, device.driver->description().name, device.name, device.info);
  json["problem"] = read ? read->at("problem") : trouble(read.error());
  json["applications"] = read ? read->at("applications") : Json::array();
  for (Json& application : json["applications"]) {
    application["logged_in"] = logged_in({name, application.at("application").get<std::string>()});
  }
  return json;
}

std::string state_of(const token::DriverReport& report) {
  if (!report.installed) {
    return "not_installed";
  }
  if (report.reason.empty()) {
    return "ready";
  }
  switch (report.status.state) {
    case token::DriverState::kIdle:
    case token::DriverState::kRunning:
      return "hung";  // it runs, and did not answer in time
    default:
      return std::string(token::to_string(report.status.state));
  }
}

Json driver_json(const token::DriverReport& report) {
  Json quirks = Json::array();
  for (const std::string_view quirk : report.quirks_met) {
    quirks.push_back(quirk);
  }
  return {{"driver", report.name},
          {"vendor", report.vendor},
          {"vendor_zh", report.vendor_zh},
          {"product", report.product},
          {"installed", report.installed},
          {"library", report.library.string()},
          {"devices", report.devices},
          {"state", state_of(report)},
          {"reason", report.reason},
          {"detail", report.detail},
          {"restarts", report.status.starts > 0 ? report.status.starts - 1 : 0},
          {"took_ms", report.took.count()},
          {"quirks", std::move(quirks)}};
}

Json card_json(const token::FoundCard& card) {
  return {{"reader", card.reader},
          {"atr", to_hex(card.atr)},
          {"driver", card.driver.empty() ? Json(nullptr) : Json(card.driver)},
          {"label", card.identity.label},
          {"serial_number", card.identity.serial_number},
          {"problem", card.problem}};
}

Json cards_json(const token::CardsNow& now) {
  Json list = Json::array();
  for (const token::FoundCard& card : now.cards) {
    list.push_back(card_json(card));
  }
  return {
      {"reason", now.reason}, {"detail", now.detail}, {"readers", now.readers}, {"cards", std::move(list)}};
}

/// The certificates of one container, each with its place and facts.
void add_certificates(const Json& place, const Json& container, Json& list) {
  for (const std::string_view use : {"signature", "encryption"}) {
    const Json& pair = container.at(use);
    if (pair.is_null() || pair.at("certificate").is_null()) {
      continue;
    }
    const auto text = pair.at("certificate").get<std::string>();
    const auto der = from_base64(text);
    const auto certificate = der ? x509::Certificate::parse(*der) : Result<x509::Certificate>(der.error());
    if (certificate) {
      Json one = place;
      one["container"] = container.at("container");
      one["use"] = use;
      one["certificate"] = text;
      one.update(certificate_facts(*certificate));
      list.push_back(std::move(one));
    }
  }
}

}  // namespace

net::Json pin_facts(const token::PinState& state) {
  return {{"most_tries", state.most_tries},
          {"tries_left", state.tries_left},
          {"factory_default", state.factory_default}};
}

net::Json public_key_text(const crypto::Sm2PublicKey& key) { return to_hex(key.octets()); }

net::Json list_tokens(TokenDesk& desk, bool refresh, const LoggedIn& logged_in) {
  const std::uint64_t generation = desk.generation();
  const auto found = desk.enumeration(refresh);
  const auto read = desk.read_all(found.devices, inside);
  Json tokens = Json::array();
  for (std::size_t i = 0; i < found.devices.size(); ++i) {
    tokens.push_back(token_json(found.devices[i], read[i], logged_in));
  }
  Json drivers = Json::array();
  for (const token::DriverReport& report : found.drivers) {
    drivers.push_back(driver_json(report));
  }
  Json errors = Json::array();
  for (const Error& error : desk.description_errors()) {
    errors.push_back(trouble(error));
  }
  return {{"generation", generation},
          {"tokens", std::move(tokens)},
          {"drivers", std::move(drivers)},
          {"smart_cards", cards_json(desk.cards())},
          {"description_errors", std::move(errors)}};
}

net::Json list_certificates(TokenDesk& desk) {
  const auto found = desk.enumeration(false);
  const auto read = desk.read_all(found.devices, inside);
  Json list = Json::array();
  for (std::size_t i = 0; i < found.devices.size(); ++i) {
    if (!read[i]) {
      continue;
    }
    for (const Json& application : read[i]->at("applications")) {
      const Json place{{"token", token_name(found.devices[i])},
                       {"application", application.at("application")}};
      for (const Json& container : application.at("containers")) {
        add_certificates(place, container, list);
      }
    }
  }
  return {{"certificates", std::move(list)}};
}

net::Json device_facts(const std::string& token, const token::Device& device) {
  const token::DeviceInfo& info = device.info();
  Json json = facts(token, device.driver()->description().name, device.name(), info);
  json["structure_version"] = info.structure_version;
  json["issuer"] = info.issuer;
  json["hardware_version"] = info.hardware_version;
  json["firmware_version"] = info.firmware_version;
  json["symmetric_algorithms"] = info.symmetric_algorithms;
  json["asymmetric_algorithms"] = info.asymmetric_algorithms;
  json["hash_algorithms"] = info.hash_algorithms;
  json["total_space"] = info.total_space;
  json["free_space"] = info.free_space;
  json["most_ecc_octets"] = info.most_ecc_octets;
  json["most_cipher_octets"] = info.most_cipher_octets;
  return json;
}

}  // namespace hutong::agent
