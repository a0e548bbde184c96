#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agent/login_book.h"
#include "agent/origins.h"
#include "agent/params.h"
#include "agent/prompt_desk.h"
#include "agent/request.h"
#include "agent/token_desk.h"
#include "agent/trust_keeper.h"
#include "agent/used_nonces.h"
#include "agent/windows.h"
#include "base/stream.h"
#include "base/time.h"

namespace hutong::agent {

/// What methods work with. All of it is thread-safe and outlives every call.
struct Workbench {
  Origins& origins;
  PromptDesk& prompts;
  const Windows& windows;
  TokenDesk& tokens;
  LoginBook& logins;
  UsedNonces& nonces;
  TrustKeeper& trust;
  const Clock& clock;
  std::function<net::Json()> status;  ///< of the program
};

/// One call of a method, on a worker. Belongs to its thread.
struct Call {
  Workbench& bench;
  const std::string& origin;
  const std::string& purpose;
  Params params;
  ByteSource* input = nullptr;                   ///< of methods that take content
  ByteSink* output = nullptr;                    ///< of methods that give content
  std::function<bool()> is_wanted;               ///< false once the page is gone
  std::optional<std::uint32_t> tries_left = {};  ///< told with a problem
};

/// The members of params and result that hold content; empty: none.
struct ContentMembers {
  std::string_view in = {};
  std::string_view out = {};
};

enum class Access : std::uint8_t { kAnybody, kAllowed };
enum class Purpose : std::uint8_t { kWelcome, kNeeded };

/// A row of the table of methods (docs/agent-protocol.md, Methods).
struct Method {
  std::string_view name;
  Access access;
  Purpose purpose;
  std::span<const std::string_view> params;  ///< all that are known, content included
  /// Null: no content, and no stream form.
  ContentMembers (*content)(const PageRequest& request);
  Result<net::Json> (*run)(Call& call);
};
/// Null when there is none.
const Method* find_method(std::string_view name);
std::span<const Method> all_methods();

/// The origin's login at this application, for the purpose of the call: the user is asked when it was not for
/// that. kUnauthorized "agent.not_logged_in", and the errors of windows.
Result<std::shared_ptr<Login>> login_for(Call& call, const ApplicationPlace& place);
/// The container there.
Result<token::Container> container_for(Call& call, const Place& place);
/// What windows show of this call; the token by label and application.
Asking asking(Call& call, const ApplicationPlace& place);

}  // namespace hutong::agent
