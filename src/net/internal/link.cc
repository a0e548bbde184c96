#include "net/internal/link.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <utility>

#include "net/internal/tls_settings.h"

namespace hutong::net::internal {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

bool is_of_tls(const beast::error_code& error) {
  return error.category() == asio::error::get_ssl_category() ||
         error.category() == asio::ssl::error::get_stream_category();
}

Result<ClientResponse> response_of(http::response<http::string_body>&& message) {
  ClientResponse response{.status = static_cast<int>(message.result_int()), .headers = {}, .body = {}};
  for (const auto& field : message) {
    response.headers.add({field.name_string().data(), field.name_string().size()},
                         {field.value().data(), field.value().size()});
  }
  response.body = std::move(message.body());
  return response;
}

}  // namespace

void Link::run() {
  io_.restart();
  io_.run();
}

void Link::allow(Duration time) {
  until_ = std::chrono::steady_clock::now() + time;
  transport_.tcp().expires_at(until_);
}

Status Link::connect(const std::string& host, std::uint16_t port) {
  ErrorCode error = asio::error::timed_out;
  tcp::resolver resolver(io_);
  tcp::resolver::results_type found;
  resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service,
                         [&](ErrorCode e, tcp::resolver::results_type results) {
                           error = e;
                           found = std::move(results);
                         });
  io_.restart();
  if (io_.run_until(until_) == 0) {
    resolver.cancel();
    run();
    error = asio::error::timed_out;
  }
  if (error) {
    return Error{Errc::kUnavailable, "client.resolve", host + ": " + error.message()};
  }
  transport_.tcp().async_connect(found, [&error](ErrorCode e, const tcp::endpoint&) { error = e; });
  run();
  return error ? Status(Error{Errc::kUnavailable, "client.connect",
                              host + ":" + std::to_string(port) + ": " + error.message()})
               : ok();
}

Status Link::shake_hands(const ClientTls& tls, const std::string& host) {
  auto& stream = transport_.add_tls(tls.settings().context);
  HUTONG_CHECK(expect_host(*stream.native_handle(), host));
  ErrorCode error;
  stream.async_handshake(asio::ssl::stream_base::client, [&error](ErrorCode e) { error = e; });
  run();
  if (!error) {
    return ok();
  }
  const std::string why = verification_failure(*stream.native_handle());
  return Error{Errc::kUnavailable, "client.tls", host + ": " + (why.empty() ? error.message() : why)};
}

void Link::send(std::string_view octets) {
  asio::async_write(transport_, asio::buffer(octets.data(), octets.size()),
                    [this](ErrorCode e, std::size_t) { sent_ = e; });
  run();
}

/// What the server said in TLS tells more than a broken pipe.
Error Link::transfer_error(ErrorCode received) const {
  const ErrorCode& telling = sent_ && !is_of_tls(received) ? sent_ : received;
  return {Errc::kUnavailable, is_of_tls(telling) ? "client.tls" : "client.transfer", telling.message()};
}

Result<ClientResponse> Link::receive(Method asked, std::size_t limit) {
  http::response_parser<http::string_body> parser;
  parser.body_limit(limit);
  parser.skip(asked == Method::kHead);
  ErrorCode error;
  http::async_read_header(transport_, buffer_, parser, [&error](ErrorCode e, std::size_t) { error = e; });
  run();
  if (!error && !parser.is_done() && parser.content_length().value_or(0) > limit) {
    error = http::error::body_limit;  // Beast 1.74 looks at the limit only when no length is announced
  }
  if (!error && !parser.is_done()) {
    http::async_read(transport_, buffer_, parser, [&error](ErrorCode e, std::size_t) { error = e; });
    run();
  }
  if (error == http::error::body_limit) {
    return Error{Errc::kLimit, "client.too_large",
                 "the answer is larger than " + std::to_string(limit) + " octets"};
  }
  if (error) {
    return transfer_error(error);
  }
  return response_of(parser.release());
}

Result<std::string> Link::receive_all() {
  std::string out;
  ErrorCode error;
  asio::async_read(transport_, asio::dynamic_buffer(out), [&error](ErrorCode e, std::size_t) { error = e; });
  run();
  if (error != asio::error::eof && out.empty()) {
    return transfer_error(error);
  }
  return out;
}

void Link::half_close() {
  ErrorCode ignored;
  transport_.socket().shutdown(tcp::socket::shutdown_send, ignored);
}

}  // namespace hutong::net::internal
