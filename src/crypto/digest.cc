#include "crypto/digest.h"

#include <cstdlib>
#include <variant>

#include "asn1/oids.h"
#include "crypto/internal/openssl.h"
#include "crypto/sm3.h"

namespace hutong::crypto {
namespace {

struct DigestProperties {
  DigestAlgorithm algorithm;
  std::size_t size;
  const char* name;
  asn1::Oid oid;
};

/// In the order of the enumerators.
constexpr DigestProperties kDigests[] = {
    {DigestAlgorithm::kSm3, 32, "SM3", asn1::oids::kSm3},
    {DigestAlgorithm::kSha1, 20, "SHA-1", asn1::oids::kSha1},
    {DigestAlgorithm::kSha224, 28, "SHA-224", asn1::oids::kSha224},
    {DigestAlgorithm::kSha256, 32, "SHA-256", asn1::oids::kSha256},
    {DigestAlgorithm::kSha384, 48, "SHA-384", asn1::oids::kSha384},
    {DigestAlgorithm::kSha512, 64, "SHA-512", asn1::oids::kSha512},
};

const DigestProperties& properties(DigestAlgorithm algorithm) {
  return kDigests[static_cast<std::size_t>(algorithm)];
}

using OwnedDigest = ossl::Owned<EVP_MD, EVP_MD_free>;

template <DigestAlgorithm kAlgorithm>
const EVP_MD* fetched() {
  static const OwnedDigest digest(EVP_MD_fetch(nullptr, properties(kAlgorithm).name, nullptr));
  return digest.get();
}

}  // namespace

const EVP_MD* ossl::message_digest(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::kSm3:
      return fetched<DigestAlgorithm::kSm3>();
    case DigestAlgorithm::kSha1:
      return fetched<DigestAlgorithm::kSha1>();
    case DigestAlgorithm::kSha224:
      return fetched<DigestAlgorithm::kSha224>();
    case DigestAlgorithm::kSha256:
      return fetched<DigestAlgorithm::kSha256>();
    case DigestAlgorithm::kSha384:
      return fetched<DigestAlgorithm::kSha384>();
    case DigestAlgorithm::kSha512:
      return fetched<DigestAlgorithm::kSha512>();
  }
  return nullptr;
}

std::size_t digest_size(DigestAlgorithm algorithm) { return properties(algorithm).size; }

std::string_view digest_name(DigestAlgorithm algorithm) { return properties(algorithm).name; }

asn1::Oid digest_oid(DigestAlgorithm algorithm) { return properties(algorithm).oid; }

std::optional<DigestAlgorithm> digest_from_oid(const asn1::Oid& oid) {
  for (const DigestProperties& candidate : kDigests) {
    if (candidate.oid == oid) {
      return candidate.algorithm;
    }
  }
  return std::nullopt;
}

/// Hashing cannot fail on input; when OpenSSL's does, memory ran out or the library is broken.
struct Digest::State {
  explicit State(DigestAlgorithm algorithm) {
    if (algorithm != DigestAlgorithm::kSm3) {
      context_ = ossl::DigestContext(EVP_MD_CTX_new());
      start(algorithm);
    }
  }

  void start(DigestAlgorithm algorithm) {
    require(EVP_DigestInit_ex2(context_.get(), ossl::message_digest(algorithm), nullptr));
  }

  void update(ByteView data) {
    if (context_) {
      require(EVP_DigestUpdate(context_.get(), data.data(), data.size()));
    } else {
      sm3_.update(data);
    }
  }

  Bytes finish(DigestAlgorithm algorithm) {
    if (!context_) {
      return to_bytes(sm3_.finish());
    }
    Bytes out(digest_size(algorithm));
    require(EVP_DigestFinal_ex(context_.get(), out.data(), nullptr));
    start(algorithm);
    return out;
  }

 private:
  static void require(int success) {
    if (success != 1) {
      std::abort();
    }
  }

  Sm3 sm3_;
  ossl::DigestContext context_;  ///< null for SM3
};

Digest::Digest(DigestAlgorithm algorithm)
    : algorithm_(algorithm), state_(std::make_unique<State>(algorithm)) {}
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;
Digest::~Digest() = default;

void Digest::update(ByteView data) { state_->update(data); }

Bytes Digest::finish() { return state_->finish(algorithm_); }

Bytes digest(DigestAlgorithm algorithm, ByteView data) {
  if (algorithm == DigestAlgorithm::kSm3) {
    return to_bytes(sm3(data));
  }
  Digest state(algorithm);
  state.update(data);
  return state.finish();
}

}  // namespace hutong::crypto
