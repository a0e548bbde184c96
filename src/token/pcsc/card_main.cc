// hutong-card: a smart card in the virtual reader of vsmartcard (vpcd), as long as it runs.

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include "base/encoding.h"
#include "token/pcsc/card_cable.h"

int main(int argc, char** argv) {
  constexpr int kUsageOrIo = 2;
  constexpr std::uint16_t kUsualPort = 0x8c7b;  // 35963, vpcd's own
  std::uint16_t port = kUsualPort;
  unsigned patience = 5;
  std::string application = "d2760001850001";
  hutong::token::VirtualCard::Options options{
      .application = {}, .label = "Hutong card", .serial_number = "HC0001"};
  CLI::App app("A smart card in the virtual reader of vsmartcard (vpcd): in as long as this runs.",
               "hutong-card");
  app.add_option("--port", port, "of the reader on this machine")->capture_default_str();
  app.add_option("--patience", patience, "seconds to wait for the reader")->capture_default_str();
  app.add_option("--application", application, "its identifier, hexadecimal")->capture_default_str();
  app.add_option("--label", options.label, "its text")->capture_default_str();
  app.add_option("--serial-number", options.serial_number, "its number")->capture_default_str();
  app.add_option("--historical", options.historical, "at most 15 characters in the answer to reset")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  const auto identifier = hutong::from_hex(application);
  if (!identifier) {
    std::cerr << "--application: hexadecimal\n";
    return kUsageOrIo;
  }
  options.application = *identifier;
  hutong::token::VirtualCard card(options);
  const auto served = hutong::token::serve_in_reader(card, port, std::chrono::seconds(patience), [&] {
    std::cerr << R"({"event":"card.inserted","port":)" << port << R"(,"atr":")"
              << hutong::to_hex(card.answer_to_reset()) << "\"}" << std::endl;
  });
  if (!served) {
    std::cerr << served.error().reason << ": " << served.error().detail << "\n";
    return kUsageOrIo;
  }
  return EXIT_SUCCESS;
}
