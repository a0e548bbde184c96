#include "cms/verify.h"

#include <algorithm>
#include <utility>

#include "cms/internal/message_check.h"

namespace hutong::cms {

x509::Indication SignedMessageReport::indication() const {
  x509::Indication worst = x509::indication_of(findings);
  for (const SignerReport& signer : signers) {
    if (worst == x509::Indication::kInvalid || signer.indication == x509::Indication::kInvalid) {
      return x509::Indication::kInvalid;
    }
    worst = signer.indication == x509::Indication::kIndeterminate ? signer.indication : worst;
  }
  return signers.empty() && worst == x509::Indication::kValid ? x509::Indication::kIndeterminate : worst;
}

bool SignedMessageReport::has(std::string_view code) const {
  return x509::has_finding(findings, code) ||
         std::ranges::any_of(signers, [code](const SignerReport& signer) {
           return x509::has_finding(signer.findings, code);
         });
}

Result<SignedMessageReport> verify_message(ByteSource& message, const VerifyOptions& options) {
  return internal::check_message({.message = message}, options);
}

Result<SignedMessageReport> verify_message(ByteView message, const VerifyOptions& options) {
  MemorySource source(message);
  return verify_message(source, options);
}

Result<SignedMessageReport> verify_detached(ByteSource& message, ByteSource& content,
                                            const VerifyOptions& options) {
  return internal::check_message({.message = message, .content = &content}, options);
}

Result<SignedMessageReport> verify_detached(ByteView message, ByteView content,
                                            const VerifyOptions& options) {
  MemorySource message_source(message);
  MemorySource content_source(content);
  return verify_detached(message_source, content_source, options);
}

Result<SignedMessageReport> verify_detached(SignedData message, ByteView content,
                                            const VerifyOptions& options) {
  if (message.content != ContentPresence::kAbsent) {
    return Error{Errc::kPolicy, "cms.has_content", "the message has content of its own"};
  }
  MemorySource nothing({});
  MemorySource content_source(content);
  const auto read = [&message](ByteSource&, ContentObserver&) -> Result<SignedData> {
    return std::move(message);
  };
  return internal::check_message({.message = nothing, .content = &content_source, .read = read}, options);
}

}  // namespace hutong::cms
