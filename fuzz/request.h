#pragma once

#include <initializer_list>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "fuzz/property.h"
#include "net/http.h"
#include "net/router.h"

/// For fuzzers of HTTP handlers: requests made of octets, and what every parser owes to its caller.
namespace hutong::fuzz {

/// A request that has these octets for its body, its query and each of its path's parameters.
inline net::Request request_of(ByteView octets, std::initializer_list<const char*> parameters) {
  net::Request request;
  request.body = to_bytes(octets);
  const std::string text(as_text(octets));
  for (const char* const name : parameters) {
    request.parameters[name] = text;
  }
  if (auto target = net::parse_target("/x?" + text)) {
    request.query = std::move(target->query);
  }
  return request;
}

/// An input, or a refusal that has a reason and is the fault of who asks.
template <typename HandlerClass>
void parse(const net::Request& request) {
  const auto input = HandlerClass::parse(request);
  if (!input) {
    const Errc code = input.error().code;
    require(!input.error().reason.empty(), "a refusal has a reason");
    require(
        code == Errc::kMalformed || code == Errc::kLimit || code == Errc::kPolicy || code == Errc::kNotFound,
        "a bad request is its sender's fault");
  }
}

}  // namespace hutong::fuzz
