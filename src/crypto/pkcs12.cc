#include <openssl/provider.h>

#include <algorithm>
#include <string>

#include "asn1/reader.h"
#include "crypto/internal/openssl.h"
#include "crypto/internal/pbes2.h"
#include "crypto/internal/private_key_der.h"
#include "crypto/key_file.h"
#include "crypto/public_key.h"

namespace hutong::crypto {
namespace {

constexpr unsigned kMostNestedBags = 4;
constexpr int kWrittenRounds = 65'536;

using Algorithm = const X509_ALGOR*;
using Bag = const PKCS12_SAFEBAG*;
using Certificate = ossl::Owned<X509, X509_free>;
using File = ossl::Owned<PKCS12, PKCS12_free>;
using KeyInfo = ossl::Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;
using Library = ossl::Owned<OSSL_LIB_CTX, OSSL_LIB_CTX_free>;
using Provider = ossl::Owned<OSSL_PROVIDER, OSSL_PROVIDER_unload>;

struct FreeBags {
  void operator()(STACK_OF(PKCS12_SAFEBAG) * bags) const {
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
  }
};
using Bags = std::unique_ptr<STACK_OF(PKCS12_SAFEBAG), FreeBags>;
struct FreeSafes {
  void operator()(STACK_OF(PKCS7) * safes) const { sk_PKCS7_pop_free(safes, PKCS7_free); }
};
using Safes = std::unique_ptr<STACK_OF(PKCS7), FreeSafes>;
struct FreeCertificates {
  void operator()(STACK_OF(X509) * certificates) const { sk_X509_pop_free(certificates, X509_free); }
};
using Certificates = std::unique_ptr<STACK_OF(X509), FreeCertificates>;

Error broken(std::string detail) { return {Errc::kMalformed, "pkcs12.format", std::move(detail)}; }
Error unsupported(std::string detail) { return {Errc::kPolicy, "pkcs12.unsupported", std::move(detail)}; }
Error wrong_password() {
  return {Errc::kUnauthorized, "pkcs12.password", "the password is wrong or the file was altered"};
}

/// RC2 and single 3DES of older files live in OpenSSL's legacy provider. It goes into a library context of
/// its own, so that nothing else in the process ever sees those ciphers. Where it is not installed, such
/// files are "pkcs12.unsupported".
OSSL_LIB_CTX* library_with_legacy() {
  struct Loaded {
    Library library{OSSL_LIB_CTX_new()};
    Provider usual{OSSL_PROVIDER_load(library.get(), "default")};
    Provider legacy{OSSL_PROVIDER_load(library.get(), "legacy")};
  };
  static const Loaded loaded;
  return loaded.library.get();
}

/// DER of any OpenSSL structure, in memory that is wiped.
template <typename T>
SecretBytes to_der(const T* value, int (*encode)(const T*, unsigned char**)) {
  SecretBytes der(static_cast<std::size_t>(std::max(encode(value, nullptr), 0)));
  unsigned char* at = der.writable().data();
  encode(value, &at);
  return der;
}

/// A NUL-terminated copy for OpenSSL.
SecretBytes terminated(std::string_view password) {
  SecretBytes out(password.size() + 1);
  std::ranges::copy(as_bytes(password), out.writable().begin());
  return out;
}

const char* c_str(const SecretBytes& text) { return reinterpret_cast<const char*>(text.expose().data()); }

/// No number in the parameters of a password-based cipher may be above the bound: the rounds are among them,
/// whatever the scheme.
Status check_numbers(asn1::Reader in, std::uint64_t most) {
  while (!in.at_end()) {
    if (in.next_is(asn1::Tag::kInteger)) {
      const auto number = in.read_small();
      if (!number || *number > most) {
        return Error{Errc::kLimit, "pbkdf2.rounds", "a password-based cipher with too many rounds"};
      }
    } else if (in.next_is(asn1::Tag::kSequence)) {
      HUTONG_TRY(asn1::Reader inner, in.enter_sequence());
      HUTONG_CHECK(check_numbers(inner, most));
    } else {
      HUTONG_CHECK(in.read_any());
    }
  }
  return ok();
}

Status check_work(Algorithm algorithm, const KeyFileLimits& limits) {
  const SecretBytes der = to_der<X509_ALGOR>(algorithm, i2d_X509_ALGOR);
  auto status = check_numbers(asn1::Reader(der.expose()), limits.most_rounds);
  return status || status.error().code == Errc::kLimit ? status : broken(status.error().detail);
}

/// One reading of one file.
class Pkcs12Reader {
 public:
  Pkcs12Reader(std::string_view password, const KeyFileLimits& limits)
      : password_(terminated(password)), password_size_(static_cast<int>(password.size())), limits_(limits) {}

  Result<Pkcs12Content> read(ByteView file) {
    HUTONG_TRY(const File parsed, parse(file));
    HUTONG_CHECK(check_integrity(parsed.get()));
    const Safes safes(PKCS12_unpack_authsafes(parsed.get()));
    if (!safes) {
      return broken("no authenticated safe inside");
    }
    for (int i = 0; i < sk_PKCS7_num(safes.get()); ++i) {
      HUTONG_CHECK(read_safe(sk_PKCS7_value(safes.get(), i)));
    }
    if (!content_.key && saw_other_key_) {
      return unsupported("the file holds no SM2 key");
    }
    put_own_certificate_first();
    return std::move(content_);
  }

 private:
  static Result<File> parse(ByteView file) {
    PKCS12* raw = PKCS12_init_ex(NID_pkcs7_data, library_with_legacy(), nullptr);
    const unsigned char* at = file.data();
    d2i_PKCS12(&raw, &at, static_cast<long>(file.size()));  // frees and clears on failure
    File parsed(raw);
    if (!parsed || at != file.data() + file.size()) {
      return broken("not a PKCS#12 file");
    }
    return parsed;
  }

  /// The password that the integrity check takes decides for the rest; for "" there are two ways to write it.
  Status check_integrity(PKCS12* file) {
    if (PKCS12_mac_present(file) != 1) {
      return ok();
    }
    const ASN1_INTEGER* rounds = nullptr;
    PKCS12_get0_mac(nullptr, nullptr, nullptr, &rounds, file);
    std::uint64_t count = 1;
    if (rounds != nullptr && (ASN1_INTEGER_get_uint64(&count, rounds) != 1 || count > limits_.most_rounds)) {
      return Error{Errc::kLimit, "pbkdf2.rounds", "an integrity check with too many rounds"};
    }
    integrity_checked_ = PKCS12_verify_mac(file, password(), password_size_) == 1;
    if (!integrity_checked_ && password_size_ == 0) {
      absent_password_ = true;
      integrity_checked_ = PKCS12_verify_mac(file, password(), password_size_) == 1;
    }
    return integrity_checked_ ? ok() : Status(wrong_password());
  }

  Status read_safe(PKCS7* safe) {
    const int type = OBJ_obj2nid(safe->type);
    if (type == NID_pkcs7_data) {
      const Bags bags(PKCS12_unpack_p7data(safe));
      return bags ? read_bags(bags.get(), 0) : Status(broken("a safe is broken"));
    }
    if (type != NID_pkcs7_encrypted) {
      return unsupported("a safe that is encrypted for a public key");
    }
    if (safe->d.encrypted == nullptr || safe->d.encrypted->enc_data == nullptr) {
      return broken("an encrypted safe is empty");
    }
    HUTONG_CHECK(check_work(safe->d.encrypted->enc_data->algorithm, limits_));
    const Bags bags(PKCS12_unpack_p7encdata(safe, password(), password_size_));
    return bags ? read_bags(bags.get(), 0) : Status(undecipherable(safe->d.encrypted->enc_data->algorithm));
  }

  Status read_bags(const STACK_OF(PKCS12_SAFEBAG) * bags, unsigned depth) {
    for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); ++i) {
      HUTONG_CHECK(read_bag(sk_PKCS12_SAFEBAG_value(bags, i), depth));
    }
    return ok();
  }

  Status read_bag(Bag bag, unsigned depth) {
    switch (PKCS12_SAFEBAG_get_nid(bag)) {
      case NID_keyBag:
        return add_key(PKCS12_SAFEBAG_get0_p8inf(bag));
      case NID_pkcs8ShroudedKeyBag:
        return read_shrouded_key(bag);
      case NID_certBag:
        return add_certificate(bag);
      case NID_safeContentsBag:
        if (depth == kMostNestedBags) {
          return Error{Errc::kLimit, "pkcs12.depth", "bags are nested too deeply"};
        }
        return read_bags(PKCS12_SAFEBAG_get0_safes(bag), depth + 1);
      default:
        return ok();  // CRLs and secrets are not asked for
    }
  }

  Status read_shrouded_key(Bag bag) {
    const X509_SIG* sealed = PKCS12_SAFEBAG_get0_pkcs8(bag);
    const SecretBytes der = to_der<X509_SIG>(sealed, i2d_X509_SIG);
    if (pbes2::is_pbes2(der.expose())) {
      return read_pbes2_key(der.expose());
    }
    Algorithm algorithm = nullptr;
    X509_SIG_get0(sealed, &algorithm, nullptr);
    HUTONG_CHECK(check_work(algorithm, limits_));
    const KeyInfo info(
        PKCS12_decrypt_skey_ex(bag, password(), password_size_, library_with_legacy(), nullptr));
    return info ? add_key(info.get()) : Status(undecipherable(algorithm));
  }

  Status read_pbes2_key(ByteView sealed) {
    auto plain = pbes2::decrypt(sealed, password_.expose().first(password_.size() - 1), limits_.most_rounds);
    if (plain) {
      return add_key_der(plain->expose());
    }
    if (plain.error().code == Errc::kUnauthorized) {
      return wrong_password();
    }
    return plain.error().code == Errc::kPolicy ? unsupported(plain.error().detail) : std::move(plain).error();
  }

  Status add_key(const PKCS8_PRIV_KEY_INFO* info) {
    const SecretBytes der = to_der<PKCS8_PRIV_KEY_INFO>(info, i2d_PKCS8_PRIV_KEY_INFO);
    return add_key_der(der.expose());
  }

  Status add_key_der(ByteView der) {
    if (content_.key) {
      return ok();
    }
    auto key = key_der::read_pkcs8(der);
    if (key) {
      content_.key = std::move(key).value();
      return ok();
    }
    if (key.error().code == Errc::kPolicy) {
      saw_other_key_ = true;
      return ok();
    }
    return key.error().reason == "key_file.format" ? broken(key.error().detail) : std::move(key).error();
  }

  Status add_certificate(Bag bag) {
    const Certificate certificate(PKCS12_SAFEBAG_get1_cert(bag));
    if (!certificate) {
      return broken("a certificate bag holds no X.509 certificate");
    }
    const SecretBytes der = to_der<X509>(certificate.get(), i2d_X509);
    content_.certificates.push_back(to_bytes(der.expose()));
    const SecretBytes spki = to_der<X509_PUBKEY>(X509_get_X509_PUBKEY(certificate.get()), i2d_X509_PUBKEY);
    const auto key = PublicKey::from_spki(spki.expose());
    certificate_keys_.push_back(key && key->sm2() != nullptr ? std::optional(*key->sm2()) : std::nullopt);
    return ok();
  }

  void put_own_certificate_first() {
    if (!content_.key) {
      return;
    }
    const auto own = std::ranges::find(certificate_keys_, std::optional(content_.key->public_key()));
    const auto index = own - certificate_keys_.begin();
    if (own != certificate_keys_.end()) {
      const auto first = content_.certificates.begin();
      std::rotate(first, first + index, first + index + 1);
    }
  }

  /// After a good integrity check the password is right, and the algorithm is at fault.
  Error undecipherable(Algorithm algorithm) const {
    const ASN1_OBJECT* oid = nullptr;
    X509_ALGOR_get0(&oid, nullptr, nullptr, algorithm);
    char name[80] = "";
    OBJ_obj2txt(name, sizeof name, oid, 0);
    return integrity_checked_ ? unsupported("cannot decrypt " + std::string(name)) : wrong_password();
  }

  const char* password() const { return absent_password_ ? nullptr : c_str(password_); }

  SecretBytes password_;
  int password_size_;
  KeyFileLimits limits_;
  bool absent_password_ = false;
  bool integrity_checked_ = false;
  bool saw_other_key_ = false;
  Pkcs12Content content_;
  std::vector<std::optional<Sm2PublicKey>> certificate_keys_;
};

Certificate certificate_from(ByteView der) {
  const unsigned char* at = der.data();
  return Certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

ossl::Key openssl_key(const Sm2PrivateKey& key) {
  const SecretBytes der = write_pkcs8(key);
  const unsigned char* at = der.expose().data();
  const KeyInfo info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
  return ossl::Key(info ? EVP_PKCS82PKEY(info.get()) : nullptr);
}

}  // namespace

Result<Pkcs12Content> read_pkcs12(ByteView file, std::string_view password, const KeyFileLimits& limits) {
  const ossl::ErrorScope errors;
  return Pkcs12Reader(password, limits).read(file);
}

Result<Bytes> write_pkcs12(const Sm2PrivateKey& key, const std::vector<Bytes>& certificates,
                           std::string_view password, std::string_view friendly_name) {
  const ossl::ErrorScope errors;
  Certificate own;
  const Certificates others(sk_X509_new_null());
  for (const Bytes& der : certificates) {
    Certificate certificate = certificate_from(der);
    if (!certificate) {
      return broken("not an X.509 certificate");
    }
    if (!own) {
      own = std::move(certificate);
    } else if (sk_X509_push(others.get(), certificate.get()) > 0) {
      static_cast<void>(certificate.release());  // the stack owns it now
    }
  }
  const ossl::Key private_key = openssl_key(key);
  if (own && X509_check_private_key(own.get(), private_key.get()) != 1) {
    return Error{Errc::kMalformed, "key_file.mismatch", "the first certificate is not that of the key"};
  }
  const SecretBytes secret = terminated(password);
  const std::string name(friendly_name);
  const File file(PKCS12_create(c_str(secret), name.c_str(), private_key.get(), own.get(), others.get(), 0, 0,
                                kWrittenRounds, kWrittenRounds, 0));
  if (!file) {
    return Error{Errc::kInternal, "pkcs12.failed", "OpenSSL cannot write the file"};
  }
  const SecretBytes der = to_der<PKCS12>(file.get(), i2d_PKCS12);
  return to_bytes(der.expose());
}

}  // namespace hutong::crypto
