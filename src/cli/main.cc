#include <exception>
#include <iostream>

#include "cli/app.h"
#include "cli/context.h"

int main(int argc, char** argv) {
  try {
    return hutong::cli::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "hutong: internal error: " << error.what() << "\n";
    return static_cast<int>(hutong::cli::Exit::kUsage);
  }
}
