#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"

/// The texts that operators' keys sign, octet by octet: UTF-8, lines end in LF, the last one without. Stated
/// with worked examples in docs/api/operators.yaml.
namespace hutong::operators {

/// What a login signature is about; the last line of login_text.
inline constexpr std::string_view kLoginPurpose = "operator-session";

/// What a login signs: who is logged in to, and our challenge of that time.
struct LoginText {
  std::string_view audience;  ///< the origin the page was loaded from: "https://ca.example:8443"
  std::string_view challenge;
  Time issued_at{};
};
/// "hutong-login-1" LF audience LF challenge LF issued_at LF "operator-session"
std::string to_text(const LoginText& login);

/// What every request that changes something signs.
struct ActionText {
  std::string_view method;  ///< "POST"
  std::string_view target;  ///< path and query as sent
  ByteView body;
  std::string_view time;  ///< the field Hutong-Time as sent
  std::string_view session;
};
/// "hutong-action-1" LF method LF target LF hex(SM3(body)) LF time LF session
std::string to_text(const ActionText& action);

inline constexpr std::string_view kTimeField = "Hutong-Time";
inline constexpr std::string_view kSignatureField = "Hutong-Signature";

}  // namespace hutong::operators
