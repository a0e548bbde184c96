#include <exception>
#include <iostream>

#include "cli/app.h"
#include "cli/context.h"
#include "crypto/self_test.h"

int main(int argc, char** argv) {
  try {
    if (const auto tested = hutong::crypto::require_self_test(); !tested) {
      std::cerr << "hutong: " << tested.error().reason << ": " << tested.error().detail << "\n";
      return static_cast<int>(hutong::cli::Exit::kUsage);
    }
    return hutong::cli::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "hutong: internal error: " << error.what() << "\n";
    return static_cast<int>(hutong::cli::Exit::kUsage);
  }
}
