// A certificate that is read is read again as the same; a refusal says why; texts are UTF-8; the strict
// policy accepts exactly what has no quirk.

#include "base/encoding.h"
#include "fuzz/property.h"
#include "x509/certificate.h"
#include "x509/oid_names.h"

namespace hutong::fuzz {
namespace {

void check_name(const x509::Name& name) {
  require(is_utf8(name.to_string()) && is_utf8(name.display()), "a name's text is UTF-8");
  const auto again = x509::Name::parse(name.der());
  require(again && *again == name && again->hash() == name.hash(), "a name equals itself read again");
  require(name.is_within(name) && name.is_within(x509::Name()), "a name is within itself");
  const auto from_text = x509::Name::from_string(name.to_string());
  require(from_text || from_text.error().code == Errc::kMalformed, "a name's text is read or refused");
}

void check_extensions(const x509::CertificateExtensions& extensions) {
  for (const x509::Extension& extension : extensions.all) {
    require(!x509::oid_text(extension.oid).empty(), "every extension has a name");
  }
  for (const auto* names : {&extensions.subject_alt_name, &extensions.issuer_alt_name}) {
    if (*names) {
      for (const x509::GeneralName& name : **names) {
        require(is_utf8(name.to_string()), "a general name's text is UTF-8");
      }
    }
  }
  for (const auto& policy : extensions.policies.value_or(std::vector<x509::PolicyInformation>())) {
    for (const x509::PolicyQualifier& qualifier : policy.qualifiers) {
      require(is_utf8(qualifier.text()), "a qualifier's text is UTF-8");
    }
  }
}

void check(const x509::Certificate& certificate, ByteView input) {
  require(equal(certificate.der(), input), "the whole input is the certificate");
  const auto again = x509::Certificate::parse(certificate.der());
  require(again && *again == certificate && again->quirks() == certificate.quirks(),
          "it is read again the same");
  const bool strict = x509::Certificate::parse(input, x509::QuirkPolicy::strict()).has_value();
  require(strict == certificate.quirks().empty(), "strict reading refuses exactly the quirks");
  check_name(certificate.issuer());
  check_name(certificate.subject());
  check_extensions(certificate.extensions());
  for (const x509::IdentityValue& identity : certificate.identities()) {
    require(is_utf8(identity.text), "an identity's text is UTF-8");
  }
  require(certificate.public_key() || !certificate.is_self_signed(), "without a key nothing verifies");
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const ByteView input(data, size);
  const auto certificate = x509::Certificate::parse(input);
  if (certificate) {
    fuzz::check(*certificate, input);
  } else {
    fuzz::require(!certificate.error().reason.empty(), "a refusal has a reason");
  }
  const auto shown = x509::Certificate::parse(input, x509::QuirkPolicy::everything());
  fuzz::require(shown || !certificate, "what the standard policy reads, the widest reads");
  return 0;
}
