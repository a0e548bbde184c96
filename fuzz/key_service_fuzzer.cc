// The input is the signed part of a message; the fuzzer signs it, since nothing unsigned is read. What is
// read is written and read again as the same.

#include "asn1/reader.h"
#include "asn1/writer.h"
#include "cms/key_service.h"
#include "fuzz/cms_identities.h"
#include "fuzz/property.h"

namespace hutong::fuzz {
namespace {

const crypto::Sm2Signer& signer() {
  static const crypto::Sm2Signer signer(private_key(kSignerKey));
  return signer;
}
const x509::Certificate& sender() {
  static const x509::Certificate sender = certificate(kSignerCertificate);
  return sender;
}

Bytes signed_message(ByteView body) {
  asn1::Writer out;
  out.sequence([body](asn1::Writer& message) {
    message.raw(body);
    message.raw(signer().algorithm().to_der());
    message.octet_string(must(signer().sign(body)));
  });
  return std::move(out).take();
}

Bytes body_of(ByteView message) {
  asn1::Reader outer(message);
  auto reader = must(outer.enter_sequence());
  const ByteView body = must(reader.read_element(asn1::Tag::kSequence)).encoded;
  return {body.begin(), body.end()};
}

template <typename Message>
void check(const Result<Message>& read, Result<Message> (*read_again)(ByteView, const x509::Certificate&)) {
  if (!read) {
    require(!read.error().reason.empty(), "a refusal has a reason");
    return;
  }
  const Bytes written = must(cms::sign_key_service(*read, signer()));
  const auto again = read_again(written, sender());
  require(again.has_value(), "what was read is written so that it is read");
  require(body_of(must(cms::sign_key_service(*again, signer()))) == body_of(written),
          "it is written in one way");
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const Bytes message = fuzz::signed_message({data, size});
  fuzz::check(cms::read_key_service_request(message, fuzz::sender()), cms::read_key_service_request);
  fuzz::check(cms::read_key_service_response(message, fuzz::sender()), cms::read_key_service_response);
  return 0;
}
