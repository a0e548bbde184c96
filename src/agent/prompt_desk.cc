#include "agent/prompt_desk.h"

#include <utility>

namespace hutong::agent {
namespace {

constexpr std::size_t kMostRemembered = 1'000;  ///< origins with refusals

}  // namespace

PromptDesk::PromptDesk(Prompt& prompt, Now now) : prompt_(&prompt), now_(std::move(now)) {}

PromptDesk::Turn::Turn(Turn&& other) noexcept
    : desk_(std::exchange(other.desk_, nullptr)), origin_(std::move(other.origin_)) {}

PromptDesk::Turn::~Turn() {
  if (desk_ != nullptr) {
    desk_->leave();
  }
}

Result<PromptDesk::Turn> PromptDesk::enter(const std::string& origin) {
  std::unique_lock lock(lock_);
  if (const auto known = refusals_.find(origin);
      known != refusals_.end() && now_() < known->second.silent_until) {
    return Error{Errc::kLimit, "agent.origin_silenced", "refused three times in a row"};
  }
  if (open_) {
    if (waiting_.size() >= kMostWaiting || waiting_.contains(origin)) {
      return Error{Errc::kLimit, "agent.too_many_prompts", "another window waits for the user"};
    }
    waiting_[origin] = 1;
    free_.wait(lock, [this] { return !open_; });
    waiting_.erase(origin);
  }
  open_ = true;
  return Turn(this, origin);
}

void PromptDesk::leave() {
  {
    const std::lock_guard lock(lock_);
    open_ = false;
  }
  free_.notify_one();
}

void PromptDesk::note(const std::string& origin, bool refused) {
  const std::lock_guard lock(lock_);
  if (!refused) {
    refusals_.erase(origin);
    return;
  }
  if (refusals_.size() >= kMostRemembered && !refusals_.contains(origin)) {
    std::erase_if(refusals_, [this](const auto& known) { return known.second.silent_until <= now_(); });
  }
  Refusals& known = refusals_[origin];
  if (++known.in_a_row >= kMostRefusals) {
    known = {.in_a_row = 0, .silent_until = now_() + kSilence};
  }
}

Result<SecretBytes> PromptDesk::Turn::ask_pin(const Window& window) {
  auto answer = desk_->prompt_->ask_pin(window);
  desk_->note(origin_, !answer && answer.error().reason == "agent.refused_by_user");
  return answer;
}

Status PromptDesk::Turn::confirm(const Window& window) {
  auto answer = desk_->prompt_->confirm(window);
  desk_->note(origin_, !answer && answer.error().reason == "agent.refused_by_user");
  return answer;
}

}  // namespace hutong::agent
