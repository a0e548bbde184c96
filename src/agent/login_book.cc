#include "agent/login_book.h"

#include <algorithm>
#include <utility>

namespace hutong::agent {
namespace {

constexpr std::size_t kMostPurposes = 1'000;  ///< of one login; then the user is asked again

}  // namespace

std::string_view to_string(LoginEnd reason) {
  switch (reason) {
    case LoginEnd::kIdle:
      return "idle";
    case LoginEnd::kRemoved:
      return "removed";
    case LoginEnd::kLogout:
      break;
  }
  return "logout";
}

Login::Login(ApplicationPlace place, token::Application application, std::string purpose, Time since)
    : place_(std::move(place)),
      application_(std::move(application)),
      first_purpose_(purpose),
      since_(since),
      purposes_{std::move(purpose)},
      used_(std::chrono::steady_clock::now()) {}

bool Login::covers(const std::string& purpose) const {
  const std::lock_guard lock(lock_);
  return purposes_.contains(purpose);
}

void Login::add_purpose(const std::string& purpose) {
  const std::lock_guard lock(lock_);
  if (purposes_.size() < kMostPurposes) {
    purposes_.insert(purpose);
  }
}

std::shared_ptr<std::mutex> LoginBook::door_of(const ApplicationPlace& place) {
  const std::lock_guard lock(lock_);
  auto& door = doors_[place];
  if (!door) {
    door = std::make_shared<std::mutex>();
  }
  return door;
}

Status LoginBook::begin(const std::string& origin, const ApplicationPlace& place,
                        const token::Application& application, ByteView pin, const std::string& purpose,
                        Time now) {
  const auto door = door_of(place);
  const std::lock_guard at_the_door(*door);
  HUTONG_CHECK(application.verify_pin(token::PinRole::kUser, pin));
  auto login = std::make_shared<Login>(place, application, purpose, now);
  const std::lock_guard lock(lock_);
  logins_.insert_or_assign({origin, place}, std::move(login));
  return ok();
}

Result<std::shared_ptr<Login>> LoginBook::find(const std::string& origin,
                                               const ApplicationPlace& place) const {
  const std::lock_guard lock(lock_);
  const auto found = logins_.find({origin, place});
  if (found == logins_.end()) {
    return Error{Errc::kUnauthorized, "agent.not_logged_in", "this website is not logged in there"};
  }
  return found->second;
}

bool LoginBook::has(const std::string& origin, const ApplicationPlace& place) const {
  return find(origin, place).has_value();
}

std::vector<std::shared_ptr<const Login>> LoginBook::of(const std::string& origin) const {
  const std::lock_guard lock(lock_);
  std::vector<std::shared_ptr<const Login>> logins;
  for (const auto& [key, login] : logins_) {
    if (key.first == origin) {
      logins.push_back(login);
    }
  }
  return logins;
}

void LoginBook::end(const std::string& origin, const ApplicationPlace& place, LoginEnd reason) {
  const auto door = door_of(place);
  std::shared_ptr<Login> ended;
  {
    const std::lock_guard at_the_door(*door);
    bool is_last = true;
    {
      const std::lock_guard lock(lock_);
      auto node = logins_.extract({origin, place});
      if (node.empty()) {
        return;
      }
      ended = std::move(node.mapped());
      is_last =
          std::ranges::none_of(logins_, [&place](const auto& one) { return one.first.second == place; });
    }
    if (is_last && reason != LoginEnd::kRemoved) {
      // A token that is gone has logged out by itself; whatever it says, the login is over here.
      static_cast<void>(ended->application().logout());
    }
  }
  ended_(origin, place, reason);
}

std::vector<LoginBook::Key> LoginBook::keys_of(
    const std::function<bool(const Key&, const Login&)>& wanted) const {
  const std::lock_guard lock(lock_);
  std::vector<Key> keys;
  for (const auto& [key, login] : logins_) {
    if (wanted(key, *login)) {
      keys.push_back(key);
    }
  }
  return keys;
}

void LoginBook::end_all(const std::vector<Key>& keys, LoginEnd reason) {
  for (const auto& [origin, place] : keys) {
    end(origin, place, reason);
  }
}

void LoginBook::end_origin(const std::string& origin) {
  end_all(keys_of([&origin](const Key& key, const Login&) { return key.first == origin; }),
          LoginEnd::kLogout);
}

void LoginBook::end_removed(const std::function<bool(const std::string& token)>& is_there) {
  end_all(keys_of([&is_there](const Key& key, const Login&) { return !is_there(key.second.token); }),
          LoginEnd::kRemoved);
}

void LoginBook::end_application(const ApplicationPlace& place) {
  end_all(keys_of([&place](const Key& key, const Login&) { return key.second == place; }),
          LoginEnd::kRemoved);
}

void LoginBook::end_idle(std::chrono::steady_clock::duration most) {
  const auto oldest = std::chrono::steady_clock::now() - most;
  end_all(keys_of([oldest](const Key&, const Login& login) { return login.used() < oldest; }),
          LoginEnd::kIdle);
}

}  // namespace hutong::agent
