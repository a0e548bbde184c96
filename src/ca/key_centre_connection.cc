#include "ca/key_centre_connection.h"

#include <utility>

#include "base/file.h"
#include "net/tls.h"

namespace hutong::ca {
namespace {

constexpr std::size_t kMostTlsAuthorities = 4 << 20;

}  // namespace

Result<net::Client> connect_key_centre(const KeyCentreConfig& config) {
  HUTONG_TRY(const Bytes authorities, read_file(config.tls_authority, kMostTlsAuthorities));
  HUTONG_TRY(const auto identity, net::read_tls_identity(config.tls_certificate, config.tls_key));
  HUTONG_TRY(auto tls, net::ClientTls::create(authorities, &identity));
  return net::Client::create(config.url, {.tls = std::move(tls)});
}

}  // namespace hutong::ca
