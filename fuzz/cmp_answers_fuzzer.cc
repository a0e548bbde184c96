// Answers of vendors over CMP: whatever is read is judged, or refused with a reason that blames the vendor;
// what came of an order is either certificates for its request or a wait that ends.

#include "ca_connector/cmp_answers.h"
#include "fuzz/cms_identities.h"
#include "fuzz/property.h"
#include "x509/builder.h"

namespace hutong::fuzz {
namespace {

template <typename T>
bool is_read(const Result<T>& answer) {
  if (!answer) {
    const Error& error = answer.error();
    require(error.code == Errc::kUnavailable &&
                (error.reason == "connector.answer" || error.reason == "connector.refused"),
            "a refusal says whose fault it is");
  }
  return answer.has_value();
}

/// For the key of the sample chain's signer, whose certificate is in the seeds.
const x509::CertificateRequest& request() {
  static const x509::CertificateRequest made = [] {
    const crypto::Sm2Signer signer(private_key(kSignerKey));
    const auto der = must(x509::sign(
        x509::TbsCertificateRequest{
            .subject = certificate(kSignerCertificate).subject(), .challenge_password = {}, .extensions = {}},
        signer));
    return must(x509::CertificateRequest::parse(der.view()));
  }();
  return made;
}

void judge(const cmp::ReceivedMessage& answer) {
  if (const auto authorities = ca_connector::read_authorities(answer); is_read(authorities)) {
    require(!authorities->empty(), "a CA has a certificate");
  }
  if (const auto progress = ca_connector::read_progress(answer, request()); is_read(progress)) {
    require(progress->check_after.count() >= 0, "nobody waits for the past");
    require(progress->certificates.size() <= 2, "no more than was ordered");
    require(progress->certificates.empty() ||
                equal(progress->certificates.front().certificate.spki(), request().spki()),
            "a certificate is for the key that it was ordered for");
  }
  is_read(ca_connector::read_confirmed(answer));
  is_read(ca_connector::read_revoked(answer));
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  if (const auto answer = cmp::read_message({data, size}); answer) {
    fuzz::judge(*answer);
  } else {
    const Error blamed = ca_connector::blame(answer.error());
    fuzz::require(blamed.reason == "connector.answer", "what is no message is an odd answer");
  }
  return 0;
}
