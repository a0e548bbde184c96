// Announcements of the next signer of trust lists: as messages, and as content that the present signer
// signed. What is accepted names a certificate and times that survive writing and reading.

#include "base/time.h"
#include "cms/sign.h"
#include "crypto/signature.h"
#include "fuzz/cms_identities.h"
#include "fuzz/property.h"
#include "recognition/list_signers.h"

namespace hutong::fuzz {
namespace {

struct PresentSigner {
  crypto::Sm2Signer key{private_key(kSignerKey)};
  x509::Certificate certificate = fuzz::certificate(kSignerCertificate);
  Time now = must(from_rfc3339("2026-06-15T00:00:00Z"));
};

void check(ByteView message, const PresentSigner& signer) {
  const auto read = recognition::read_announcement(message, signer.certificate, signer.now);
  if (!read) {
    require(!read.error().reason.empty(), "a refusal has a reason");
    return;
  }
  const auto written = recognition::write_announcement(*read, signer.key, signer.certificate, signer.now);
  require(written.has_value(), "what was read can be written");
  const auto again = recognition::read_announcement(*written, signer.certificate, signer.now);
  require(again && again->next == read->next && again->from == read->from && again->until == read->until,
          "an announcement survives writing and reading");
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  static const fuzz::PresentSigner signer;
  const ByteView input(data, size);
  fuzz::check(input, signer);
  cms::SignOptions options;
  options.signing_time = signer.now;
  const std::vector<cms::MessageSigner> signers = {{.key = signer.key, .certificate = signer.certificate}};
  if (const auto message = cms::sign_attached(input, signers, options)) {
    fuzz::check(*message, signer);
  }
  return 0;
}
