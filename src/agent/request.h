#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/json.h"

namespace hutong::agent {

/// What a page says about the octets that go in by frames.
struct StreamWish {
  std::optional<std::uint64_t> size;
  bool rewindable = false;
};

/// One text frame of a page (docs/agent-protocol.md, Text frames).
struct PageRequest {
  std::uint32_t id = 0;
  std::string method;
  std::string purpose;  ///< empty: not given
  net::Json params = net::Json::object();
  std::optional<StreamWish> stream;
};

inline constexpr std::size_t kMostTextFrame = std::size_t{2} << 20;
inline constexpr std::size_t kMostPurpose = 200;  ///< characters

/// kMalformed "agent.request" (the detail names the member), "agent.purpose" (not one line of 1 to 200
/// characters). Bounded work and memory whatever is in the frame.
Result<PageRequest> read_request(std::string_view frame);
/// The id of a frame that read_request refused, so that the page knows what is refused; 0 when it has none.
std::uint32_t id_of(std::string_view frame);

}  // namespace hutong::agent
