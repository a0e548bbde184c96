#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include "base/file.h"
#include "sdf/software/software_device.h"

namespace {

constexpr int kUsageOrIo = 2;
constexpr std::size_t kMostPassword = 4096;

hutong::Status make(const std::string& folder, unsigned count, const std::string& password_file) {
  HUTONG_TRY(const hutong::Bytes content, hutong::read_file(password_file, kMostPassword));
  const std::string_view text = hutong::as_text(content);
  return hutong::sdf::software::make_device(folder, count, text.substr(0, text.find_first_of("\r\n")));
}

int run(int argc, char** argv) {
  CLI::App options("hutong-sdf-console: that of the software device, for tests and training");
  std::string folder;
  std::string password_file;
  unsigned count = 16;
  options.add_option("folder", folder, "of the device that is made")->required();
  options.add_option("--keys", count, "how many indexes get key pairs")->check(CLI::Range(1, 256));
  options.add_option("--password-file", password_file, "its first line protects the private keys")
      ->required();
  CLI11_PARSE(options, argc, argv);
  if (const auto made = make(folder, count, password_file); !made) {
    std::cerr << "hutong-sdf-console: " << made.error().reason << ": " << made.error().detail << '\n';
    return kUsageOrIo;
  }
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& failure) {
    std::cerr << "hutong-sdf-console: " << failure.what() << '\n';
    return kUsageOrIo;
  }
}
