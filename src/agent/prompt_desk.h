#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "agent/prompt.h"
#include "base/result.h"
#include "base/secret.h"

namespace hutong::agent {

/// One user, many pages: one window is open at a time, one of an origin may wait, and an origin that was
/// refused three times in a row opens none for a while. Thread-safe; the prompt outlives the desk.
class PromptDesk {
 public:
  using Now = std::function<std::chrono::steady_clock::time_point()>;
  static constexpr int kMostRefusals = 3;
  static constexpr std::chrono::minutes kSilence{5};
  static constexpr std::size_t kMostWaiting = 8;  ///< of all origins

  explicit PromptDesk(Prompt& prompt, Now now = std::chrono::steady_clock::now);
  PromptDesk(const PromptDesk&) = delete;
  PromptDesk& operator=(const PromptDesk&) = delete;

  /// The right to open windows, one after the other, until it is dropped. Move-only.
  class Turn {
   public:
    Turn(Turn&& other) noexcept;
    Turn& operator=(Turn&&) = delete;
    ~Turn();
    /// The errors of Prompt.
    Result<SecretBytes> ask_pin(const Window& window);
    Status confirm(const Window& window);

   private:
    friend class PromptDesk;
    Turn(PromptDesk* desk, std::string origin) : desk_(desk), origin_(std::move(origin)) {}
    PromptDesk* desk_;
    std::string origin_;
  };
  /// Waits for the other windows. kLimit "agent.too_many_prompts", "agent.origin_silenced".
  Result<Turn> enter(const std::string& origin);

 private:
  struct Refusals {
    int in_a_row = 0;
    std::chrono::steady_clock::time_point silent_until{};
  };
  void note(const std::string& origin, bool refused);
  void leave();

  Prompt* prompt_;
  Now now_;
  std::mutex lock_;
  std::condition_variable free_;
  bool open_ = false;
  std::map<std::string, int> waiting_;
  std::map<std::string, Refusals> refusals_;
};

}  // namespace hutong::agent
