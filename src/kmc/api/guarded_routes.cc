#include "kmc/api/guarded_routes.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"

namespace hutong::kmc {
namespace {

net::Handler behind(const operators::Guard& guard, std::string_view right, GuardedHandler handler) {
  return [&guard, right, handler = std::move(handler)](const net::Request& request) -> Result<net::Response> {
    HUTONG_TRY(const operators::Authorized by, guard.authorize(request, right));
    return handler(request, by);
  };
}

}  // namespace

void GuardedRoutes::get(std::string pattern, std::string_view right, GuardedHandler handler) const {
  router_->add({.method = net::Method::kGet,
                .pattern = std::move(pattern),
                .weight = net::Weight::kHeavy,
                .body_limit = 0,
                .handler = behind(*guard_, right, std::move(handler))});
}

void GuardedRoutes::change(net::Method method, std::string pattern, std::string_view right,
                           GuardedHandler handler, std::size_t body_limit) const {
  router_->add({.method = method,
                .pattern = std::move(pattern),
                .weight = net::Weight::kHeavy,
                .body_limit = body_limit,
                .handler = behind(*guard_, right, std::move(handler))});
}

Result<x509::Certificate> certificate_from(ByteView der) {
  auto certificate = x509::Certificate::parse(der);
  if (!certificate) {
    return Error{Errc::kMalformed, "request.certificate", certificate.error().detail};
  }
  return certificate;
}

Status check_text(std::string_view text, std::string_view member, std::size_t most) {
  const auto characters = std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; });
  const bool controls =
      std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (characters == 0 || static_cast<std::size_t>(characters) > most || controls || !is_utf8(text)) {
    return Error{
        Errc::kMalformed, "request.text",
        "the member \"" + std::string(member) + "\" must have 1 to " + std::to_string(most) + " characters"};
  }
  return ok();
}

net::Json page_of(net::Json items, std::size_t limit) {
  net::Json page;
  const bool more = items.size() > limit;
  if (more) {
    items.erase(items.size() - 1);
  }
  const net::Json last = items.empty() ? net::Json() : items.back().at("id");
  page["items"] = std::move(items);
  if (more) {
    page["next"] = last;
  }
  return page;
}

}  // namespace hutong::kmc
