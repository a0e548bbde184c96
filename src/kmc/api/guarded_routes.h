#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"
#include "net/json.h"
#include "net/router.h"
#include "operators/guard.h"
#include "x509/certificate.h"

namespace hutong::kmc {

/// A handler that is told who asks, after the guard let them pass.
using GuardedHandler =
    std::function<Result<net::Response>(const net::Request&, const operators::Authorized&)>;

/// Adds routes that want a right.
class GuardedRoutes {
 public:
  GuardedRoutes(net::Router& router, const operators::Guard& guard) : router_(&router), guard_(&guard) {}
  void get(std::string pattern, std::string_view right, GuardedHandler handler) const;
  static constexpr std::size_t kUsualBody = 256 * 1024;
  void change(net::Method method, std::string pattern, std::string_view right, GuardedHandler handler,
              std::size_t body_limit = kUsualBody) const;

 private:
  net::Router* router_;
  const operators::Guard* guard_;
};

/// A certificate from a member's octets; kMalformed "request.certificate".
Result<x509::Certificate> certificate_from(ByteView der);
/// 1 … `most` characters of UTF-8 without control characters: kMalformed "request.text".
Status check_text(std::string_view text, std::string_view member, std::size_t most);
/// {items, next}: `items` holds up to limit + 1 entries, of which the last only says that there are more.
net::Json page_of(net::Json items, std::size_t limit);

}  // namespace hutong::kmc
