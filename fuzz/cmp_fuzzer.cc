// A message that is read is written and read again as the same; what it holds (information, enveloped keys,
// proofs of possession, protection) is judged without harm, and nobody but the fuzzer's own secret protects.

#include "cmp/client.h"
#include "cmp/encrypted_key.h"
#include "cmp/information.h"
#include "cmp/message.h"
#include "cmp/protection.h"
#include "fuzz/property.h"

namespace hutong::fuzz {
namespace {

Bytes written(const cmp::ReceivedMessage& message) {
  const cmp::Message copy{message.header, message.body, message.extra_certificates};
  return message.protection ? cmp::write_with_protection(copy, *message.protection)
                            : cmp::write_unprotected(copy);
}

void judge(const cmp::CertificateRequests& body) {
  for (const cmp::CertificateRequestMessage& request : body.requests) {
    const auto key = cmp::check_possession(request);
    require(key || !key.error().reason.empty(), "a refusal has a reason");
    require(!key || !request.fields.wants_key_pair(), "who proves a key has one");
    (void)request.old_certificate();
  }
}
void judge(const cmp::CertificateResponses& body) {
  for (const cmp::CertificateResponse& response : body.responses) {
    if (const auto key = cmp::read_enveloped_key(response.private_key); key) {
      const auto again = cmp::read_enveloped_key(cmp::write_enveloped_key(*key));
      require(again && *again == *key, "an enveloped key is written so that it is read");
    }
  }
}
void judge(const cmp::RevocationRequest& body) {
  for (const cmp::RevocationDetails& details : body.certificates) {
    (void)details.reason();
  }
}
void judge(const cmp::GeneralMessage& body) {
  for (const cmp::TypedValue& item : body.items) {
    (void)cmp::read_certificates_value(item);
    (void)cmp::read_crls_value(item);
    (void)cmp::read_root_certificate(item);
    (void)cmp::read_root_key_update(item);
    if (const auto lists = cmp::read_crl_status_list(item); lists) {
      require(cmp::read_crl_status_list(cmp::crl_status_list(*lists)).has_value(),
              "a status list is written so that it is read");
    }
  }
}
template <typename Other>
void judge(const Other&) {}

void check(const cmp::ReceivedMessage& message) {
  const Bytes der = written(message);
  const auto again = cmp::read_message(der);
  require(again.has_value(), "what was read is written so that it is read");
  require(written(*again) == der, "it is written in one way");
  require(cmp::type_of(again->body) == cmp::type_of(message.body), "it stays of its kind");
  const auto header = cmp::read_header(der);
  require(header && header->transaction_id == message.header.transaction_id, "its header is read alone");
  std::visit([](const auto& body) { judge(body); }, message.body);
  (void)cmp::certificate_profile(message.header);
  (void)cmp::enrolled_certificates(message);
  if (const auto signer = cmp::signer_certificate(message); signer) {
    (void)cmp::check_signature(message, *signer);
  }
  require(!cmp::check_password_mac(message, as_bytes("a secret that no seed was protected with")),
          "nobody else protects");
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  if (const auto message = cmp::read_message({data, size}); message) {
    fuzz::check(*message);
  } else {
    fuzz::require(!message.error().reason.empty(), "a refusal has a reason");
  }
  return 0;
}
