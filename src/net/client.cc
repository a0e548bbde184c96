#include "net/client.h"

#include <algorithm>
#include <utility>

#include "net/internal/link.h"

namespace hutong::net {
namespace {

constexpr std::size_t kMostForTests = std::size_t{256} << 20;

bool breaks_lines(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos;
}

/// A target goes into the request line, a field into a line of its own: nothing may end them early.
bool is_sendable(const ClientRequest& request) {
  const auto& target = request.target;
  return target.starts_with('/') && target.find(' ') == target.npos && !breaks_lines(target) &&
         std::ranges::none_of(request.headers, [](const auto& field) {
           return field.first.empty() || field.first.find_first_of(": ") != field.first.npos ||
                  breaks_lines(field.first) || breaks_lines(field.second);
         });
}

std::string request_text(const std::string& authority, const ClientRequest& request) {
  std::string text(to_string(request.method));
  text.append(" ").append(request.target).append(" HTTP/1.1\r\nHost: ").append(authority);
  text.append("\r\nConnection: close\r\n");
  for (const auto& [name, value] : request.headers) {
    text.append(name).append(": ").append(value).append("\r\n");
  }
  if (!request.body.empty() || request.method == Method::kPost || request.method == Method::kPut) {
    text.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  }
  return text.append("\r\n").append(request.body);
}

Result<ClientResponse> exchange(const Url& url, const ClientRequest& request, const ClientOptions& options) {
  if (!is_sendable(request)) {
    return Error{Errc::kMalformed, "client.request", "the target or a header field cannot be sent"};
  }
  if (url.scheme == Url::Scheme::kHttps && !options.tls) {
    return Error{Errc::kPolicy, "client.no_tls", "https needs to be told whom to believe"};
  }
  internal::Link link(options.connect_timeout);
  HUTONG_CHECK(link.connect(url.host, url.port));
  if (url.scheme == Url::Scheme::kHttps) {
    HUTONG_CHECK(link.shake_hands(*options.tls, url.host));
  }
  link.allow(options.timeout);
  link.send(request_text(url.authority(), request));
  return link.receive(request.method, options.answer_limit);
}

}  // namespace

Result<Client> Client::create(std::string_view base, ClientOptions options) {
  HUTONG_TRY(Url url, parse_url(base));
  if (url.scheme == Url::Scheme::kHttps && !options.tls) {
    return Error{Errc::kPolicy, "client.no_tls", "https needs to be told whom to believe"};
  }
  while (url.target.ends_with('/')) {
    url.target.pop_back();
  }
  return Client(std::move(url), std::move(options));
}

Result<ClientResponse> Client::send(const ClientRequest& request) const {
  if (base_.target.empty() || !is_sendable(request)) {
    return exchange(base_, request, options_);
  }
  ClientRequest below = request;
  below.target.insert(0, base_.target);
  return exchange(base_, below, options_);
}

Result<ClientResponse> fetch(std::string_view url, ClientRequest request, const ClientOptions& options) {
  HUTONG_TRY(Url parts, parse_url(url));
  request.target = parts.target;
  return exchange(parts, request, options);
}

Result<ClientResponse> fetch(const std::string& host, std::uint16_t port, const ClientRequest& request,
                             std::chrono::seconds timeout) {
  const Url url{.scheme = Url::Scheme::kHttp, .host = host, .port = port, .target = "/"};
  return exchange(url, request,
                  {.connect_timeout = timeout, .timeout = timeout, .answer_limit = kMostForTests});
}

Result<std::string> exchange_raw(const std::string& host, std::uint16_t port, std::string_view octets,
                                 AfterSending after, std::chrono::seconds timeout) {
  internal::Link link(timeout);
  HUTONG_CHECK(link.connect(host, port));
  link.send(octets);
  if (after == AfterSending::kHalfClose) {
    link.half_close();
  }
  return link.receive_all();
}

ClientRequest form_request(std::string target, const std::vector<FormPart>& parts) {
  constexpr std::string_view kBoundary = "hutong-form-4f1c8a29d0b7";
  std::string body;
  for (const auto& part : parts) {
    body.append("--").append(kBoundary);
    body.append("\r\nContent-Disposition: form-data; name=\"").append(part.name).append("\"");
    if (!part.file_name.empty()) {
      body.append("; filename=\"").append(part.file_name).append("\"");
      body.append("\r\nContent-Type: application/octet-stream");
    }
    body.append("\r\n\r\n").append(part.content).append("\r\n");
  }
  body.append("--").append(kBoundary).append("--\r\n");
  return {.method = Method::kPost,
          .target = std::move(target),
          .headers = {{"Content-Type", "multipart/form-data; boundary=" + std::string(kBoundary)}},
          .body = std::move(body)};
}

}  // namespace hutong::net
