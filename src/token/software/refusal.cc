#include "token/software/refusal.h"

#include <algorithm>

#include "token/skf_text.h"

namespace hutong::token::software {
namespace {

/// Results that say more than "failed", for errors of the modules below.
struct ReasonResult {
  std::string_view reason;
  ULONG result;
};
constexpr ReasonResult kReasonResults[] = {
    {"file.not_found", SAR_FILEERR},     {"file.unreadable", SAR_READFILEERR},
    {"file.too_large", SAR_FILEERR},     {"file.unwritable", SAR_WRITEFILEERR},
    {"token.record", SAR_FILEERR},       {"token.sealed", SAR_FILEERR},
    {"sm2.public_key", SAR_INDATAERR},   {"sm2.private_key", SAR_INDATAERR},
    {"sm2.signature", SAR_INDATAERR},    {"sm2.ciphertext", SAR_INDATAERR},
    {"sm2.decrypt", SAR_INDATAERR},      {"sm2.empty_message", SAR_INDATALENERR},
    {"sm2.key_exchange", SAR_INDATAERR}, {"sm4.key", SAR_INDATALENERR},
    {"sm4.length", SAR_INDATALENERR},    {"sm4.padding", SAR_DECRYPTPADERR},
};

}  // namespace

Error refusal(ULONG result) {
  const SkfResultText* text = find_skf_result(result);
  return {Errc::kPolicy, text->name, std::string(text->english)};
}

ULONG result_of(const Error& error) {
  for (const SkfResultText& text : skf_results()) {
    if (text.name == error.reason) {
      return text.code;
    }
  }
  const auto* known = std::ranges::find(kReasonResults, error.reason, &ReasonResult::reason);
  return known == std::ranges::end(kReasonResults) ? SAR_FAIL : known->result;
}

}  // namespace hutong::token::software
