#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "net/json_body.h"
#include "x509/certificate.h"

namespace hutong::agent {

/// An application in a token, as pages name it. `token` is the name that tokens.list gave.
struct ApplicationPlace {
  std::string token;
  std::string application;
  friend auto operator<=>(const ApplicationPlace&, const ApplicationPlace&) = default;
};
struct Place {
  ApplicationPlace in;
  std::string container;
};

/// The params of a request, read member by member. Everything wrong is kMalformed "agent.request", the detail
/// naming the member.
class Params {
 public:
  static Result<Params> of(const net::Json& params, std::span<const std::string_view> known);

  bool has(std::string_view name) const { return body_.has(name); }
  Result<std::string> text(std::string_view name) const;
  Result<std::optional<std::string>> optional_text(std::string_view name) const;
  Result<std::vector<std::string>> texts(std::string_view name) const;  ///< none: empty
  Result<bool> flag(std::string_view name, bool unless_given) const;
  Result<std::int64_t> number(std::string_view name, std::int64_t least, std::int64_t most) const;
  Result<Bytes> octets(std::string_view name) const;  ///< base64, may be empty
  Result<Params> object(std::string_view name, std::initializer_list<std::string_view> known) const;

  Result<ApplicationPlace> application() const;  ///< members `token`, `application`
  Result<Place> place() const;                   ///< and `container`
  /// base64 of DER; errors of x509::Certificate::parse pass.
  Result<x509::Certificate> certificate(std::string_view name) const;
  Result<std::vector<x509::Certificate>> certificates(std::string_view name) const;
  /// `user_id`, or the default of SM2.
  Result<std::string> user_id() const;

 private:
  explicit Params(net::JsonBody body) : body_(std::move(body)) {}
  net::JsonBody body_;
};

}  // namespace hutong::agent
