#include "provider/names.h"

#include <algorithm>
#include <string>

namespace hutong::provider {
namespace {

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// Names of OpenSSL do not tell upper from lower case.
bool is_same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

Status check_digest_name(std::optional<std::string_view> name) {
  if (!name || name->empty() || is_same_name(*name, "SM3") || *name == "1.2.156.10197.1.401") {
    return ok();
  }
  return Error{Errc::kPolicy, "digest.unsupported", "SM3 is the only digest here, not " + std::string(*name)};
}

Status check_group_name(std::optional<std::string_view> name) {
  if (name &&
      (is_same_name(*name, "SM2") || is_same_name(*name, "sm2p256v1") || *name == "1.2.156.10197.1.301")) {
    return ok();
  }
  return Error{Errc::kPolicy, "sm2.group", "the only curve is SM2"};
}

}  // namespace hutong::provider
