#pragma once

#include "base/result.h"
#include "ca/config.h"
#include "net/client.h"

namespace hutong::ca {

/// The connection to the key management centre, mutually authenticated: it believes us by our TLS
/// certificate, we believe it by the authority of the configuration. The reasons of read_file(),
/// net::read_tls_identity(), net::ClientTls::create() and net::Client::create().
Result<net::Client> connect_key_centre(const KeyCentreConfig& config);

}  // namespace hutong::ca
