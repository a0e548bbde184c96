#include "agent/token_desk.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <future>
#include <optional>
#include <utility>

#include "base/encoding.h"

namespace hutong::agent {
namespace {

constexpr std::size_t kReaders = 16;
constexpr int kMostReading = 2;  ///< questions to one token at once
constexpr std::chrono::seconds kFirstLook{4};
constexpr std::string_view kOctets = "octets:";

Error slow(const std::string& token) {
  return {Errc::kUnavailable, "agent.token_slow", token + " does not answer in time"};
}

}  // namespace

std::string shown_name(std::string_view raw) {
  if (is_utf8(raw) && !raw.starts_with(kOctets)) {
    return std::string(raw);
  }
  return std::string(kOctets) + to_hex(as_bytes(raw));
}

std::string raw_name(std::string_view shown) {
  if (shown.starts_with(kOctets)) {
    if (const auto octets = from_hex(shown.substr(kOctets.size()))) {
      return std::string(as_text(*octets));
    }
  }
  return std::string(shown);
}

std::string token_name(const token::FoundDevice& device) {
  return device.driver->description().name + "/" + shown_name(device.name);
}

TokenDesk::TokenDesk(const token::DriverSetOptions& drivers, Changed changed)
    : changed_(std::move(changed)),
      drivers_(drivers),
      readers_(std::make_unique<boost::asio::thread_pool>(kReaders)),
      watch_(std::make_unique<token::DeviceWatch>(drivers_,
                                                  [this](const token::Enumeration& now) { take(now); })),
      card_watch_(std::make_unique<token::CardWatch>(drivers_.descriptions(),
                                                     [this](const token::CardsNow& now) { take(now); })) {}

TokenDesk::~TokenDesk() {
  card_watch_.reset();
  watch_.reset();
  stop();
  readers_->join();
}

void TokenDesk::stop() {
  for (const auto& driver : drivers_.installed()) {
    driver->process().interrupt();
  }
}

void TokenDesk::touch() {
  ++generation_;
  changed_();
}

void TokenDesk::take(const token::Enumeration& now) {
  {
    const std::lock_guard lock(lock_);
    last_ = now;
    has_seen_ = true;
  }
  seen_.notify_all();
  touch();
}

/// A card that came or went is a token of some driver: they are asked at once.
void TokenDesk::take(const token::CardsNow& now) {
  {
    const std::lock_guard lock(lock_);
    cards_ = now;
  }
  watch_->look_now();
  touch();
}

token::CardsNow TokenDesk::cards() {
  const std::lock_guard lock(lock_);
  return cards_;
}

token::Enumeration TokenDesk::enumeration(bool refresh) {
  if (refresh) {
    token::Enumeration now = drivers_.enumerate();
    const std::lock_guard lock(lock_);
    last_ = now;
    has_seen_ = true;
    return now;
  }
  std::unique_lock lock(lock_);
  seen_.wait_for(lock, kFirstLook, [this] { return has_seen_; });
  return last_;
}

bool TokenDesk::has(const std::string& token) {
  const auto now = enumeration(false);
  return std::ranges::any_of(now.devices, [&](const auto& device) { return token_name(device) == token; });
}

Result<token::Device> TokenDesk::open(const std::string& token) {
  const auto now = enumeration(false);
  const auto found =
      std::ranges::find_if(now.devices, [&](const auto& device) { return token_name(device) == token; });
  if (found == now.devices.end()) {
    return Error{Errc::kNotFound, "agent.token_unknown", "no such token is plugged in"};
  }
  return token::Device::open(found->driver, found->name);
}

Result<token::Application> TokenDesk::open(const ApplicationPlace& place) {
  HUTONG_TRY(const auto device, open(place.token));
  return device.open_application(raw_name(place.application));
}

Result<token::Container> TokenDesk::open(const Place& place) {
  HUTONG_TRY(const auto application, open(place.in));
  return application.open_container(raw_name(place.container));
}

bool TokenDesk::begin_reading(const std::string& token) {
  const std::lock_guard lock(lock_);
  int& under_way = reading_[token];
  if (under_way >= kMostReading) {
    return false;
  }
  ++under_way;
  return true;
}

void TokenDesk::end_reading(const std::string& token) {
  const std::lock_guard lock(lock_);
  if (--reading_[token] == 0) {
    reading_.erase(token);
  }
}

std::vector<Result<net::Json>> TokenDesk::read_all(const std::vector<token::FoundDevice>& devices,
                                                   const Read& read) {
  using Answer = Result<net::Json>;
  std::vector<std::optional<std::future<Answer>>> answers;
  for (const token::FoundDevice& device : devices) {
    if (!begin_reading(token_name(device))) {
      answers.emplace_back();
      continue;
    }
    auto promise = std::make_shared<std::promise<Answer>>();
    answers.emplace_back(promise->get_future());
    boost::asio::post(*readers_, [this, device, read, promise] {
      auto opened = token::Device::open(device.driver, device.name, kReadLimit);
      promise->set_value(opened ? Answer(read(*opened)) : Answer(std::move(opened).error()));
      end_reading(token_name(device));
    });
  }
  const auto deadline = std::chrono::steady_clock::now() + kReadLimit;
  std::vector<Answer> read_ones;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    auto& answer = answers[i];
    const bool is_there = answer && answer->wait_until(deadline) == std::future_status::ready;
    read_ones.push_back(is_there ? answer->get() : Answer(slow(token_name(devices[i]))));
  }
  return read_ones;
}

}  // namespace hutong::agent
