#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/json.h"

/// What goes back to a page in text frames (docs/agent-protocol.md, Text frames).
namespace hutong::agent {

std::string result_frame(std::uint32_t id, net::Json result);
/// `tries_left`: of the PIN in question. The detail of kInternal is kept back.
std::string problem_frame(std::uint32_t id, const Error& error,
                          std::optional<std::uint32_t> tries_left = std::nullopt);
std::string event_frame(std::string_view event, net::Json data);

/// How a code is told: HTTP status and a text in both languages.
struct ProblemText {
  int status;
  std::string_view en;
  std::string_view zh;
};
ProblemText problem_text(const Error& error);

}  // namespace hutong::agent
