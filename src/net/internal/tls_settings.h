#pragma once

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "net/tls.h"

namespace hutong::net {

/// OpenSSL's context; mutable because a connection is made from a non-const one, which OpenSSL locks itself.
struct ServerTls::Settings {
  mutable boost::asio::ssl::context context{boost::asio::ssl::context::tls_server};
};
struct ClientTls::Settings {
  mutable boost::asio::ssl::context context{boost::asio::ssl::context::tls_client};
};

}  // namespace hutong::net

namespace hutong::net::internal {

template <auto Free>
struct OpensslDeleter {
  template <typename T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};
template <typename T, auto Free>
using Owned = std::unique_ptr<T, OpensslDeleter<Free>>;

using OwnedBio = Owned<BIO, BIO_free_all>;
using OwnedCertificate = Owned<X509, X509_free>;
using OwnedKey = Owned<EVP_PKEY, EVP_PKEY_free>;

/// What OpenSSL said last, and an empty error queue.
std::string last_openssl_error();
/// The peer's certificate as DER; empty when it showed none. After the handshake.
Bytes peer_certificate(SSL& connection);
/// Whom the handshake must prove to talk to: a DNS name (also sent as SNI) or an IP address.
Status expect_host(SSL& connection, const std::string& host);
/// Why the peer's certificate was not believed; empty when that was not the trouble.
std::string verification_failure(const SSL& connection);

}  // namespace hutong::net::internal
