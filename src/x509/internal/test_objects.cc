#include "x509/internal/test_objects.h"

#include <algorithm>
#include <stdexcept>

#include "asn1/oids.h"

namespace hutong::x509::test_objects {
namespace {

crypto::Sm2Signer signer_of(std::string_view d) {
  return crypto::Sm2Signer(crypto::Sm2PrivateKey::from_octets(test::hex(d)).value());
}

}  // namespace

const crypto::Sm2Signer& signer_a() {
  static const auto signer = signer_of("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8");
  return signer;
}

const crypto::Sm2Signer& root_signer() {
  static const auto signer = signer_of("81EB26E941BB5AF16DF116495F90695272AE2CD63D6C4AE1678418BE48230029");
  return signer;
}

Time time(std::string_view rfc3339) { return from_rfc3339(rfc3339).value(); }

Serial serial(std::string_view hex) { return Serial::from_hex(hex).value(); }

Bytes chain_der(std::string_view name) {
  for (const test::Vector& vector : test::load_vectors("x509/chain.vec")) {
    if (vector.text("name") == name) {
      return vector.hex("der");
    }
  }
  throw std::runtime_error("chain.vec has no such certificate");
}

Certificate chain_certificate(std::string_view name) { return Certificate::parse(chain_der(name)).value(); }

TbsCertificate sample_tbs() {
  using namespace asn1::oids;
  TbsCertificate tbs;
  tbs.serial = serial("1234");
  tbs.issuer = NameBuilder()
                   .add(kCountry, "CN")
                   .add(kOrganization, "Test CA")
                   .add(kCommonName, "Test SM2 Root")
                   .build();
  tbs.subject = NameBuilder().add(kCountry, "CN").add(kCommonName, "张三").build();
  tbs.not_before = time("2026-01-01T00:00:00Z");
  tbs.not_after = time("2036-01-01T00:00:00Z");
  tbs.spki = signer_a().public_key().to_spki();
  tbs.extensions = {extension::key_usage({KeyUsageBit::kDigitalSignature, KeyUsageBit::kNonRepudiation})};
  return tbs;
}

Bytes replaced(Bytes der, std::string_view hex_from, std::string_view hex_to) {
  const Bytes from = test::hex(hex_from);
  const Bytes to = test::hex(hex_to);
  const auto at = std::search(der.begin(), der.end(), from.begin(), from.end());
  if (at == der.end()) {
    throw std::runtime_error("nothing to replace in the DER");
  }
  const auto next = der.erase(at, at + static_cast<std::ptrdiff_t>(from.size()));
  der.insert(next, to.begin(), to.end());
  return der;
}

}  // namespace hutong::x509::test_objects
