#include "ca/registration/request_check.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "base/encoding.h"
#include "crypto/sm2.h"
#include "crypto/sm3.h"
#include "x509/certificate_request.h"

namespace hutong::ca::registration {
namespace {

using XCoordinate = std::array<std::uint8_t, 32>;

/// GB/T 32918.5 and GM/T 0003.5: signature, key exchange (both parties), encryption.
constexpr std::array<std::string_view, 4> kPrintedKeys{
    "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8",
    "81EB26E941BB5AF16DF116495F90695272AE2CD63D6C4AE1678418BE48230029",
    "785129917D45A9EA5437A59356B82338EAADDA6CEB199088F14AE10DEFA229B5",
    "128B2FA8BD433C6C068C8D803DFF79792A519A55171B1B650C23661D15897263",
};

/// A point and its negative have the same x.
XCoordinate x_of(const crypto::Sm2PublicKey& key) {
  XCoordinate x{};
  std::copy_n(key.octets().begin() + 1, x.size(), x.begin());
  return x;
}

std::set<XCoordinate> weak_coordinates() {
  std::set<XCoordinate> weak;
  const auto add = [&weak](ByteView d) {
    if (const auto key = crypto::Sm2PrivateKey::from_octets(d)) {
      weak.insert(x_of(key->public_key()));
    }
  };
  for (unsigned small = 1; small <= 256; ++small) {
    Bytes d(32, 0);
    d[30] = static_cast<std::uint8_t>(small >> 8);
    d[31] = static_cast<std::uint8_t>(small);
    add(d);
  }
  for (const std::string_view printed : kPrintedKeys) {
    add(from_hex(printed).value());
  }
  return weak;
}

}  // namespace

bool is_weak(const crypto::Sm2PublicKey& key) {
  static const std::set<XCoordinate> weak = weak_coordinates();
  return weak.contains(x_of(key));
}

Result<CheckedRequest> check_proven_key(const crypto::PublicKey& key) {
  if (key.sm2() != nullptr && is_weak(*key.sm2())) {
    return Error{Errc::kPolicy, "order.key_weak", "the private key of this request is known to everybody"};
  }
  return CheckedRequest{key, to_bytes(crypto::sm3(key.to_spki()))};
}

Result<CheckedRequest> check_request(ByteView der) {
  HUTONG_TRY(const auto request, x509::CertificateRequest::parse(der));
  const auto& key = request.public_key();
  if (!key || key->sm2() == nullptr) {
    return Error{Errc::kPolicy, "order.key_algorithm", "only SM2 keys are certified"};
  }
  HUTONG_TRY(auto checked, check_proven_key(*key));
  if (!request.is_signed_by_own_key()) {
    return Error{Errc::kCryptoFail, "order.possession",
                 "the request is not signed by the key that it asks a certificate for"};
  }
  return checked;
}

}  // namespace hutong::ca::registration
