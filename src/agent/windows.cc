#include "agent/windows.h"

#include <cstdlib>

namespace hutong::agent {

Language language_of_environment() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') {
      return std::string_view(value).starts_with("en") ? Language::kEnglish : Language::kChinese;
    }
  }
  return Language::kChinese;
}

/// The origin stands first and the purpose, which the page chose, last: what is too long loses its end.
Window Windows::window(const Asking& asking, const Text& what, const Text& label, const Text& yes) const {
  std::string description(say(what));
  description.append("\n\n").append(say({"网站：", "Website: "})).append(asking.origin);
  if (!asking.token.empty()) {
    description.append("\n").append(say({"密码钥匙：", "Token: "})).append(asking.token);
  }
  if (!asking.purpose.empty()) {
    description.append("\n").append(say({"用途：", "Purpose: "})).append(asking.purpose);
  }
  return {.title = std::string(say({"互通密码钥匙助手", "Hutong token agent"})),
          .description = std::move(description),
          .label = std::string(say(label)),
          .yes = std::string(say(yes))};
}

Window Windows::user_pin(const Asking& asking) const {
  return window(asking, {"请输入密码钥匙的用户PIN码。", "Enter the user PIN of the token."},
                {"PIN码：", "PIN:"}, {"登录", "Log in"});
}

Window Windows::administrator_pin(const Asking& asking) const {
  return window(asking,
                {"请输入密码钥匙的管理员PIN码，以便重设用户PIN码。",
                 "Enter the administrator PIN of the token, to set a new user PIN."},
                {"管理员PIN码：", "Administrator PIN:"}, {"下一步", "Next"});
}

Window Windows::old_pin(const Asking& asking) const {
  return window(asking, {"修改PIN码：请先输入现在的PIN码。", "Change of PIN: enter the present one first."},
                {"现PIN码：", "Present PIN:"}, {"下一步", "Next"});
}

Window Windows::new_pin(const Asking& asking) const {
  return window(asking, {"请输入新的PIN码（6至16位）。", "Enter the new PIN (6 to 16 characters)."},
                {"新PIN码：", "New PIN:"}, {"下一步", "Next"});
}

Window Windows::new_pin_again(const Asking& asking) const {
  return window(asking, {"请再次输入新的PIN码。", "Enter the new PIN once more."}, {"新PIN码：", "New PIN:"},
                {"确定", "OK"});
}

Window Windows::allow_origin(const Asking& asking) const {
  return window(
      asking,
      {"该网站请求使用本机的密码钥匙。是否允许？以后使用密钥仍须输入PIN码。",
       "This website asks to use the tokens of this machine. Let it? Using a key still needs the PIN."},
      {}, {"允许", "Let it"});
}

Window Windows::use_key(const Asking& asking) const {
  return window(asking,
                {"已登录的网站请求将密钥用于新的用途。是否同意？",
                 "A website that is logged in asks to use the key for another purpose. Agree?"},
                {}, {"同意", "Agree"});
}

Window Windows::sign_digest(const Asking& asking) const {
  return window(asking,
                {"该网站请求对一个摘要值签名，本机无法显示所签内容。是否同意？",
                 "This website asks to sign a digest; nobody can show what it is of. Agree?"},
                {}, {"签名", "Sign"});
}

std::string Windows::wrong_pin(std::optional<std::uint32_t> tries_left) const {
  std::string text(say({"PIN码错误", "The PIN is wrong"}));
  if (tries_left) {
    text.append(say({"，还可尝试 ", ", tries left: "})).append(std::to_string(*tries_left));
    text.append(say({" 次", ""}));
  }
  return text;
}

std::string Windows::pins_differ() const {
  return std::string(say({"两次输入不一致，请重新输入", "The two differ, enter them again"}));
}

}  // namespace hutong::agent
