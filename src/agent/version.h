#pragma once

#include <string_view>

namespace hutong::agent {

inline constexpr std::string_view kProgram = "hutong-agent";
inline constexpr std::string_view kVersion = HUTONG_VERSION;
inline constexpr int kProtocol = 1;
inline constexpr std::string_view kSubprotocol = "hutong.agent.v1";

}  // namespace hutong::agent
