#include "token/conformance/suite.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <new>

#include "base/encoding.h"
#include "base/file.h"
#include "crypto/sm3.h"
#include "token/conformance/bench.h"

namespace hutong::token::conformance {
namespace {

constexpr char kNoteMark = 'n';     ///< before a note in the child's report
constexpr char kVerdictMark = 'v';  ///< before the verdict, which ends it
constexpr char kDeviceMark = 'd';
constexpr std::size_t kNameRoom = 64;

/// Memory that a child writes and its parent reads, also when the child was killed: the name of the call.
class SharedName {
 public:
  SharedName()
      : memory_(::mmap(nullptr, kNameRoom, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    if (memory_ == MAP_FAILED) {
      throw std::bad_alloc();
    }
  }
  SharedName(const SharedName&) = delete;
  SharedName& operator=(const SharedName&) = delete;
  ~SharedName() { ::munmap(memory_, kNameRoom); }
  std::span<char> span() const { return {static_cast<char*>(memory_), kNameRoom}; }
  std::string text() const {
    const auto* name = static_cast<const char*>(memory_);
    return {name, ::strnlen(name, kNameRoom)};
  }

 private:
  void* memory_;
};

/// Writes to the parent: a mark, a text, a NUL.
void tell(int to, char mark, std::string_view what) {
  std::string message(1, mark);
  message += what;
  message += '\0';
  for (std::size_t at = 0; at < message.size();) {
    const ssize_t written = ::write(to, message.data() + at, message.size() - at);
    if (written <= 0) {
      ::_exit(1);  // nobody listens; the parent counts a missing verdict as a failure
    }
    at += static_cast<std::size_t>(written);
  }
}

/// The first device that the library lists.
std::string first_device(const SkfTable& skf) {
  if (skf.SKF_EnumDev == nullptr) {
    return {};
  }
  Bytes list(std::size_t{64} << 10);
  Number length(static_cast<ULONG>(list.size()));
  if (skf.SKF_EnumDev(TRUE, reinterpret_cast<LPSTR>(list.data()), length.out()) != SAR_OK) {
    return {};
  }
  list.back() = 0;
  return reinterpret_cast<const char*>(list.data());
}

/// The child's whole life: loads the library, runs the check, tells what was seen, and is gone without the
/// library's own farewell.
[[noreturn]] void run_in_child(const SuiteOptions& options, const Check& check, std::span<char> running,
                               int report) {
  std::strncpy(running.data(), "loading", running.size() - 1);
  const auto library = SkfLibrary::load(options.library);
  if (!library) {
    tell(report, kNoteMark, library.error().detail);
    tell(report, kVerdictMark, verdict_name(Verdict::kFailed));
    ::_exit(0);  // the verdict is told; the exit code is not looked at
  }
  std::strncpy(running.data(), "SKF_EnumDev", running.size() - 1);
  const std::string device = options.device.empty() ? first_device(library->functions()) : options.device;
  running.front() = '\0';
  tell(report, kDeviceMark, device);
  Bench bench(library->functions(), device, options.device_key, running);
  try {
    check.run(bench);
  } catch (const EndOfCheck&) {  // its note says why
  }
  for (const std::string& note : bench.notes()) {
    tell(report, kNoteMark, note);
  }
  tell(report, kVerdictMark, verdict_name(bench.verdict()));
  ::_exit(0);
}

/// Everything the child says until it ends or the time is up.
std::string listen_to(int from, std::chrono::seconds longest, bool& timed_out) {
  const auto until = std::chrono::steady_clock::now() + longest;
  std::string heard;
  std::array<char, 4096> piece;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by read
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd waiting{from, POLLIN, 0};
    const int ready = left.count() <= 0 ? 0 : ::poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) {
      continue;
    }
    if (ready <= 0) {
      timed_out = true;
      return heard;
    }
    const ssize_t size = ::read(from, piece.data(), piece.size());
    if (size <= 0) {
      return heard;
    }
    heard.append(piece.data(), static_cast<std::size_t>(size));
  }
}

Verdict verdict_from(std::string_view name) {
  for (const Verdict verdict : {Verdict::kPassed, Verdict::kUnsupported}) {
    if (verdict_name(verdict) == name) {
      return verdict;
    }
  }
  return Verdict::kFailed;
}

/// Reads the child's report; false when the verdict is missing.
bool read_report(std::string_view heard, CheckResult& result, std::string& device) {
  bool decided = false;
  while (heard.size() > 1) {
    const char mark = heard.front();
    const std::size_t end = heard.find('\0');
    if (end == std::string_view::npos) {
      break;
    }
    const std::string_view said = heard.substr(1, end - 1);
    heard.remove_prefix(end + 1);
    if (mark == kNoteMark) {
      result.notes.emplace_back(said);
    } else if (mark == kDeviceMark) {
      device = said;
    } else if (mark == kVerdictMark) {
      result.verdict = verdict_from(said);
      decided = true;
    }
  }
  return decided;
}

std::string during(const SharedName& running) {
  return running.text().empty() ? std::string() : " in " + running.text();
}

CheckResult run_check(const SuiteOptions& options, const Check& check, std::string& device) {
  CheckResult result{check.id, check.clause, check.title, Verdict::kFailed, {}};
  const SharedName running;
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
    result.notes.emplace_back("no pipe to the process of the check");
    return result;
  }
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(pipe[0]);
    run_in_child(options, check, running.span(), pipe[1]);
  }
  ::close(pipe[1]);
  bool timed_out = child < 0;
  const std::string heard = child < 0 ? std::string() : listen_to(pipe[0], options.longest_check, timed_out);
  ::close(pipe[0]);
  int status = 0;
  if (child > 0) {
    if (timed_out) {
      ::kill(child, SIGKILL);
    }
    ::waitpid(child, &status, 0);
  }
  const bool decided = read_report(heard, result, device);
  if (timed_out) {
    result.verdict = Verdict::kFailed;
    result.notes.push_back("the library hangs" + during(running) + ": stopped after " +
                           std::to_string(options.longest_check.count()) + " s");
  } else if (!decided) {
    result.notes.push_back("the library crashes" + during(running) +
                           (WIFSIGNALED(status) ? ": " + std::string(::strsignal(WTERMSIG(status))) : ""));
  }
  return result;
}

std::vector<Check> all_checks() {
  std::vector<Check> all;
  for (auto group :
       {device_checks, access_checks, application_checks, key_checks, cipher_checks, concurrency_checks}) {
    const std::vector<Check> checks = group();
    all.insert(all.end(), checks.begin(), checks.end());
  }
  return all;
}

bool is_wanted(const SuiteOptions& options, const Check& check) {
  return options.only.empty() || std::ranges::any_of(options.only, [&](const std::string& beginning) {
           return check.id.starts_with(beginning);
         });
}

/// Leaves the device as it was: the suite's application goes.
void tidy_up(Bench& bench) {
  DEVHANDLE device = bench.connect();
  bench.authenticate(device);
  const std::string name(kApplication);
  HUTONG_SKF_CALL(bench, SKF_DeleteApplication, device, text(name.c_str()));
}

}  // namespace

Result<ConformanceReport> run_suite(const SuiteOptions& options, Time now) {
  constexpr std::size_t kMostLibrary = std::size_t{256} << 20;
  HUTONG_TRY(const Bytes file, read_file(options.library, kMostLibrary));
  ConformanceReport report;
  report.library = std::filesystem::absolute(options.library).string();
  report.library_sm3 = to_hex(crypto::sm3(file));
  report.made_at = to_rfc3339(now);
  for (const Check& check : all_checks()) {
    if (!is_wanted(options, check)) {
      continue;
    }
    report.checks.push_back(run_check(options, check, report.device));
    options.progress(report.checks.back());
  }
  std::string device;
  run_check(options, {"", "", {"", ""}, tidy_up}, device);
  return report;
}

}  // namespace hutong::token::conformance
