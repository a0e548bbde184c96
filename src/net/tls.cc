#include "net/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <string_view>
#include <utility>

#include "base/file.h"
#include "net/internal/tls_settings.h"

namespace hutong::net {
namespace {

using internal::last_openssl_error;
using internal::OwnedBio;
using internal::OwnedCertificate;
using internal::OwnedKey;

constexpr std::size_t kMostPem = 4 << 20;
constexpr const char* kCiphersOfTls12 = "ECDHE+AESGCM:ECDHE+CHACHA20";

Error tls_error(std::string_view reason, std::string_view what) {
  return {Errc::kMalformed, reason, std::string(what) + ": " + last_openssl_error()};
}

OwnedBio reader_of(ByteView pem) {
  return OwnedBio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

/// An encrypted key is refused; OpenSSL would ask for its password on the terminal.
int no_password(char*, int, int, void*) { return 0; }

Result<std::vector<OwnedCertificate>> certificates_of(ByteView pem, std::string_view reason) {
  if (pem.size() > kMostPem) {
    return Error{Errc::kLimit, reason, "too large"};
  }
  const OwnedBio in = reader_of(pem);
  std::vector<OwnedCertificate> certificates;
  while (X509* one = PEM_read_bio_X509(in.get(), nullptr, no_password, nullptr)) {
    certificates.emplace_back(one);
  }
  const bool at_the_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (certificates.empty() || !at_the_end) {
    return tls_error(reason, "no certificates in PEM");
  }
  ERR_clear_error();
  return certificates;
}

Status use_identity(SSL_CTX* context, const TlsIdentity& identity) {
  HUTONG_TRY(auto certificates, certificates_of(identity.certificates, "tls.certificate"));
  if (SSL_CTX_use_certificate(context, certificates.front().get()) != 1) {
    return tls_error("tls.certificate", "the certificate cannot be used");
  }
  for (std::size_t i = 1; i < certificates.size(); ++i) {
    if (SSL_CTX_add1_chain_cert(context, certificates[i].get()) != 1) {
      return tls_error("tls.certificate", "an intermediate certificate cannot be used");
    }
  }
  const OwnedBio in = reader_of(identity.key.expose());
  const OwnedKey key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr));
  if (!key || SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
    return tls_error("tls.key", "no unencrypted PEM key that fits the certificate");
  }
  return ok();
}

/// A certificate named as an authority is believed itself, whether it is a root or not.
Status use_authorities(SSL_CTX* context, ByteView pem) {
  HUTONG_TRY(auto certificates, certificates_of(pem, "tls.authorities"));
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  for (const auto& certificate : certificates) {
    if (X509_STORE_add_cert(store, certificate.get()) != 1 ||
        SSL_CTX_add_client_CA(context, certificate.get()) != 1) {
      return tls_error("tls.authorities", "an authority cannot be used");
    }
  }
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  return ok();
}

Status set_protocol(SSL_CTX* context) {
  SSL_CTX_set_options(context,
                      SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(context, kCiphersOfTls12) != 1) {
    return Error{Errc::kInternal, "tls.protocol", last_openssl_error()};
  }
  return ok();
}

/// Without resumption, so that no ticket outlives the trust in a client's certificate.
void forget_sessions(SSL_CTX* context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context, 0);
}

}  // namespace

Result<TlsIdentity> read_tls_identity(const std::filesystem::path& certificates,
                                      const std::filesystem::path& key) {
  TlsIdentity identity;
  HUTONG_TRY(identity.certificates, read_file(certificates, kMostPem));
  HUTONG_TRY(Bytes octets, read_file(key, kMostPem));
  const ScopedWipe wiped(octets);
  identity.key = SecretBytes::copy_of(octets);
  return identity;
}

Result<std::shared_ptr<const ServerTls>> ServerTls::create(const TlsIdentity& identity,
                                                           ClientCertificates clients, ByteView authorities) {
  auto settings = std::make_shared<Settings>();
  SSL_CTX* context = settings->context.native_handle();
  HUTONG_CHECK(set_protocol(context));
  HUTONG_CHECK(use_identity(context, identity));
  if (clients != ClientCertificates::kNone) {
    HUTONG_CHECK(use_authorities(context, authorities));
    const int required = clients == ClientCertificates::kRequired ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | required, nullptr);
    forget_sessions(context);
  }
  return std::shared_ptr<const ServerTls>(new ServerTls(std::move(settings)));
}

Result<std::shared_ptr<const ClientTls>> ClientTls::create(ByteView authorities,
                                                           const TlsIdentity* identity) {
  auto settings = std::make_shared<Settings>();
  SSL_CTX* context = settings->context.native_handle();
  HUTONG_CHECK(set_protocol(context));
  HUTONG_CHECK(use_authorities(context, authorities));
  if (identity != nullptr) {
    HUTONG_CHECK(use_identity(context, *identity));
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return std::shared_ptr<const ClientTls>(new ClientTls(std::move(settings)));
}

}  // namespace hutong::net

namespace hutong::net::internal {

std::string last_openssl_error() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return reason == nullptr ? "unknown" : reason;
}

Bytes peer_certificate(SSL& connection) {
  const OwnedCertificate certificate(SSL_get1_peer_certificate(&connection));
  const int size = certificate ? i2d_X509(certificate.get(), nullptr) : 0;
  if (size <= 0) {
    return {};
  }
  Bytes der(static_cast<std::size_t>(size));
  std::uint8_t* at = der.data();
  i2d_X509(certificate.get(), &at);
  return der;
}

Status expect_host(SSL& connection, const std::string& host) {
  boost::system::error_code no_address;
  boost::asio::ip::make_address(host, no_address);
  X509_VERIFY_PARAM* expected = SSL_get0_param(&connection);
  X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const bool set = no_address ? SSL_set_tlsext_host_name(&connection, host.c_str()) == 1 &&
                                    X509_VERIFY_PARAM_set1_host(expected, host.data(), host.size()) == 1
                              : X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1;
  return set ? ok() : Status(Error{Errc::kMalformed, "client.url", "this is not a host: " + host});
}

std::string verification_failure(const SSL& connection) {
  const long result = SSL_get_verify_result(&connection);
  return result == X509_V_OK ? std::string() : X509_verify_cert_error_string(result);
}

}  // namespace hutong::net::internal
