#include "platform/svs/svs_sessions.h"

#include <algorithm>
#include <utility>

#include "crypto/random.h"

namespace hutong::platform::svs {
namespace {

constexpr std::size_t kHandleSize = 16;

}  // namespace

std::optional<Bytes> Sessions::open(std::shared_ptr<Session> session, Time now) {
  Bytes handle(kHandleSize);
  crypto::system_random().fill(handle);
  const std::lock_guard lock(mutex_);
  drop_idle(now);
  if (sessions_.size() >= limits_.most || open_of(session->owner) >= limits_.most_of_peer) {
    return std::nullopt;
  }
  session->last_used = now;
  sessions_.emplace(handle, std::move(session));
  return handle;
}

std::shared_ptr<Session> Sessions::find(ByteView handle, Purpose purpose, Time now) {
  const std::lock_guard lock(mutex_);
  drop_idle(now);
  const auto found = sessions_.find(to_bytes(handle));
  if (found == sessions_.end() || found->second->purpose != purpose) {
    return nullptr;
  }
  found->second->last_used = now;
  return found->second;
}

std::shared_ptr<Session> Sessions::take(ByteView handle, Purpose purpose, Time now) {
  const std::lock_guard lock(mutex_);
  drop_idle(now);
  const auto found = sessions_.find(to_bytes(handle));
  if (found == sessions_.end() || found->second->purpose != purpose) {
    return nullptr;
  }
  auto session = found->second;
  sessions_.erase(found);
  return session;
}

std::size_t Sessions::count() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

void Sessions::drop_idle(Time now) {
  std::erase_if(sessions_, [&](const auto& one) { return one.second->last_used + limits_.idle <= now; });
}

std::size_t Sessions::open_of(std::string_view owner) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(sessions_, [owner](const auto& one) { return one.second->owner == owner; }));
}

}  // namespace hutong::platform::svs
