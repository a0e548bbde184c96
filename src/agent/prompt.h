#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "base/secret.h"

namespace hutong::agent {

/// What a window of the agent shows.
struct Window {
  std::string title = {};
  std::string description = {};  ///< several lines
  std::string label = {};        ///< before the PIN's field
  std::string error = {};        ///< what was wrong the last time
  std::string yes = {};          ///< the button's text; empty: the prompt's own
};

/// Asks the user, beside the page. From any thread. Errors: kUnauthorized "agent.refused_by_user",
/// kUnavailable "agent.no_prompt", "agent.prompt_timeout".
class Prompt {
 public:
  virtual ~Prompt() = default;
  virtual Result<SecretBytes> ask_pin(const Window& window) = 0;
  virtual Status confirm(const Window& window) = 0;
  /// Closes the window that is open and opens none any more.
  virtual void stop() = 0;
};

/// A pinentry program (the Assuan protocol on its standard input and output), one process per window.
class Pinentry final : public Prompt {
 public:
  struct Options {
    std::filesystem::path program;
    std::chrono::seconds most{120};  ///< for the user's answer
  };
  explicit Pinentry(Options options) : options_(std::move(options)) {}
  Result<SecretBytes> ask_pin(const Window& window) override;
  Status confirm(const Window& window) override;
  void stop() override { stopping_ = true; }

 private:
  Options options_;
  std::atomic<bool> stopping_{false};
};

/// The first of the usual pinentry programs on this machine; empty when there is none.
std::filesystem::path find_pinentry();

}  // namespace hutong::agent
