#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"

/// What one side of a TLS connection shows and whom it believes. TLS 1.2 and 1.3 with forward secrecy and
/// authenticated ciphers only; RSA and ECDSA certificates (the system's OpenSSL has no SM2 cipher suites).
namespace hutong::net {

/// A certificate with its private key, as PEM.
struct TlsIdentity {
  Bytes certificates;  ///< our own first, then the intermediate ones
  SecretBytes key{0};  ///< not encrypted
};
/// What read_file says about either file.
Result<TlsIdentity> read_tls_identity(const std::filesystem::path& certificates,
                                      const std::filesystem::path& key);

/// A fresh P-256 key and a certificate that it signs itself: for two services of one operator that name each
/// other's certificate as the authority, and for tests. Believed by nobody else.
struct SelfSigned {
  std::string name;                ///< common name
  std::vector<std::string> hosts;  ///< DNS names and IP addresses a client may use
  Time not_before;
  Time not_after;
};
/// kMalformed "tls.self_signed" for a name or host that does not fit in a certificate.
Result<TlsIdentity> make_self_signed(const SelfSigned& wanted);

/// The same below an authority of its own, for a service that strangers' programs on this machine are told to
/// believe: the authority is confined to these hosts (RFC 5280 4.2.1.10), signs this one certificate, and its
/// key is thrown away.
struct Confined {
  TlsIdentity identity;
  Bytes authority;  ///< PEM
};
/// kMalformed "tls.self_signed", as above.
Result<Confined> make_confined(const SelfSigned& wanted);

enum class ClientCertificates : std::uint8_t {
  kNone,      ///< not asked for
  kIfGiven,   ///< asked for; one that does not verify ends the connection, none at all is fine
  kRequired,  ///< without one that verifies there is no connection
};

/// The server's side. Immutable; for any number of connections and threads.
class ServerTls {
 public:
  struct Settings;
  /// `authorities`: PEM; a client certificate must be one of these or be issued below one of them (not
  /// revoked is for the handler to say: it gets the certificate as Request::client_certificate). Left out
  /// with kNone. kMalformed "tls.certificate", "tls.key" (not readable, or not the certificate's),
  /// "tls.authorities".
  static Result<std::shared_ptr<const ServerTls>> create(
      const TlsIdentity& identity, ClientCertificates clients = ClientCertificates::kNone,
      ByteView authorities = {});
  const Settings& settings() const { return *settings_; }

 private:
  explicit ServerTls(std::shared_ptr<const Settings> settings) : settings_(std::move(settings)) {}
  std::shared_ptr<const Settings> settings_;
};

/// The client's side. Immutable; for any number of connections and threads.
class ClientTls {
 public:
  struct Settings;
  /// `authorities`: PEM; the server's certificate must be one of these or be issued below one of them, and
  /// carry the name or the address that was asked for. `identity`: shown when the server wants one. Errors as
  /// for ServerTls.
  static Result<std::shared_ptr<const ClientTls>> create(ByteView authorities,
                                                         const TlsIdentity* identity = nullptr);
  const Settings& settings() const { return *settings_; }

 private:
  explicit ClientTls(std::shared_ptr<const Settings> settings) : settings_(std::move(settings)) {}
  std::shared_ptr<const Settings> settings_;
};

}  // namespace hutong::net
