#include "token/driver/errors.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "token/skf.h"
#include "token/skf_text.h"

namespace hutong::token {
namespace {

struct Row {
  std::uint32_t code;
  Errc kind;
  std::string_view reason;
};

constexpr std::array kRows{
    Row{SAR_PIN_INCORRECT, Errc::kUnauthorized, "token.pin_incorrect"},
    Row{SAR_PIN_LOCKED, Errc::kUnauthorized, "token.pin_locked"},
    Row{SAR_PIN_INVALID, Errc::kMalformed, "token.pin_invalid"},
    Row{SAR_PIN_LEN_RANGE, Errc::kMalformed, "token.pin_length"},
    Row{SAR_USER_NOT_LOGGED_IN, Errc::kUnauthorized, "token.not_logged_in"},
    Row{SAR_USER_ALREADY_LOGGED_IN, Errc::kConflict, "token.already_logged_in"},
    Row{SAR_USER_PIN_NOT_INITIALIZED, Errc::kPolicy, "token.pin_not_initialized"},
    Row{SAR_DEVNOAUTH, Errc::kUnauthorized, "token.not_authenticated"},
    Row{SAR_AUTH_BLOCKED, Errc::kUnauthorized, "token.device_key_locked"},
    Row{SAR_DEVICE_REMOVED, Errc::kUnavailable, "token.removed"},
    Row{SAR_APPLICATION_NOT_EXISTS, Errc::kNotFound, "token.not_found"},
    Row{SAR_CONTAINER_NOT_EXISTS, Errc::kNotFound, "token.not_found"},
    Row{SAR_FILE_NOT_EXIST, Errc::kNotFound, "token.not_found"},
    Row{SAR_CERTNOTFOUNTERR, Errc::kNotFound, "token.not_found"},
    Row{SAR_KEYNOTFOUNTERR, Errc::kNotFound, "token.not_found"},
    Row{SAR_APPLICATION_EXISTS, Errc::kConflict, "token.exists"},
    Row{SAR_CONTAINER_EXISTS, Errc::kConflict, "token.exists"},
    Row{SAR_FILE_ALREADY_EXIST, Errc::kConflict, "token.exists"},
    Row{SAR_NO_ROOM, Errc::kLimit, "token.no_room"},
    Row{SAR_REACH_MAX_CONTAINER_COUNT, Errc::kLimit, "token.no_room"},
    Row{SAR_MEMORYERR, Errc::kLimit, "token.no_room"},
    Row{SAR_NOTSUPPORTYETERR, Errc::kPolicy, "token.not_supported"},
    Row{SAR_INVALIDHANDLEERR, Errc::kUnavailable, "token.handle"},
    Row{SAR_INVALIDPARAMERR, Errc::kMalformed, "token.input"},
    Row{SAR_NAMELENERR, Errc::kMalformed, "token.input"},
    Row{SAR_APPLICATION_NAME_INVALID, Errc::kMalformed, "token.input"},
    Row{SAR_INDATALENERR, Errc::kMalformed, "token.input"},
    Row{SAR_INDATAERR, Errc::kMalformed, "token.input"},
    Row{SAR_TIMEOUTERR, Errc::kUnavailable, "token.timeout"},
    Row{SAR_DECRYPTPADERR, Errc::kCryptoFail, "token.cryptography"},
    Row{SAR_HASHNOTEQUALERR, Errc::kCryptoFail, "token.cryptography"},
    Row{SAR_RSADECERR, Errc::kCryptoFail, "token.cryptography"},
};
constexpr std::string_view kHexPrefix = "0x";

}  // namespace

Error error_from(std::uint32_t code, Function function) {
  const auto* const found = std::ranges::find(kRows, code, &Row::code);
  std::string detail(to_string(function));
  detail += ": " + skf_result_label(code);
  return found != kRows.end() ? Error{found->kind, found->reason, std::move(detail)}
                              : Error{Errc::kUnavailable, "token.failed", std::move(detail)};
}

std::uint32_t skf_code_of(const Error& error) {
  const std::size_t at = error.detail.find(kHexPrefix);
  std::uint32_t code = 0;
  if (at != std::string::npos) {
    const char* const digits = error.detail.data() + at + kHexPrefix.size();
    std::from_chars(digits, error.detail.data() + error.detail.size(), code, 16);
  }
  return code;
}

}  // namespace hutong::token
