#include "net/internal/connection.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <limits>
#include <utility>

#include "crypto/random.h"
#include "net/internal/tls_settings.h"
#include "net/log.h"
#include "net/problem.h"
#include "net/ulid.h"

namespace hutong::net::internal {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Clock = std::chrono::steady_clock;

/// Until the route is known; none would do, but Beast 1.74 takes none for zero.
constexpr auto kNoLimitYet = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t kBodyPiece = 65'536;
constexpr std::size_t kDropAtOnce = 65'536;
constexpr std::size_t kWrittenAtOnce = 262'144;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::string peer_of(Transport& stream) {
  beast::error_code error;
  const auto endpoint = stream.socket().remote_endpoint(error);
  return error ? std::string() : endpoint.address().to_string();
}

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

Error syntax_error(const beast::error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return {Errc::kLimit, "http.header_too_large", "the request header is too large"};
  }
  return {Errc::kMalformed, "http.syntax", "this is not an HTTP/1.1 request: " + error.message()};
}

/// Errors of the HTTP parser, as opposed to those of the socket.
bool is_syntax_error(const beast::error_code& error) {
  static const auto& category = http::make_error_code(http::error::end_of_stream).category();
  return error.category() == category && error != http::error::end_of_stream &&
         error != http::error::partial_message;
}

std::string route_name(const Router::Match& match) {
  return match.route != nullptr ? match.route->pattern : "none";
}

Error too_large(std::size_t limit) {
  return {Errc::kLimit, "upload.too_large",
          "the request body is larger than " + std::to_string(limit) + " octets"};
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, Shared& shared)
    : stream_(std::move(socket)), shared_(&shared) {
  ++shared_->connections;
}

Connection::~Connection() {
  forget_body();
  --shared_->connections;
}

void Connection::start() {
  ErrorCode ignored;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);  // an answer is whole when we write
  remote_ = peer_of(stream_);
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    self->shared_->options.tls ? self->shake_hands() : self->read_header();
  });
}

void Connection::shake_hands() {
  auto& tls = stream_.add_tls(shared_->options.tls->settings().context);
  stream_.expires_after(shared_->options.header_timeout);
  tls.async_handshake(asio::ssl::stream_base::server, [self = shared_from_this()](ErrorCode error) {
    error ? self->give_up_on_tls(error) : self->begin_tls();
  });
}

void Connection::begin_tls() {
  client_certificate_ = peer_certificate(*stream_.tls()->native_handle());
  read_header();
}

void Connection::give_up_on_tls(ErrorCode error) {
  Json line = {{"what", error.message()}, {"remote", remote_}};
  if (const auto failure = verification_failure(*stream_.tls()->native_handle()); !failure.empty()) {
    line["client_certificate"] = failure;
  }
  log(LogLevel::kInfo, "tls.handshake_failed", line);
  close();
}

void Connection::close_when_idle() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    if (const auto socket = self->socket_.lock()) {
      socket->close(CloseCode::kGoingAway, "the server stops");
    } else if (self->idle_) {
      self->close();
    }
  });
}

void Connection::cut() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] { self->close(); });
}

void Connection::read_header() {
  idle_ = true;
  if (shared_->stopping) {
    close();
    return;
  }
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(shared_->options.header_limit));
  parser_->body_limit(kNoLimitYet);
  request_ = Request{};
  match_ = {};
  serving_.reset();
  is_quick_ = false;
  octets_in_ = 0;
  stream_.expires_after(shared_->options.header_timeout);
  http::async_read_header(stream_, buffer_, *parser_,
                          [self = shared_from_this()](ErrorCode error, std::size_t octets) {
                            self->octets_in_ += octets;
                            self->on_header(error);
                          });
}

void Connection::on_header(ErrorCode error) {
  idle_ = false;
  started_ = Clock::now();
  request_.id = make_ulid(std::chrono::system_clock::now(), crypto::system_random());
  if (is_syntax_error(error)) {
    refuse(syntax_error(error), After::kLinger);
  } else if (error) {
    close();
  } else if (const auto accepted = accept_header(); !accepted) {
    refuse(accepted.error(), parser_->is_done() ? After::kKeepAlive : After::kLinger);
  } else {
    continue_then_read_body();
  }
}

Status Connection::accept_header() {
  const auto& message = parser_->get();
  request_.method = method_from(view(message.method_string()));
  request_.remote = remote_;
  request_.client_certificate = client_certificate_;
  for (const auto& field : message) {
    request_.headers.add(view(field.name_string()), view(field.value()));
  }
  auto target = parse_target(view(message.target()));
  if (!target) {
    return Error{Errc::kMalformed, "http.target", "the request target is malformed"};
  }
  request_.target = view(message.target());
  request_.path = std::move(target->path);
  request_.query = std::move(target->query);
  serving_ = shared_->serving();
  HUTONG_TRY(match_, serving_->router->find(request_.method, request_.path));
  request_.parameters = std::move(match_.parameters);
  const auto announced = parser_->content_length();
  if (announced && *announced > match_.route->body_limit) {
    return too_large(match_.route->body_limit);
  }
  parser_->body_limit(match_.route->body_limit);
  return ok();
}

void Connection::continue_then_read_body() {
  if (!parser_->is_done()) {
    buffer_.reserve(kBodyPiece);  // Beast reads as much at a time as the buffer holds already
  }
  if (parser_->is_done() || request_.headers.find("expect") != "100-continue") {
    read_body();
    return;
  }
  stream_.expires_after(shared_->options.stall_timeout);
  asio::async_write(stream_, asio::buffer(kContinue.data(), kContinue.size()),
                    [self = shared_from_this()](ErrorCode error, std::size_t) {
                      error ? self->close() : self->read_body();
                    });
}

void Connection::read_body() {
  if (parser_->is_done()) {
    handle();
    return;
  }
  if (Clock::now() - started_ > shared_->options.body_timeout) {
    refuse({Errc::kLimit, "http.timeout", "the request body took too long"}, After::kLinger);
    return;
  }
  stream_.expires_after(shared_->options.stall_timeout);
  http::async_read_some(stream_, buffer_, *parser_,
                        [self = shared_from_this()](ErrorCode error, std::size_t octets) {
                          self->octets_in_ += octets;
                          self->on_body_octets(error);
                        });
}

void Connection::on_body_octets(ErrorCode error) {
  if (error == http::error::body_limit) {
    refuse(too_large(match_.route->body_limit), After::kLinger);
  } else if (is_syntax_error(error)) {
    refuse(syntax_error(error), After::kLinger);
  } else if (error) {
    close();
  } else if (const auto accounted = account_for_body(); !accounted) {
    refuse(accounted.error(), After::kLinger);
  } else {
    read_body();
  }
}

Status Connection::account_for_body() {
  const std::size_t size = parser_->get().body().size();
  const std::size_t total = shared_->body_octets += size - accounted_;
  accounted_ = size;
  if (total > shared_->options.body_memory) {
    return Error{Errc::kUnavailable, "server.busy", "too many uploads at once; try again in a moment"};
  }
  return ok();
}

void Connection::upgrade() {
  if (shared_->stopping || buffer_.size() != 0) {  // nobody may send before the answer (RFC 6455 4.1)
    refuse({Errc::kMalformed, "http.upgrade", "octets before the answer to the upgrade"}, After::kClose);
    return;
  }
  auto welcome = match_.route->socket(request_);  // last: a listener that was welcomed is told of its end
  if (!welcome) {
    refuse(welcome.error(), After::kClose);
    return;
  }
  record({.status = 101});
  const auto session = std::make_shared<SocketSession>(shared_from_this(), stream_, *std::move(welcome));
  socket_ = session;
  session->start(parser_->get());
}

void Connection::handle() {
  if (match_.route->socket && boost::beast::websocket::is_upgrade(parser_->get())) {
    upgrade();
    return;
  }
  request_.body = std::move(parser_->get().body());
  if (auto quick = dispatch_quickly(*match_.route, request_)) {
    is_quick_ = quick->status < 500;
    answer(std::move(*quick), After::kKeepAlive);
    return;
  }
  if (match_.route->weight == Weight::kLight) {
    answer(dispatch(*match_.route, request_), After::kKeepAlive);
    return;
  }
  if (shared_->queued.fetch_add(1) >= shared_->options.queue) {
    --shared_->queued;
    refuse({Errc::kUnavailable, "server.busy", "too many requests at once; try again in a moment"},
           After::kKeepAlive);
    return;
  }
  stream_.expires_never();
  asio::post(*shared_->workers, [self = shared_from_this()] { self->run_on_worker(); });
}

void Connection::run_on_worker() {
  --shared_->queued;
  auto response = std::make_shared<Response>(dispatch(*match_.route, request_));
  asio::post(stream_.get_executor(), [self = shared_from_this(), response] {
    self->answer(std::move(*response), After::kKeepAlive);
  });
}

void Connection::refuse(const Error& error, After after) { answer(to_problem(error, request_.id), after); }

void Connection::answer(Response response, After after) {
  if (after == After::kKeepAlive && (!parser_->get().keep_alive() || shared_->stopping)) {
    after = After::kClose;
  }
  forget_body();
  response_ = std::move(response);
  header_out_ = header_text(response_, request_, after == After::kKeepAlive);
  if (request_.method == Method::kHead) {
    response_.drop_content();
  }
  record(response_);
  const std::string_view content = response_.content();
  const std::array<asio::const_buffer, 2> out{asio::buffer(header_out_),
                                              asio::buffer(content.data(), content.size())};
  asio::async_write(
      stream_, out, [this](ErrorCode error, std::size_t) { return may_write_more(error); },
      [self = shared_from_this(), after](ErrorCode error, std::size_t) { self->on_answered(error, after); });
}

/// Asked before each piece of an answer: whoever takes it slowly, but takes it, is not cut off.
std::size_t Connection::may_write_more(ErrorCode error) {
  if (error) {
    return 0;
  }
  stream_.expires_after(shared_->options.stall_timeout);
  return kWrittenAtOnce;
}

void Connection::on_answered(ErrorCode error, After after) {
  response_ = {};
  if (error) {
    close();
  } else if (after == After::kClose) {
    say_goodbye();
  } else if (after == After::kLinger) {
    linger();
  } else {
    read_header();
  }
}

/// Answered before the client has sent everything: if we closed now, the kernel would reset the connection
/// and the client might never see the answer. So we read on for a while and drop it (under TLS undeciphered).
void Connection::linger() {
  ErrorCode ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  stream_.expires_after(shared_->options.linger_timeout);
  buffer_.clear();
  linger_on(shared_->options.linger_octets);
}

void Connection::linger_on(std::size_t left) {
  stream_.tcp().async_read_some(buffer_.prepare(kDropAtOnce),
                                [self = shared_from_this(), left](ErrorCode error, std::size_t octets) {
                                  if (error || octets >= left || self->shared_->stopping) {
                                    self->close();
                                  } else {
                                    self->linger_on(left - octets);
                                  }
                                });
}

/// Under TLS the end is said, so that the client can tell it from a cut.
void Connection::say_goodbye() {
  if (stream_.tls() == nullptr) {
    close();
    return;
  }
  stream_.expires_after(shared_->options.stall_timeout);
  stream_.tls()->async_shutdown([self = shared_from_this()](ErrorCode) { self->close(); });
}

void Connection::close() { stream_.close(); }

void Connection::forget_body() {
  request_.body = Bytes{};
  if (parser_) {
    parser_->get().body() = {};
  }
  shared_->body_octets -= std::exchange(accounted_, 0);
}

void Connection::record(const Response& response) {
  const auto now = Clock::now();
  const auto duration = std::chrono::duration_cast<std::chrono::microseconds>(now - started_);
  const std::size_t octets_out = header_out_.size() + response.content().size();
  if (shared_->observer) {
    shared_->observer({.method = request_.method,
                       .route = route_name(match_),
                       .status = response.status,
                       .problem_code = response.problem_code,
                       .duration = duration,
                       .octets_in = octets_in_,
                       .octets_out = octets_out});
  }
  if (is_quick_) {
    serving_->tally.count(*match_.route, octets_in_, octets_out, now);
  } else {
    log_request(response, duration, octets_out);
  }
}

void Connection::log_request(const Response& response, std::chrono::microseconds duration,
                             std::size_t octets_out) {
  const LogLevel level = response.status >= 500 ? LogLevel::kError : LogLevel::kInfo;
  if (!is_logged(level)) {
    return;
  }
  Json line = {{"id", request_.id},
               {"method", to_string(request_.method)},
               {"route", route_name(match_)},
               {"status", response.status},
               {"duration_us", duration.count()},
               {"octets_in", octets_in_},
               {"octets_out", octets_out},
               {"remote", request_.remote}};
  if (!response.problem_code.empty()) {
    line["code"] = response.problem_code;
  }
  log(level, "http.request", line);
}

}  // namespace hutong::net::internal
