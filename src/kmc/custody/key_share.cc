#include "kmc/custody/key_share.h"

#include <array>
#include <utility>

#include "asn1/reader.h"
#include "asn1/tag.h"
#include "asn1/writer.h"
#include "base/encoding.h"
#include "crypto/constant_time.h"
#include "crypto/pbkdf2.h"
#include "crypto/pem.h"
#include "crypto/sm2.h"
#include "kmc/stores/sealing_key.h"
#include "net/ulid.h"

namespace hutong::kmc {
namespace {

constexpr std::string_view kPemLabel = "HUTONG KEY SHARE";
constexpr std::size_t kValueSize = 32;
constexpr std::size_t kSaltSize = 16;
constexpr std::size_t kKeySize = 16;
constexpr std::uint64_t kVersion = 1;
constexpr unsigned kMostShares = 255;
constexpr std::size_t kMostSealed = 1024;
constexpr asn1::Tag kForCertificate = asn1::context_constructed(0);
constexpr asn1::Tag kUnderPassword = asn1::context_constructed(1);

Error structure(std::string detail) { return {Errc::kMalformed, "key_share.structure", std::move(detail)}; }
Error share_does_not_open() {
  return {Errc::kUnauthorized, "key_share.open",
          "the share does not open: wrong key or password, or altered"};
}
Error other_protection() {
  return {Errc::kUnauthorized, "key_share.protection", "the share is protected in another way"};
}

void write_label(asn1::Writer& out, const ShareLabel& label) {
  out.small(kVersion);
  out.text(asn1::Tag::kUtf8String, label.master);
  out.small(label.threshold);
  out.small(label.shares);
  out.small(label.number);
  out.octet_string(label.check);
}

Bytes label_der(const ShareLabel& label) {
  asn1::Writer out;
  out.sequence([&](asn1::Writer& body) { write_label(body, label); });
  return std::move(out).take();
}

Result<unsigned> read_count(asn1::Reader& reader) {
  HUTONG_TRY(const std::uint64_t count, reader.read_small());
  if (count == 0 || count > kMostShares) {
    return structure("a count out of range");
  }
  return static_cast<unsigned>(count);
}

Result<ShareLabel> read_label(asn1::Reader& reader) {
  HUTONG_TRY(const std::uint64_t version, reader.read_small());
  ShareLabel label;
  HUTONG_TRY(const ByteView master, reader.read(asn1::Tag::kUtf8String));
  label.master = as_text(master);
  HUTONG_TRY(label.threshold, read_count(reader));
  HUTONG_TRY(label.shares, read_count(reader));
  HUTONG_TRY(label.number, read_count(reader));
  HUTONG_TRY(const ByteView check, reader.read_octet_string());
  const bool plausible = version == kVersion && net::is_ulid(label.master) && label.threshold >= 2 &&
                         label.threshold <= label.shares && label.number <= label.shares &&
                         check.size() == label.check.size();
  if (!plausible) {
    return structure("the label makes no sense");
  }
  std::ranges::copy(check, label.check.begin());
  return label;
}

Status read_sealed(asn1::Reader& reader, ShareFile& file) {
  HUTONG_TRY(const ByteView sealed, reader.read_octet_string());
  HUTONG_CHECK(reader.finish());
  if (sealed.empty() || sealed.size() > kMostSealed) {
    return structure("the encrypted share has an odd size");
  }
  file.sealed = to_bytes(sealed);
  return ok();
}

Status read_for_certificate(asn1::Reader reader, ShareFile& file) {
  file.protection = ShareProtection::kCertificate;
  HUTONG_TRY(const ByteView fingerprint, reader.read_octet_string());
  if (fingerprint.size() != crypto::kSm3DigestSize) {
    return structure("the certificate's fingerprint has an odd size");
  }
  file.fingerprint = to_hex(fingerprint);
  return read_sealed(reader, file);
}

Status read_under_password(asn1::Reader reader, ShareFile& file) {
  file.protection = ShareProtection::kPassword;
  HUTONG_TRY(const ByteView salt, reader.read_octet_string());
  HUTONG_TRY(file.rounds, reader.read_small());
  if (salt.size() != kSaltSize || file.rounds == 0) {
    return structure("the key derivation makes no sense");
  }
  if (file.rounds > crypto::kPbkdf2MostRounds) {
    return Error{Errc::kLimit, "pbkdf2.rounds", std::to_string(file.rounds)};
  }
  file.salt = to_bytes(salt);
  return read_sealed(reader, file);
}

Result<ShareFile> parse(ByteView der) {
  asn1::Reader outer(der);
  HUTONG_TRY(asn1::Reader reader, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  ShareFile file;
  HUTONG_TRY(file.label, read_label(reader));
  if (reader.next_is(kForCertificate)) {
    HUTONG_TRY(const asn1::Reader inner, reader.enter(kForCertificate));
    HUTONG_CHECK(read_for_certificate(inner, file));
  } else {
    HUTONG_TRY(const asn1::Reader inner, reader.enter(kUnderPassword));
    HUTONG_CHECK(read_under_password(inner, file));
  }
  HUTONG_CHECK(reader.finish());
  return file;
}

Result<SealingKey> password_key(std::string_view password, ByteView salt, std::uint64_t rounds) {
  HUTONG_TRY(const SecretBytes key,
             crypto::pbkdf2(crypto::DigestAlgorithm::kSm3, as_bytes(password), salt, rounds, kKeySize));
  return SealingKey::from_octets(key.expose());
}

/// The share inside, when it is the one of the label.
Result<crypto::SecretShare> checked(const ShareFile& file, const Result<SecretBytes>& octets) {
  if (!octets) {
    return share_does_not_open();
  }
  auto share = share_from(octets->expose());
  if (!share || share->number != file.label.number ||
      !crypto::constant_time_equal(share_check(file.label.master, *share), file.label.check)) {
    return share_does_not_open();
  }
  return share;
}

}  // namespace

crypto::Sm3Digest share_check(std::string_view master, const crypto::SecretShare& share) {
  crypto::Sm3 hash;
  hash.update(as_bytes("hutong-key-share-1\n"));
  hash.update(as_bytes(master));
  hash.update(std::array<std::uint8_t, 1>{share.number});
  hash.update(share.value.expose());
  return hash.finish();
}

SecretBytes share_octets(const crypto::SecretShare& share) {
  SecretBytes octets(1 + share.value.size());
  octets.writable()[0] = share.number;
  std::ranges::copy(share.value.expose(), octets.writable().subspan(1).begin());
  return octets;
}

Result<crypto::SecretShare> share_from(ByteView octets) {
  if (octets.size() != 1 + kValueSize || octets[0] == 0) {
    return Error{Errc::kMalformed, "key_share.octets", "a share is a number and 32 octets"};
  }
  return crypto::SecretShare{.number = octets[0], .value = SecretBytes::copy_of(octets.subspan(1))};
}

Result<ShareFile> protect_share(const ShareLabel& label, const crypto::SecretShare& share,
                                const x509::Certificate& custodian, crypto::RandomSource& random) {
  const auto& key = custodian.public_key();
  if (!key || key->sm2() == nullptr) {
    return Error{Errc::kPolicy, "key_share.certificate_key", "a custodian's certificate has an SM2 key"};
  }
  ShareFile file{.label = label,
                 .protection = ShareProtection::kCertificate,
                 .fingerprint = to_hex(custodian.sm3()),
                 .salt = {},
                 .sealed = {}};
  const SecretBytes octets = share_octets(share);
  HUTONG_TRY(file.sealed,
             crypto::sm2_encrypt(*key->sm2(), octets.expose(), crypto::Sm2CipherLayout::kAsn1, random));
  return file;
}

Result<ShareFile> protect_share(const ShareLabel& label, const crypto::SecretShare& share,
                                std::string_view password, std::uint64_t rounds,
                                crypto::RandomSource& random) {
  ShareFile file{.label = label,
                 .protection = ShareProtection::kPassword,
                 .fingerprint = {},
                 .salt = Bytes(kSaltSize),
                 .rounds = rounds,
                 .sealed = {}};
  random.fill(file.salt);
  HUTONG_TRY(const SealingKey key, password_key(password, file.salt, rounds));
  const SecretBytes octets = share_octets(share);
  HUTONG_TRY(file.sealed, key.seal(label_der(label), octets.expose(), random));
  return file;
}

std::string write_share(const ShareFile& file) {
  asn1::Writer out;
  out.sequence([&](asn1::Writer& body) {
    write_label(body, file.label);
    if (file.protection == ShareProtection::kCertificate) {
      body.constructed(kForCertificate, [&](asn1::Writer& inner) {
        inner.octet_string(from_hex(file.fingerprint).value());
        inner.octet_string(file.sealed);
      });
    } else {
      body.constructed(kUnderPassword, [&](asn1::Writer& inner) {
        inner.octet_string(file.salt);
        inner.small(file.rounds);
        inner.octet_string(file.sealed);
      });
    }
  });
  return crypto::write_pem(kPemLabel, out.view());
}

Result<ShareFile> read_share(ByteView file) {
  HUTONG_TRY(const auto blocks, crypto::read_pem(as_text(file)));
  if (blocks.size() != 1 || blocks.front().label != kPemLabel) {
    return structure("no key share");
  }
  return parse(blocks.front().der);
}

Result<crypto::SecretShare> open_share(const ShareFile& file, const cms::KeyOpener& custodian) {
  if (file.protection != ShareProtection::kCertificate) {
    return other_protection();
  }
  return checked(file, custodian.open(file.sealed, crypto::Sm2CipherLayout::kAsn1));
}

Result<crypto::SecretShare> open_share(const ShareFile& file, std::string_view password) {
  if (file.protection != ShareProtection::kPassword) {
    return other_protection();
  }
  HUTONG_TRY(const SealingKey key, password_key(password, file.salt, file.rounds));
  return checked(file, key.open(label_der(file.label), file.sealed));
}

}  // namespace hutong::kmc
