#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/prompt.h"

namespace hutong::agent {

enum class Language : std::uint8_t { kChinese, kEnglish };
/// English when LC_ALL, LC_MESSAGES or LANG (the first that is set) begins with "en", else Chinese.
Language language_of_environment();

/// Who asks, for what, of which token: shown by every window.
struct Asking {
  std::string_view origin;
  std::string_view purpose;
  std::string token = {};  ///< label and application; empty: none in particular
};

/// The texts of the agent's windows, in the user's language.
class Windows {
 public:
  explicit Windows(Language language) : language_(language) {}

  Window user_pin(const Asking& asking) const;
  Window administrator_pin(const Asking& asking) const;
  Window old_pin(const Asking& asking) const;
  Window new_pin(const Asking& asking) const;
  Window new_pin_again(const Asking& asking) const;

  Window allow_origin(const Asking& asking) const;
  Window use_key(const Asking& asking) const;
  Window sign_digest(const Asking& asking) const;

  std::string wrong_pin(std::optional<std::uint32_t> tries_left) const;
  std::string pins_differ() const;

 private:
  struct Text {
    std::string_view zh;
    std::string_view en;
  };
  std::string_view say(const Text& text) const { return language_ == Language::kChinese ? text.zh : text.en; }
  Window window(const Asking& asking, const Text& what, const Text& label, const Text& yes) const;
  Language language_;
};

}  // namespace hutong::agent
