#include "agent/params.h"

#include <utility>

#include "base/encoding.h"
#include "crypto/sm2.h"

namespace hutong::agent {
namespace {

Error unreadable(std::string detail) { return {Errc::kMalformed, "agent.request", std::move(detail)}; }

template <typename T>
Result<T> as_request_error(Result<T> read) {
  return read ? std::move(read) : unreadable(std::move(read).error().detail);
}

Result<Bytes> from_member(std::string_view text, std::string_view name) {
  auto octets = from_base64(text);
  return octets ? std::move(octets) : unreadable("the member \"" + std::string(name) + "\" must be base64");
}

Result<x509::Certificate> certificate_from(std::string_view text, std::string_view name) {
  HUTONG_TRY(Bytes der, from_member(text, name));
  return x509::Certificate::parse(std::move(der));
}

}  // namespace

Result<Params> Params::of(const net::Json& params, std::span<const std::string_view> known) {
  HUTONG_TRY(auto body, as_request_error(net::JsonBody::of(params, known)));
  return Params(std::move(body));
}

Result<std::string> Params::text(std::string_view name) const { return as_request_error(body_.text(name)); }

Result<std::optional<std::string>> Params::optional_text(std::string_view name) const {
  return as_request_error(body_.optional_text(name));
}

Result<std::vector<std::string>> Params::texts(std::string_view name) const {
  HUTONG_TRY(auto texts, as_request_error(body_.optional_texts(name)));
  return texts ? *std::move(texts) : std::vector<std::string>();
}

Result<bool> Params::flag(std::string_view name, bool unless_given) const {
  return as_request_error(body_.flag(name, unless_given));
}

Result<std::int64_t> Params::number(std::string_view name, std::int64_t least, std::int64_t most) const {
  HUTONG_TRY(const std::int64_t value, as_request_error(body_.integer(name)));
  if (value < least || value > most) {
    return unreadable("the member \"" + std::string(name) + "\" must be from " + std::to_string(least) +
                      " to " + std::to_string(most));
  }
  return value;
}

Result<Bytes> Params::octets(std::string_view name) const {
  HUTONG_TRY(const std::string encoded, text(name));
  return from_member(encoded, name);
}

Result<Params> Params::object(std::string_view name, std::initializer_list<std::string_view> known) const {
  HUTONG_TRY(auto inner, as_request_error(body_.optional_object(name, known)));
  if (!inner) {
    return unreadable("the member \"" + std::string(name) + "\" must be an object");
  }
  return Params(*std::move(inner));
}

Result<ApplicationPlace> Params::application() const {
  HUTONG_TRY(auto token, text("token"));
  HUTONG_TRY(auto application, text("application"));
  return ApplicationPlace{.token = std::move(token), .application = std::move(application)};
}

Result<Place> Params::place() const {
  HUTONG_TRY(auto in, application());
  HUTONG_TRY(auto container, text("container"));
  return Place{.in = std::move(in), .container = std::move(container)};
}

Result<x509::Certificate> Params::certificate(std::string_view name) const {
  HUTONG_TRY(const std::string encoded, text(name));
  return certificate_from(encoded, name);
}

Result<std::vector<x509::Certificate>> Params::certificates(std::string_view name) const {
  HUTONG_TRY(const auto encoded, texts(name));
  std::vector<x509::Certificate> certificates;
  certificates.reserve(encoded.size());
  for (const std::string& one : encoded) {
    HUTONG_TRY(auto certificate, certificate_from(one, name));
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

Result<std::string> Params::user_id() const {
  HUTONG_TRY(auto given, optional_text("user_id"));
  if (!given) {
    return std::string(crypto::kSm2DefaultId);
  }
  if (given->size() > crypto::kSm2MostIdSize) {
    return unreadable("user_id is too long");
  }
  return *std::move(given);
}

}  // namespace hutong::agent
