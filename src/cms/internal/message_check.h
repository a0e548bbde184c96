#pragma once

#include <functional>

#include "cms/signed_data.h"
#include "cms/verify.h"

namespace hutong::cms::internal {

enum class SignatureTimestamps : std::uint8_t { kJudge, kIgnore };

/// How the signed structure is taken apart; SignedAndEnvelopedData decrypts on the way.
using SignedReader = std::function<Result<SignedData>(ByteSource&, ContentObserver&)>;
inline Result<SignedData> read_plain(ByteSource& message, ContentObserver& content) {
  return read_signed_data(message, content);
}

struct MessageCheck {
  ByteSource& message;
  ByteSource* content = nullptr;  ///< for a detached signature
  SignedReader read = read_plain;
  SignatureTimestamps timestamps = SignatureTimestamps::kJudge;  ///< tokens inside tokens are ignored
};
Result<SignedMessageReport> check_message(const MessageCheck& check, const VerifyOptions& options);

/// Judges the signer's certification path at the time that counts and adds what follows to the report.
void check_path(const SignedMessageReport& message, const VerifyOptions& options, Time at,
                const std::string& where, SignerReport& signer);

}  // namespace hutong::cms::internal
