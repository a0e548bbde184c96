#include "agent/session.h"

#include <algorithm>
#include <utility>

#include "agent/answer.h"
#include "agent/execute.h"

namespace hutong::agent {
namespace {

using net::CloseCode;
using std::chrono::steady_clock;

}  // namespace

Session::Session(SessionHost host, std::string origin)
    : host_(std::move(host)), origin_(std::move(origin)), filled_(steady_clock::now()) {}

std::shared_ptr<net::WebSocket> Session::socket() const {
  const std::lock_guard lock(lock_);
  return socket_;
}

void Session::send(std::string text) {
  if (const auto open = socket()) {
    open->send_text(std::move(text));
  }
}

void Session::close(CloseCode code, std::string_view reason) {
  if (const auto open = socket()) {
    open->close(code, reason);
  }
}

void Session::on_open(const std::shared_ptr<net::WebSocket>& socket) {
  const std::lock_guard lock(lock_);
  socket_ = socket;
}

void Session::abandon() {
  std::map<std::uint32_t, UnderWay> left;
  {
    const std::lock_guard lock(lock_);
    socket_.reset();
    left.swap(under_way_);
  }
  for (const auto& [id, call] : left) {
    if (call.stream) {
      call.stream->on_closed();
    }
  }
}

void Session::on_closed() {
  abandon();
  host_.closed(origin_);
}

void Session::refuse(std::uint32_t id, const Error& error) {
  host_.refusals->count(error.reason);
  send(problem_frame(id, error));
}

void Session::refuse_unreadable(std::uint32_t id, const Error& error) {
  refuse(id, error);
  if (id == 0 && ++unreadable_ == kMostUnreadable) {
    close(CloseCode::kPolicy, "no requests");
  }
}

bool Session::is_too_fast() {
  const auto now = steady_clock::now();
  const std::chrono::duration<double> passed = now - filled_;
  filled_ = now;
  tokens_ = std::min(kBurst, tokens_ + passed.count() * kRate);
  if (tokens_ < 1) {
    return true;
  }
  tokens_ -= 1;
  return false;
}

void Session::on_text(std::string_view text) {
  if (is_too_fast()) {
    refuse(id_of(text), {Errc::kLimit, "agent.rate", "300 requests a second, 600 at once"});
    if (++refused_ == kMostRefused) {
      close(CloseCode::kPolicy, "too fast");
    }
    return;
  }
  auto request = read_request(text);
  if (!request) {
    refuse_unreadable(id_of(text), request.error());
    return;
  }
  const Method* method = find_method(request->method);
  if (method == nullptr) {
    refuse(request->id, {Errc::kNotFound, "agent.method", "see docs/agent-protocol.md"});
  } else if (const auto admitted = admit(*request, *method); !admitted) {
    refuse(request->id, admitted.error());
  } else {
    start(*std::move(request), *method);
  }
}

Status Session::admit(const PageRequest& request, const Method& method) {
  if (method.access == Access::kAllowed && !host_.bench->origins.is_allowed(origin_)) {
    return Error{Errc::kUnauthorized, "agent.origin_not_allowed", "ask with origin.request"};
  }
  if (method.purpose == Purpose::kNeeded && request.purpose.empty()) {
    return Error{Errc::kMalformed, "agent.purpose", "the purpose is missing"};
  }
  if (request.stream && method.content == nullptr) {
    return Error{Errc::kMalformed, "agent.request", "this method has no stream form"};
  }
  const std::lock_guard lock(lock_);
  if (under_way_.contains(request.id)) {
    return Error{Errc::kMalformed, "agent.request", "this id is under way"};
  }
  const auto streams =
      std::ranges::count_if(under_way_, [](const auto& one) { return one.second.stream != nullptr; });
  if (under_way_.size() >= kMostUnderWay ||
      (request.stream && static_cast<std::size_t>(streams) >= kMostStreams)) {
    return Error{Errc::kLimit, "agent.too_many_requests", "16 requests, 4 streams among them"};
  }
  return ok();
}

void Session::start(PageRequest request, const Method& method) {
  const std::uint32_t id = request.id;
  std::shared_ptr<PageStream> stream;
  if (request.stream) {
    const std::weak_ptr<Session> weak = weak_from_this();
    FrameSink out{.send =
                      [weak](Bytes frame) {
                        const auto self = weak.lock();
                        if (const auto open = self ? self->socket() : nullptr) {
                          open->send_binary(std::move(frame));
                        }
                      },
                  .waiting =
                      [weak] {
                        const auto self = weak.lock();
                        const auto open = self ? self->socket() : nullptr;
                        return open ? open->waiting() : 0;
                      }};
    stream = std::make_shared<PageStream>(id, *request.stream, std::move(out), host_.stall);
  }
  {
    const std::lock_guard lock(lock_);
    under_way_[id] = {.stream = stream};
  }
  const auto job = [self = shared_from_this(), request = std::make_shared<PageRequest>(std::move(request)),
                    &method, stream] { self->work(*request, method, stream); };
  if (!host_.post(origin_, job)) {
    const Error error{Errc::kLimit, "agent.too_many_requests", "of this website"};
    host_.refusals->count(error.reason);
    finish(id, problem_frame(id, error));
  }
}

void Session::work(const PageRequest& request, const Method& method,
                   const std::shared_ptr<PageStream>& stream) {
  auto executed = execute({.bench = *host_.bench,
                           .method = method,
                           .request = request,
                           .origin = origin_,
                           .stream = stream,
                           .is_wanted = [this] { return socket() != nullptr; }});
  if (!executed.problem.empty()) {
    host_.refusals->count(executed.problem);
  }
  finish(request.id, std::move(executed.frame));
}

/// The id is free before the page hears of it, which may use it again at once.
void Session::finish(std::uint32_t id, std::string frame) {
  {
    const std::lock_guard lock(lock_);
    under_way_.erase(id);
  }
  send(std::move(frame));
}

std::shared_ptr<PageStream> Session::stream_of(std::uint32_t id) const {
  const std::lock_guard lock(lock_);
  const auto found = under_way_.find(id);
  return found == under_way_.end() ? nullptr : found->second.stream;
}

/// Frames of a call that is answered already were on their way: they are passed over.
void Session::on_binary(ByteView octets) {
  const auto frame = read_frame(octets);
  if (!frame) {
    refuse_unreadable(0, {Errc::kMalformed, "agent.request", "no frame of a stream"});
    return;
  }
  if (const auto stream = stream_of(frame->id);
      stream && stream->on_frame(*frame) == PageStream::Verdict::kBreach) {
    host_.refusals->count("agent.credit");
    close(CloseCode::kPolicy, "more than the credit allows");
  }
}

}  // namespace hutong::agent
