#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <optional>
#include <utility>

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

/// `issuer` is the certificate's own when it signs itself.
bool add_extension(X509& certificate, X509& issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return extension && X509_add_ext(&certificate, extension.get(), -1) == 1;
}

/// Each host as OpenSSL's lists name it; nothing when one is no host.
std::optional<std::string> listed(const std::vector<std::string>& hosts, std::string_view prefix,
                                  std::string_view address_end) {
  std::string names;
  for (const auto& host : hosts) {
    boost::system::error_code no_address;
    boost::asio::ip::make_address(host, no_address);
    if (!is_plain(host)) {
      return std::nullopt;
    }
    names.append(names.empty() ? "" : ",").append(prefix).append(no_address ? "DNS:" : "IP:").append(host);
    names.append(no_address ? "" : address_end);
  }
  return names;
}

bool add_extensions(X509& certificate, X509& issuer, const std::vector<std::string>& hosts) {
  const auto names = listed(hosts, "", "");
  return names && (names->empty() || add_extension(certificate, issuer, NID_subject_alt_name, *names)) &&
         add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(certificate, issuer, NID_key_usage, "critical,digitalSignature") &&
         add_extension(certificate, issuer, NID_ext_key_usage, "serverAuth,clientAuth");
}

bool add_authority_extensions(X509& certificate, const std::vector<std::string>& hosts) {
  const auto names = listed(hosts, "permitted;", "/255.255.255.255");
  return names && !names->empty() &&
         add_extension(certificate, certificate, NID_name_constraints, "critical," + *names) &&
         add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
         add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign") &&
         add_extension(certificate, certificate, NID_subject_key_identifier, "hash");
}

/// Everything but the issuer, the extensions and the signature.
bool fill(X509& certificate, EVP_PKEY& key, const SelfSigned& wanted) {
  return X509_set_version(&certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
         set_name(certificate, wanted.name) &&
         ASN1_TIME_set(X509_getm_notBefore(&certificate),
                       std::chrono::system_clock::to_time_t(wanted.not_before)) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(&certificate),
                       std::chrono::system_clock::to_time_t(wanted.not_after)) != nullptr &&
         X509_set_pubkey(&certificate, &key) == 1;
}

bool sign_itself(X509& certificate, EVP_PKEY& key, const SelfSigned& wanted) {
  return fill(certificate, key, wanted) && add_extensions(certificate, certificate, wanted.hosts) &&
         X509_sign(&certificate, &key, EVP_sha256()) > 0;
}

bool sign_authority(X509& authority, EVP_PKEY& key, const SelfSigned& wanted) {
  return fill(authority, key, wanted) && add_authority_extensions(authority, wanted.hosts) &&
         X509_sign(&authority, &key, EVP_sha256()) > 0;
}

bool sign_below(X509& certificate, EVP_PKEY& key, X509& authority, EVP_PKEY& authority_key,
                const SelfSigned& wanted) {
  return fill(certificate, key, wanted) &&
         X509_set_issuer_name(&certificate, X509_get_subject_name(&authority)) == 1 &&
         add_extensions(certificate, authority, wanted.hosts) &&
         add_extension(certificate, authority, NID_authority_key_identifier, "keyid") &&
         X509_sign(&certificate, &authority_key, EVP_sha256()) > 0;
}

ByteView octets_in(BIO& memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(&memory, &data);
  return as_bytes({data, size > 0 ? static_cast<std::size_t>(size) : 0});
}

Error not_made() { return {Errc::kMalformed, "tls.self_signed", internal::last_openssl_error()}; }

Result<Bytes> to_pem(X509& certificate) {
  const OwnedBio out(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_X509(out.get(), &certificate) != 1) {
    return Error{Errc::kInternal, "tls.self_signed", internal::last_openssl_error()};
  }
  return to_bytes(octets_in(*out));
}

Result<TlsIdentity> to_identity(X509& certificate, EVP_PKEY& key) {
  HUTONG_TRY(Bytes certificates, to_pem(certificate));
  const OwnedBio out(BIO_new(BIO_s_secmem()));
  if (PEM_write_bio_PKCS8PrivateKey(out.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return Error{Errc::kInternal, "tls.self_signed", internal::last_openssl_error()};
  }
  return TlsIdentity{.certificates = std::move(certificates), .key = SecretBytes::copy_of(octets_in(*out))};
}

}  // namespace

Result<TlsIdentity> make_self_signed(const SelfSigned& wanted) {
  const OwnedKey key(EVP_EC_gen("P-256"));
  const OwnedCertificate certificate(X509_new());
  if (!key || !certificate || !sign_itself(*certificate, *key, wanted)) {
    return not_made();
  }
  return to_identity(*certificate, *key);
}

Result<Confined> make_confined(const SelfSigned& wanted) {
  const OwnedKey authority_key(EVP_EC_gen("P-256"));
  const OwnedKey key(EVP_EC_gen("P-256"));
  const OwnedCertificate authority(X509_new());
  const OwnedCertificate certificate(X509_new());
  SelfSigned above = wanted;
  above.name += " CA";
  if (!authority_key || !key || !authority || !certificate ||
      !sign_authority(*authority, *authority_key, above) ||
      !sign_below(*certificate, *key, *authority, *authority_key, wanted)) {
    return not_made();
  }
  HUTONG_TRY(auto identity, to_identity(*certificate, *key));
  HUTONG_TRY(auto pem, to_pem(*authority));
  return Confined{.identity = std::move(identity), .authority = std::move(pem)};
}

}  // namespace hutong::net
