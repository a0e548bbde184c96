#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/sm3.h"
#include "token/driver/functions.h"
#include "token/driver/protocol.h"

namespace hutong::token {

/// Where hutong-driver-host is: beside the running program, else in ../libexec/hutong.
std::filesystem::path default_host_program();

/// What a driver's process is started with.
struct DriverLaunch {
  std::filesystem::path host_program = default_host_program();
  std::filesystem::path library;
  std::vector<crypto::Sm3Digest> allowed;  ///< SM3 of library files that may be loaded; empty: any
  std::vector<std::filesystem::path> dependency_folders;  ///< LD_LIBRARY_PATH of this process alone
  std::chrono::milliseconds start_limit{5'000};
};

/// How a driver is.
enum class DriverState : std::uint8_t {
  kIdle,  ///< not started: nobody asked yet
  kRunning,
  kCrashed,        ///< ended by itself during a call; started again by the next call after a pause
  kHung,           ///< killed because a call took too long; likewise
  kFaulty,         ///< killed because it wrote outside of a buffer, or claimed an impossible length; likewise
  kRefusedDigest,  ///< the file is not one of the allowed
  kRefusedLibrary,  ///< absent, or the dynamic linker refused it
  kRefusedSymbol,   ///< it does not export what every driver must
  kNotStarted,      ///< hutong-driver-host itself could not be started
};
std::string_view to_string(DriverState state);  ///< "running", "refused_digest" …

struct DriverStatus {
  DriverState state = DriverState::kIdle;
  std::string detail;       ///< of the last failure: "SKF_EnumDev: signal 11 (Segmentation fault)"
  std::string library_sm3;  ///< hexadecimal, once it was read
  std::uint64_t starts = 0;
  std::uint64_t calls = 0;
  std::uint64_t crashes = 0;
  std::uint64_t hangs = 0;
  std::uint64_t faults = 0;
};

/// One call and its arguments in the order of GM/T 0016, without what only comes out.
class DriverCall {
 public:
  explicit DriverCall(Function function)
      : function_(function), frame_(FrameKind::kCall, static_cast<std::uint32_t>(function)) {}
  Function function() const { return function_; }
  DriverCall& number(std::uint32_t value) { return frame_.number(value), *this; }
  DriverCall& handle(std::uint32_t value) { return frame_.handle(value), *this; }
  DriverCall& room(std::size_t value) { return frame_.room(static_cast<std::uint32_t>(value)), *this; }
  DriverCall& octets(ByteView value) { return frame_.octets(value), *this; }
  DriverCall& text(std::string_view value) { return frame_.text(value), *this; }
  DriverCall& absent() { return frame_.absent(), *this; }

 private:
  friend class DriverProcess;
  Function function_;
  FrameWriter frame_;
};

/// What the driver returned, and what came out, in the order of the parameters; wiped when dropped.
class DriverAnswer {
 public:
  DriverAnswer(std::uint32_t code, std::vector<Value> values, Bytes body, std::uint64_t generation);
  DriverAnswer(DriverAnswer&&) noexcept = default;
  DriverAnswer& operator=(DriverAnswer&&) = delete;
  ~DriverAnswer();
  std::uint32_t code() const { return code_; }  ///< SAR_OK is 0
  std::uint64_t generation() const { return generation_; }
  /// The value at an index; 0 and empty when there is none, or of another kind.
  std::uint32_t number(std::size_t index) const;
  std::uint32_t handle(std::size_t index) const { return number(index); }
  ByteView octets(std::size_t index) const&;
  ByteView octets(std::size_t index) const&& = delete;

 private:
  std::uint32_t code_;
  std::vector<Value> values_;
  Bytes body_;
  std::uint64_t generation_;
};

/// The process of one driver, seen from the program that uses it. Started by the first call; killed when a
/// call takes longer than its limit; started again by a later call, after a pause that doubles with every
/// failure in a row (a quarter of a second to half a minute). While it pauses or is refused, calls are
/// answered at once. One call at a time: others wait, within their limits. Thread-safe.
///
/// Handles live as long as the process: each start is a new generation, and a call that names handles says
/// of which generation they are. Errors, all with the driver's state in the detail: kUnavailable
/// "token.driver_hung", "token.driver_crashed", "token.driver_faulty", "token.driver_busy" (others used up
/// the limit), "token.driver_restarted" (the generation is over), "token.driver_refused_digest",
/// "token.driver_refused_library", "token.driver_refused_symbol", "token.host_not_started"; kNotFound
/// "token.not_exported"; kInternal "token.call" for arguments that do not fit the function.
class DriverProcess {
 public:
  static constexpr std::uint64_t kAnyGeneration = 0;

  explicit DriverProcess(DriverLaunch launch);
  DriverProcess(const DriverProcess&) = delete;
  DriverProcess& operator=(const DriverProcess&) = delete;
  ~DriverProcess();

  Result<DriverAnswer> call(DriverCall call, std::chrono::milliseconds limit,
                            std::uint64_t generation = kAnyGeneration);
  DriverStatus status() const;
  /// Of the process that runs now; 0 when none does.
  std::uint64_t generation() const;
  /// Ends the process, as if nobody had asked yet. Waits for a call that is under way.
  void stop();
  /// Kills the process under a call that another thread makes, which then fails as crashed: the end of
  /// waiting for an event.
  void interrupt();
  const DriverLaunch& launch() const { return launch_; }

 private:
  struct Impl;
  DriverLaunch launch_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hutong::token
