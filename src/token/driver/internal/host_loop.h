#pragma once

#include <filesystem>

namespace hutong::token::host {

/// Serves one driver over a socket until the other side is gone. Returns the program's exit code.
int serve(const std::filesystem::path& library, int socket);

}  // namespace hutong::token::host
