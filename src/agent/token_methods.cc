#include <algorithm>
#include <array>
#include <utility>

#include "agent/methods.h"
#include "agent/token_list.h"
#include "base/encoding.h"
#include "crypto/constant_time.h"
#include "crypto/random.h"

namespace hutong::agent {
namespace {

using net::Json;
using token::PinRole;

constexpr int kMostTries = 3;  ///< windows for a PIN that was wrong

Result<Json> tokens(Call& call) {
  HUTONG_TRY(const bool refresh, call.params.flag("refresh", false));
  return list_tokens(call.bench.tokens, refresh, [&call](const ApplicationPlace& place) {
    return call.bench.logins.has(call.origin, place);
  });
}

Result<Json> certificates(Call& call) { return list_certificates(call.bench.tokens); }

Result<Json> device_info(Call& call) {
  HUTONG_TRY(const auto token, call.params.text("token"));
  HUTONG_TRY(const auto device, call.bench.tokens.open(token));
  return device_facts(token, device);
}

Result<Json> pin_state(Call& call) {
  HUTONG_TRY(const auto place, call.params.application());
  HUTONG_TRY(const auto application, call.bench.tokens.open(place));
  HUTONG_TRY(const auto user, application.pin_state(PinRole::kUser));
  HUTONG_TRY(const auto administrator, application.pin_state(PinRole::kAdministrator));
  return Json{{"user_pin", pin_facts(user)}, {"administrator_pin", pin_facts(administrator)}};
}

/// Asks for a PIN and tries it, again when it was wrong.
Status with_pin(Call& call, PromptDesk::Turn& turn, Window window, const token::Application& application,
                PinRole role, const std::function<Status(ByteView pin)>& use) {
  for (int tries = 1;; ++tries) {
    HUTONG_TRY(const SecretBytes pin, turn.ask_pin(window));
    if (!call.is_wanted()) {
      return Error{Errc::kUnavailable, "agent.cancelled", "the page is gone"};
    }
    auto used = use(pin.expose());
    if (used) {
      return ok();
    }
    call.tries_left = application.tries_left(role);
    if (used.error().reason != "token.pin_incorrect" || tries == kMostTries) {
      return used;
    }
    window.error = call.bench.windows.wrong_pin(call.tries_left);
  }
}

Result<Json> log_in(Call& call) {
  HUTONG_TRY(const auto place, call.params.application());
  Workbench& bench = call.bench;
  HUTONG_TRY(const auto application, bench.tokens.open(place));
  HUTONG_TRY(const auto before, application.pin_state(PinRole::kUser));
  if (before.tries_left == 0) {
    call.tries_left = 0;
    return Error{Errc::kUnauthorized, "token.pin_locked", "no tries are left"};
  }
  HUTONG_TRY(auto turn, bench.prompts.enter(call.origin));
  HUTONG_CHECK(with_pin(call, turn, bench.windows.user_pin(asking(call, place)), application, PinRole::kUser,
                        [&](ByteView pin) {
                          return bench.logins.begin(call.origin, place, application, pin, call.purpose,
                                                    bench.clock.now());
                        }));
  bench.tokens.touch();
  HUTONG_TRY(const auto after, application.pin_state(PinRole::kUser));
  return Json{{"logged_in", true}, {"tries_left", after.tries_left}};
}

Result<Json> log_out(Call& call) {
  HUTONG_TRY(const auto place, call.params.application());
  call.bench.logins.end(call.origin, place, LoginEnd::kLogout);
  return Json{{"logged_in", false}};
}

/// Twice the same.
Result<SecretBytes> ask_new_pin(Call& call, PromptDesk::Turn& turn, const Asking& shown) {
  const Windows& windows = call.bench.windows;
  Window first = windows.new_pin(shown);
  for (int tries = 1;; ++tries) {
    HUTONG_TRY(SecretBytes pin, turn.ask_pin(first));
    HUTONG_TRY(const SecretBytes again, turn.ask_pin(windows.new_pin_again(shown)));
    if (crypto::constant_time_equal(pin.expose(), again.expose())) {
      return pin;
    }
    if (tries == kMostTries) {
      return Error{Errc::kUnauthorized, "agent.refused_by_user", "the new PINs differ"};
    }
    first.error = windows.pins_differ();
  }
}

Result<PinRole> role_of(const Params& params) {
  HUTONG_TRY(const auto role, params.optional_text("role"));
  if (!role || *role == "user") {
    return PinRole::kUser;
  }
  if (*role == "administrator") {
    return PinRole::kAdministrator;
  }
  return Error{Errc::kMalformed, "agent.request", R"(role is "user" or "administrator")"};
}

/// The present PIN is tried only together with the new one, so its tries are asked for after that.
Result<Json> change_pin(Call& call) {
  HUTONG_TRY(const auto place, call.params.application());
  HUTONG_TRY(const PinRole role, role_of(call.params));
  HUTONG_TRY(const auto application, call.bench.tokens.open(place));
  HUTONG_TRY(auto turn, call.bench.prompts.enter(call.origin));
  const Asking shown = asking(call, place);
  HUTONG_TRY(const SecretBytes old_pin, turn.ask_pin(call.bench.windows.old_pin(shown)));
  HUTONG_TRY(const SecretBytes new_pin, ask_new_pin(call, turn, shown));
  if (auto changed = application.change_pin(role, old_pin.expose(), new_pin.expose()); !changed) {
    call.tries_left = application.tries_left(role);
    return std::move(changed).error();
  }
  call.bench.tokens.touch();
  return Json{{"changed", true}};
}

Result<Json> unblock_pin(Call& call) {
  HUTONG_TRY(const auto place, call.params.application());
  HUTONG_TRY(const auto application, call.bench.tokens.open(place));
  HUTONG_TRY(auto turn, call.bench.prompts.enter(call.origin));
  const Asking shown = asking(call, place);
  HUTONG_TRY(const SecretBytes administrator_pin, turn.ask_pin(call.bench.windows.administrator_pin(shown)));
  HUTONG_TRY(const SecretBytes new_pin, ask_new_pin(call, turn, shown));
  if (auto done = application.unblock_pin(administrator_pin.expose(), new_pin.expose()); !done) {
    call.tries_left = application.tries_left(PinRole::kAdministrator);
    return std::move(done).error();
  }
  call.bench.tokens.touch();
  return Json{{"unblocked", true}};
}

struct Picture {
  std::string_view beginning;
  std::string_view format;
};
constexpr std::array<Picture, 4> kPictures{{
    {"\x89PNG\r\n\x1a\n", "png"},
    {"\xFF\xD8\xFF", "jpeg"},
    {"GIF8", "gif"},
    {"BM", "bmp"},
}};
constexpr std::string_view kSequence = "\x30";
constexpr std::size_t kMostSeals = std::size_t{1} << 20;  ///< octets of all pictures in one answer

std::string_view format_of(ByteView content) {
  const std::string_view text = as_text(content);
  const auto found =
      std::ranges::find_if(kPictures, [text](const Picture& one) { return text.starts_with(one.beginning); });
  if (found != kPictures.end()) {
    return found->format;
  }
  return text.starts_with(kSequence) ? "seal" : "unknown";
}

Result<Json> seals(Call& call) {
  HUTONG_TRY(const auto place, call.params.application());
  HUTONG_TRY(const auto application, call.bench.tokens.open(place));
  HUTONG_TRY(const auto names, application.files());
  Json list = Json::array();
  std::size_t total = 0;
  for (const std::string& name : names) {
    HUTONG_TRY(const auto file, application.file(name));
    const auto content = application.read_file(name);
    if (!content) {
      continue;  // not to be read by everybody
    }
    Json seal{{"name", shown_name(name)}, {"size", file.size}, {"format", format_of(*content)}};
    const bool is_picture = seal["format"] != "seal" && seal["format"] != "unknown";
    if (is_picture && total + content->size() <= kMostSeals) {
      total += content->size();
      seal["picture"] = to_base64(*content);
    }
    list.push_back(std::move(seal));
  }
  return Json{{"seals", std::move(list)}};
}

Result<Json> random(Call& call) {
  constexpr std::int64_t kMostRandom = 1024;
  HUTONG_TRY(const auto size, call.params.number("octets", 1, kMostRandom));
  HUTONG_TRY(const auto token, call.params.optional_text("token"));
  Bytes octets(static_cast<std::size_t>(size));
  if (token) {
    HUTONG_TRY(const auto device, call.bench.tokens.open(*token));
    HUTONG_TRY(octets, device.random(octets.size()));
  } else {
    crypto::system_random().fill(octets);
  }
  return Json{{"random", to_base64(octets)}};
}

constexpr std::array<std::string_view, 1> kRefreshParams{"refresh"};
constexpr std::array<std::string_view, 1> kTokenParams{"token"};
constexpr std::array<std::string_view, 2> kApplicationParams{"token", "application"};
constexpr std::array<std::string_view, 3> kPinChangeParams{"token", "application", "role"};
constexpr std::array<std::string_view, 2> kRandomParams{"octets", "token"};

constexpr std::array<Method, 10> kTokenMethods{{
    {"tokens.list", Access::kAllowed, Purpose::kWelcome, kRefreshParams, nullptr, tokens},
    {"certificates.list", Access::kAllowed, Purpose::kWelcome, {}, nullptr, certificates},
    {"device.info", Access::kAllowed, Purpose::kWelcome, kTokenParams, nullptr, device_info},
    {"pin.state", Access::kAllowed, Purpose::kWelcome, kApplicationParams, nullptr, pin_state},
    {"login", Access::kAllowed, Purpose::kNeeded, kApplicationParams, nullptr, log_in},
    {"logout", Access::kAllowed, Purpose::kWelcome, kApplicationParams, nullptr, log_out},
    {"pin.change", Access::kAllowed, Purpose::kNeeded, kPinChangeParams, nullptr, change_pin},
    {"pin.unblock", Access::kAllowed, Purpose::kNeeded, kApplicationParams, nullptr, unblock_pin},
    {"seals.list", Access::kAllowed, Purpose::kWelcome, kApplicationParams, nullptr, seals},
    {"random", Access::kAllowed, Purpose::kWelcome, kRandomParams, nullptr, random},
}};

}  // namespace

std::span<const Method> token_methods() { return kTokenMethods; }

}  // namespace hutong::agent
