#include "net/client.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <functional>

namespace hutong::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint64_t kMostAnswer = std::uint64_t{256} << 20;

Error transfer_error(const error_code& error) {
  return {Errc::kUnavailable, "client.transfer", error.message()};
}

/// The stream's time-outs work for asynchronous operations only, so every step is started and run to its end.
class Link {
 public:
  explicit Link(std::chrono::seconds timeout) : stream_(io_) { stream_.expires_after(timeout); }

  Status connect(const std::string& host, std::uint16_t port) {
    error_code error;
    const auto address = asio::ip::make_address(host, error);
    if (!error) {
      stream_.async_connect(tcp::endpoint(address, port), [&error](error_code e) { error = e; });
      run();
    }
    return error ? Status(Error{Errc::kUnavailable, "client.connect", error.message()}) : ok();
  }

  error_code send(std::string_view octets) {
    error_code error;
    asio::async_write(stream_, asio::buffer(octets.data(), octets.size()),
                      [&error](error_code e, std::size_t) { error = e; });
    run();
    return error;
  }

  template <typename Parser>
  error_code receive(Parser& parser) {
    error_code error;
    http::async_read(stream_, buffer_, parser, [&error](error_code e, std::size_t) { error = e; });
    run();
    return error;
  }

  error_code receive_all(std::string& out) {
    error_code error;
    asio::async_read(stream_, asio::dynamic_buffer(out), [&error](error_code e, std::size_t) { error = e; });
    run();
    return error;
  }

  void half_close() {
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

 private:
  void run() {
    io_.restart();
    io_.run();
  }

  asio::io_context io_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
};

std::string request_text(const std::string& host, const ClientRequest& request) {
  std::string text(to_string(request.method));
  text.append(" ").append(request.target).append(" HTTP/1.1\r\nHost: ").append(host);
  text.append("\r\nConnection: close\r\n");
  for (const auto& [name, value] : request.headers) {
    text.append(name).append(": ").append(value).append("\r\n");
  }
  if (!request.body.empty() || request.method == Method::kPost) {
    text.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  }
  return text.append("\r\n").append(request.body);
}

}  // namespace

Result<ClientResponse> fetch(const std::string& host, std::uint16_t port, const ClientRequest& request,
                             std::chrono::seconds timeout) {
  Link link(timeout);
  HUTONG_CHECK(link.connect(host, port));
  const error_code sent = link.send(request_text(host, request));
  http::response_parser<http::string_body> parser;
  parser.body_limit(kMostAnswer);
  parser.skip(request.method == Method::kHead);
  if (const error_code received = link.receive(parser); received) {
    return transfer_error(sent ? sent : received);  // an early answer may arrive although sending failed
  }
  ClientResponse response{.status = static_cast<int>(parser.get().result_int()), .headers = {}, .body = {}};
  for (const auto& field : parser.get()) {
    response.headers.add({field.name_string().data(), field.name_string().size()},
                         {field.value().data(), field.value().size()});
  }
  response.body = std::move(parser.get().body());
  return response;
}

Result<std::string> exchange_raw(const std::string& host, std::uint16_t port, std::string_view octets,
                                 AfterSending after, std::chrono::seconds timeout) {
  Link link(timeout);
  HUTONG_CHECK(link.connect(host, port));
  const error_code sent = link.send(octets);
  if (after == AfterSending::kHalfClose) {
    link.half_close();
  }
  std::string out;
  const error_code received = link.receive_all(out);
  if (received != asio::error::eof && out.empty()) {
    return transfer_error(sent ? sent : received);
  }
  return out;
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
