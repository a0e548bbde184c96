#include "token/driver/driver_process.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <mutex>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "base/secret.h"
#include "token/driver/internal/child.h"

namespace hutong::token {
namespace {

using internal::Child;
using internal::Deadline;
using internal::Transfer;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kFirstPause(250);
constexpr milliseconds kLongestPause(30'000);
constexpr unsigned kMostDoublings = 7;

milliseconds pause_after(unsigned failures) {
  return std::min(kLongestPause, kFirstPause * (1 << std::min(failures, kMostDoublings)));
}

std::string_view reason_of(DriverState state) {
  switch (state) {
    case DriverState::kHung:
      return "token.driver_hung";
    case DriverState::kFaulty:
      return "token.driver_faulty";
    case DriverState::kRefusedDigest:
      return "token.driver_refused_digest";
    case DriverState::kRefusedLibrary:
      return "token.driver_refused_library";
    case DriverState::kRefusedSymbol:
      return "token.driver_refused_symbol";
    case DriverState::kNotStarted:
      return "token.host_not_started";
    case DriverState::kIdle:
    case DriverState::kRunning:
    case DriverState::kCrashed:
      break;
  }
  return "token.driver_crashed";
}

DriverState state_of(LoadOutcome outcome) {
  switch (outcome) {
    case LoadOutcome::kLoaded:
      return DriverState::kRunning;
    case LoadOutcome::kDigest:
      return DriverState::kRefusedDigest;
    case LoadOutcome::kMissingSymbol:
      return DriverState::kRefusedSymbol;
    case LoadOutcome::kUnreadable:
    case LoadOutcome::kNotLoadable:
      break;
  }
  return DriverState::kRefusedLibrary;
}

/// Ours without what would change how libraries are found, plus where this driver's dependencies are.
std::vector<std::string> environment_for(const DriverLaunch& launch) {
  std::vector<std::string> out;
  for (char** variable = ::environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    if (!text.starts_with("LD_")) {
      out.emplace_back(text);
    }
  }
  std::string folders;
  for (const auto& folder : launch.dependency_folders) {
    folders += (folders.empty() ? "" : ":") + folder.string();
  }
  if (!folders.empty()) {
    out.push_back("LD_LIBRARY_PATH=" + folders);
  }
  return out;
}

/// A frame that came in; wiped when dropped.
struct Incoming {
  FrameHeader header;
  Bytes body;
};

}  // namespace

std::filesystem::path default_host_program() {
  std::error_code error;
  const auto own = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto beside = own.parent_path() / "hutong-driver-host";
  return std::filesystem::exists(beside, error)
             ? beside
             : own.parent_path().parent_path() / "libexec" / "hutong" / "hutong-driver-host";
}

std::string_view to_string(DriverState state) {
  constexpr std::array<std::string_view, 9> kNames{
      "idle",           "running",         "crashed",        "hung",       "faulty",
      "refused_digest", "refused_library", "refused_symbol", "not_started"};
  return kNames.at(static_cast<std::size_t>(state));
}

DriverAnswer::DriverAnswer(std::uint32_t code, std::vector<Value> values, Bytes body,
                           std::uint64_t generation)
    : code_(code), values_(std::move(values)), body_(std::move(body)), generation_(generation) {}

DriverAnswer::~DriverAnswer() { wipe(body_); }

std::uint32_t DriverAnswer::number(std::size_t index) const {
  return index < values_.size() ? values_[index].number : 0;
}

ByteView DriverAnswer::octets(std::size_t index) const& {
  return index < values_.size() ? values_[index].octets : ByteView();
}

struct DriverProcess::Impl {
  explicit Impl(const DriverLaunch& how) : launch(&how) {}

  Status ensure_started(Deadline deadline);
  Result<Incoming> exchange(FrameWriter& frame, Deadline deadline, std::string_view what);
  Result<DriverAnswer> take_answer(Incoming incoming, Function function);
  Error fail(DriverState state, std::string detail);
  std::string end();
  Error load_failed(const Message& answer);

  const DriverLaunch* launch;
  std::timed_mutex turn;  ///< everything down to the status belongs to whoever holds it
  std::optional<Child> child;
  std::uint64_t generation = 0;
  std::uint32_t last_number = 0;
  unsigned failures = 0;  ///< in a row
  steady_clock::time_point not_before{};
  mutable std::mutex status_lock;
  DriverStatus status;
  pid_t interruptible = 0;  ///< the process, from its start until it is ended; belongs to status_lock
};

/// Ends the process and says how it had ended.
std::string DriverProcess::Impl::end() {
  {
    const std::lock_guard lock(status_lock);
    interruptible = 0;
  }
  std::string how = child ? child->end() : std::string();
  child.reset();
  return how;
}

/// Ends the process and keeps the reason; what is returned is what the caller gets.
Error DriverProcess::Impl::fail(DriverState state, std::string detail) {
  end();
  not_before = steady_clock::now() + pause_after(failures++);
  const std::lock_guard lock(status_lock);
  status.state = state;
  status.detail = detail;
  status.crashes += state == DriverState::kCrashed ? 1 : 0;
  status.hangs += state == DriverState::kHung ? 1 : 0;
  status.faults += state == DriverState::kFaulty ? 1 : 0;
  return Error{Errc::kUnavailable, reason_of(state), std::move(detail)};
}

Result<Incoming> DriverProcess::Impl::exchange(FrameWriter& frame, Deadline deadline, std::string_view what) {
  HUTONG_TRY(const ByteView out, frame.finish(++last_number));
  std::array<std::uint8_t, kFrameHeaderSize> header_octets{};
  Incoming incoming;
  Transfer transfer = child->send(out, deadline);
  if (transfer == Transfer::kDone) {
    transfer = child->receive(header_octets, deadline);
  }
  if (transfer == Transfer::kDone) {
    const auto header = read_header(header_octets);
    if (!header || header->number != last_number) {
      return fail(DriverState::kFaulty, std::string(what) + ": the driver's process answered nonsense");
    }
    incoming.header = *header;
    incoming.body.resize(header->length);
    transfer = child->receive(incoming.body, deadline);
  }
  if (transfer == Transfer::kLate) {
    return fail(DriverState::kHung, std::string(what) + " did not return in time");
  }
  if (transfer == Transfer::kClosed) {
    return fail(DriverState::kCrashed, std::string(what) + ": " + end());
  }
  return incoming;
}

Error DriverProcess::Impl::load_failed(const Message& answer) {
  const std::string text =
      answer.values.size() > 1 ? std::string(as_text(answer.values[1].octets)) : std::string();
  return fail(state_of(static_cast<LoadOutcome>(answer.code)), text);
}

Status DriverProcess::Impl::ensure_started(Deadline deadline) {
  if (child) {
    return ok();
  }
  if (steady_clock::now() < not_before) {
    const std::lock_guard lock(status_lock);
    return Error{Errc::kUnavailable, reason_of(status.state), status.detail};
  }
  auto started = Child::start({.program = launch->host_program,
                               .arguments = {launch->library.string()},
                               .environment = environment_for(*launch)});
  if (!started) {
    return fail(DriverState::kNotStarted, started.error().detail);
  }
  child.emplace(std::move(started).value());
  FrameWriter load(FrameKind::kLoad, 0);
  for (const auto& digest : launch->allowed) {
    load.octets(digest);
  }
  {
    const std::lock_guard lock(status_lock);
    generation = ++status.starts;
    interruptible = child->process();
  }
  HUTONG_TRY(
      const Incoming incoming,
      exchange(load, std::min(deadline, steady_clock::now() + launch->start_limit), "loading the library"));
  const auto answer = read_message(incoming.body);
  if (!answer || incoming.header.kind != FrameKind::kLoaded) {
    return fail(DriverState::kFaulty, "the driver's process answered nonsense");
  }
  if (!answer->values.empty()) {
    const std::lock_guard lock(status_lock);
    status.library_sm3 = to_hex(answer->values[0].octets);
  }
  if (answer->code != static_cast<std::uint32_t>(LoadOutcome::kLoaded)) {
    return load_failed(*answer);
  }
  const std::lock_guard lock(status_lock);
  status.state = DriverState::kRunning;
  return ok();
}

Result<DriverAnswer> DriverProcess::Impl::take_answer(Incoming incoming, Function function) {
  const std::string name(to_string(function));
  auto message = read_message(incoming.body);
  if (!message || incoming.header.kind != FrameKind::kResult || message->values.size() < 2) {
    return fail(DriverState::kFaulty, name + ": the driver's process answered nonsense");
  }
  const auto fault = static_cast<CallFault>(message->values[0].number);
  const std::string text(as_text(message->values[1].octets));
  switch (fault) {
    case CallFault::kNone:
      break;
    case CallFault::kOverrun:
    case CallFault::kLength:
      return fail(DriverState::kFaulty, text);
    case CallFault::kNotExported:
      return Error{Errc::kNotFound, "token.not_exported", text};
    default:
      return Error{Errc::kInternal, "token.call", name + ": " + std::string(to_string(fault))};
  }
  failures = 0;
  std::vector<Value> values(message->values.begin() + 2, message->values.end());
  return DriverAnswer(message->code, std::move(values), std::move(incoming.body), generation);
}

DriverProcess::DriverProcess(DriverLaunch launch)
    : launch_(std::move(launch)), impl_(std::make_unique<Impl>(launch_)) {}

DriverProcess::~DriverProcess() = default;

Result<DriverAnswer> DriverProcess::call(DriverCall call, milliseconds limit, std::uint64_t wanted) {
  const Deadline deadline = steady_clock::now() + limit;
  const std::unique_lock turn(impl_->turn, deadline);
  if (!turn.owns_lock()) {
    return Error{Errc::kUnavailable, "token.driver_busy", std::string(to_string(call.function()))};
  }
  if (wanted != kAnyGeneration && (!impl_->child || wanted != impl_->generation)) {
    return Error{Errc::kUnavailable, "token.driver_restarted", std::string(to_string(call.function()))};
  }
  HUTONG_CHECK(impl_->ensure_started(deadline));
  {
    const std::lock_guard lock(impl_->status_lock);
    ++impl_->status.calls;
  }
  HUTONG_TRY(Incoming incoming, impl_->exchange(call.frame_, deadline, to_string(call.function())));
  return impl_->take_answer(std::move(incoming), call.function());
}

DriverStatus DriverProcess::status() const {
  const std::lock_guard lock(impl_->status_lock);
  return impl_->status;
}

std::uint64_t DriverProcess::generation() const {
  const std::lock_guard lock(impl_->status_lock);
  return impl_->status.state == DriverState::kRunning ? impl_->status.starts : 0;
}

void DriverProcess::stop() {
  const std::lock_guard turn(impl_->turn);
  impl_->end();
  const std::lock_guard lock(impl_->status_lock);
  impl_->status.state = DriverState::kIdle;
}

void DriverProcess::interrupt() {
  const std::lock_guard lock(impl_->status_lock);
  if (impl_->interruptible > 0) {
    ::kill(impl_->interruptible, SIGKILL);
  }
}

}  // namespace hutong::token
