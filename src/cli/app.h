#pragma once

namespace hutong::cli {

/// The whole program: parses the command line, runs one command, returns the exit code (see Exit).
int run(int argc, const char* const* argv);

}  // namespace hutong::cli
