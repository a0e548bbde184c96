#pragma once

#include <string_view>

#include "base/bytes.h"
#include "crypto/signature.h"
#include "crypto/sm2.h"
#include "tests/support/support.h"
#include "x509/builder.h"

namespace hutong::x509::test_objects {

/// The sample private keys of GB/T 32918.5 (annex A key, and the keys of its key exchange example).
const crypto::Sm2Signer& signer_a();  ///< holds the key of "signing" in chain.vec
const crypto::Sm2Signer& root_signer();

Time time(std::string_view rfc3339);
Serial serial(std::string_view hex);
/// The certificate of chain.vec by its name.
Certificate chain_certificate(std::string_view name);
/// DER from chain.vec.
Bytes chain_der(std::string_view name);

/// A small end entity certificate of the sample root, to be varied.
TbsCertificate sample_tbs();
/// Replaces the first occurrence; throws when there is none.
Bytes replaced(Bytes der, std::string_view hex_from, std::string_view hex_to);

}  // namespace hutong::x509::test_objects
