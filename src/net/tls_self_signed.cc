#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <chrono>

#include "net/internal/tls_settings.h"

namespace hutong::net {
namespace {

using internal::Owned;
using internal::OwnedBio;
using internal::OwnedCertificate;
using internal::OwnedKey;

constexpr int kSerialBits = 127;  // positive, and at most 16 octets

bool set_serial(X509& certificate) {
  const Owned<BIGNUM, BN_free> number(BN_new());
  return number && BN_rand(number.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(&certificate)) != nullptr;
}

bool set_name(X509& certificate, const std::string& name) {
  X509_NAME* subject = X509_get_subject_name(&certificate);
  return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(name.data()),
                                    static_cast<int>(name.size()), -1, 0) == 1 &&
         X509_set_issuer_name(&certificate, subject) == 1;
}

/// OpenSSL reads lists separated by commas; whatever would start a second entry is no host.
bool is_plain(const std::string& host) {
  return !host.empty() &&
         host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-*") ==
             std::string::npos;
}

bool add_extension(X509& certificate, int kind, const std::string& value) {
  const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
  return extension && X509_add_ext(&certificate, extension.get(), -1) == 1;
}

bool add_extensions(X509& certificate, const std::vector<std::string>& hosts) {
  std::string names;
  for (const auto& host : hosts) {
    boost::system::error_code no_address;
    boost::asio::ip::make_address(host, no_address);
    if (!is_plain(host)) {
      return false;
    }
    names.append(names.empty() ? "" : ",").append(no_address ? "DNS:" : "IP:").append(host);
  }
  return (names.empty() || add_extension(certificate, NID_subject_alt_name, names)) &&
         add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
         add_extension(certificate, NID_ext_key_usage, "serverAuth,clientAuth");
}

bool fill(X509& certificate, EVP_PKEY& key, const SelfSigned& wanted) {
  return X509_set_version(&certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
         set_name(certificate, wanted.name) &&
         ASN1_TIME_set(X509_getm_notBefore(&certificate),
                       std::chrono::system_clock::to_time_t(wanted.not_before)) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(&certificate),
                       std::chrono::system_clock::to_time_t(wanted.not_after)) != nullptr &&
         X509_set_pubkey(&certificate, &key) == 1 && add_extensions(certificate, wanted.hosts) &&
         X509_sign(&certificate, &key, EVP_sha256()) > 0;
}

ByteView octets_in(BIO& memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(&memory, &data);
  return as_bytes({data, size > 0 ? static_cast<std::size_t>(size) : 0});
}

}  // namespace

Result<TlsIdentity> make_self_signed(const SelfSigned& wanted) {
  const OwnedKey key(EVP_EC_gen("P-256"));
  const OwnedCertificate certificate(X509_new());
  if (!key || !certificate || !fill(*certificate, *key, wanted)) {
    return Error{Errc::kMalformed, "tls.self_signed", internal::last_openssl_error()};
  }
  const OwnedBio certificate_out(BIO_new(BIO_s_mem()));
  const OwnedBio key_out(BIO_new(BIO_s_secmem()));
  if (PEM_write_bio_X509(certificate_out.get(), certificate.get()) != 1 ||
      PEM_write_bio_PKCS8PrivateKey(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return Error{Errc::kInternal, "tls.self_signed", internal::last_openssl_error()};
  }
  return TlsIdentity{.certificates = to_bytes(octets_in(*certificate_out)),
                     .key = SecretBytes::copy_of(octets_in(*key_out))};
}

}  // namespace hutong::net
