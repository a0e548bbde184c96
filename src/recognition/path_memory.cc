#include "recognition/path_memory.h"

#include <cstring>
#include <utility>

namespace hutong::recognition {

std::size_t PathMemory::Hash::operator()(const Question& question) const {
  std::size_t value = 0;
  std::memcpy(&value, question.leaf.data(), sizeof value);  // digests are spread well already
  return value ^ static_cast<std::size_t>(question.at.time_since_epoch().count());
}

std::shared_ptr<const PathMemory::Answer> PathMemory::find(const Question& question) const {
  const std::lock_guard lock(mutex_);
  const auto found = answers_.find(question);
  return found != answers_.end() ? found->second : nullptr;
}

void PathMemory::add(const Question& question, Answer answer) {
  auto shared = std::make_shared<const Answer>(std::move(answer));
  const std::lock_guard lock(mutex_);
  if (!answers_.emplace(question, std::move(shared)).second) {
    return;
  }
  if (ring_.size() < most_) {
    ring_.push_back(question);
    return;
  }
  answers_.erase(ring_[oldest_]);
  ring_[oldest_] = question;
  oldest_ = (oldest_ + 1) % most_;
}

std::size_t PathMemory::size() const {
  const std::lock_guard lock(mutex_);
  return answers_.size();
}

}  // namespace hutong::recognition
