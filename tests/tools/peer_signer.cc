#include "tests/tools/peer_signer.h"

#include <utility>

#include "crypto/internal/openssl_peer.h"
#include "crypto/public_key.h"

namespace hutong::test {
namespace {

class PeerSigner final : public crypto::Signer {
 public:
  PeerSigner(crypto::ossl::Key key, crypto::SignatureScheme scheme, crypto::DigestAlgorithm digest)
      : key_(std::move(key)),
        public_key_(crypto::PublicKey::from_spki(crypto::peer::spki(key_)).value()),
        algorithm_{scheme, digest} {}
  const crypto::PublicKey& public_key() const override { return public_key_; }
  crypto::SignatureAlgorithm algorithm() const override { return algorithm_; }
  Result<Bytes> sign(ByteView message) const override {
    return crypto::peer::sign(key_, algorithm_.digest, message).signature;
  }
  Result<Bytes> sign_digest(ByteView) const override {
    return Error{Errc::kInternal, "peer_signer.digest", "signs whole messages only"};
  }

 private:
  crypto::ossl::Key key_;
  crypto::PublicKey public_key_;
  crypto::SignatureAlgorithm algorithm_;
};

}  // namespace

std::shared_ptr<const crypto::Signer> rsa_signer(unsigned bits, crypto::DigestAlgorithm digest) {
  return std::make_shared<PeerSigner>(crypto::peer::generate_rsa(bits), crypto::SignatureScheme::kRsaPkcs1,
                                      digest);
}

std::shared_ptr<const crypto::Signer> p256_signer() {
  return std::make_shared<PeerSigner>(crypto::peer::generate_ec("P-256"), crypto::SignatureScheme::kEcdsa,
                                      crypto::DigestAlgorithm::kSha256);
}

}  // namespace hutong::test
