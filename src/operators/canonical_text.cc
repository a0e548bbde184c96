#include "operators/canonical_text.h"

#include <initializer_list>

#include "base/encoding.h"
#include "crypto/sm3.h"

namespace hutong::operators {
namespace {

std::string joined(std::initializer_list<std::string_view> lines) {
  std::string text;
  for (const std::string_view line : lines) {
    text.append(text.empty() ? "" : "\n").append(line);
  }
  return text;
}

}  // namespace

std::string to_text(const LoginText& login) {
  return joined(
      {"hutong-login-1", login.audience, login.challenge, to_rfc3339(login.issued_at), kLoginPurpose});
}

std::string to_text(const ActionText& action) {
  return joined({"hutong-action-1", action.method, action.target, to_hex(crypto::sm3(action.body)),
                 action.time, action.session});
}

}  // namespace hutong::operators
