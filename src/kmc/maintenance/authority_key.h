#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "kmc/config.h"

namespace hutong::kmc {

/// A custodian at the machine: a share file with what opens it.
struct CustodianAtHand {
  std::filesystem::path share;
  std::optional<std::filesystem::path> identity;  ///< PKCS#12, for a share under a certificate
  std::string password;                           ///< of the identity, or of the share itself
};

/// Brings the centre's authority key back from its back-up (authority-key.backup of the initialisation) into
/// the key store, with as many custodians as the master key needs. kConflict "key_store.exists" when it is
/// there; kCryptoFail "enveloped_key.open" when the shares are too few or not of that back-up's master key;
/// what reading and opening shares and identities say.
Status recover_authority_key(const Config& config, const std::filesystem::path& backup,
                             const std::vector<CustodianAtHand>& custodians);

}  // namespace hutong::kmc
