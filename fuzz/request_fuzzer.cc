// A certificate request that is read is read again as the same; its texts are UTF-8; what a file is taken
// apart into never exceeds the file.

#include "base/encoding.h"
#include "fuzz/property.h"
#include "x509/certificate_request.h"
#include "x509/input.h"

namespace hutong::fuzz {
namespace {

void check(const x509::CertificateRequest& request, ByteView input) {
  require(equal(request.der(), input), "the whole input is the request");
  const auto again = x509::CertificateRequest::parse(request.der());
  require(again && equal(again->tbs(), request.tbs()) && again->quirks() == request.quirks(),
          "it is read again the same");
  require(is_utf8(request.subject().to_string()), "a name's text is UTF-8");
  require(is_utf8(request.challenge_password().value_or("")), "a password's text is UTF-8");
  const bool strict = x509::CertificateRequest::parse(input, x509::QuirkPolicy::strict()).has_value();
  require(strict == request.quirks().empty(), "strict reading refuses exactly the quirks");
  require(request.public_key() || !request.is_signed_by_own_key(), "without a key nothing verifies");
}

void check_file(ByteView input) {
  if (const auto file = x509::decode_input(input); file) {
    std::size_t octets = 0;
    for (const x509::InputObject& object : file->objects) {
      octets += object.der.size();
    }
    require(octets <= input.size(), "a file holds no more than its octets");
  }
  if (const auto certificates = x509::read_certificates(input); certificates) {
    require(!certificates->certificates.empty(), "a file that is read holds a certificate");
  }
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const ByteView input(data, size);
  if (const auto request = x509::CertificateRequest::parse(input); request) {
    fuzz::check(*request, input);
  } else {
    fuzz::require(!request.error().reason.empty(), "a refusal has a reason");
  }
  fuzz::check_file(input);
  return 0;
}
