#include "kmc/maintenance/authority_key.h"

#include <utility>

#include "base/file.h"
#include "cms/enveloped_key.h"
#include "crypto/key_file.h"
#include "crypto/secret_sharing.h"
#include "kmc/centre.h"
#include "kmc/custody/key_share.h"

namespace hutong::kmc {
namespace {

constexpr std::size_t kMostCustodianFile = 64 * 1024;

Result<crypto::SecretShare> share_of(const CustodianAtHand& custodian) {
  HUTONG_TRY(const Bytes text, read_file(custodian.share, kMostCustodianFile));
  HUTONG_TRY(const ShareFile file, read_share(text));
  if (!custodian.identity) {
    return open_share(file, std::string_view(custodian.password));
  }
  HUTONG_TRY(const Bytes pkcs12, read_file(*custodian.identity, kMostCustodianFile));
  HUTONG_TRY(const auto identity, crypto::read_pkcs12(pkcs12, custodian.password));
  if (!identity.key) {
    return Error{Errc::kPolicy, "pkcs12.unsupported", "no SM2 key in " + custodian.identity->string()};
  }
  return open_share(file, cms::Sm2KeyOpener(*identity.key));
}

}  // namespace

Status recover_authority_key(const Config& config, const std::filesystem::path& backup,
                             const std::vector<CustodianAtHand>& custodians) {
  const auto file = config.key_folder / (std::string(kAuthorityKey) + ".key");
  if (std::filesystem::exists(file)) {
    return Error{Errc::kConflict, "key_store.exists", file.string() + " is there"};
  }
  std::vector<crypto::SecretShare> shares;
  for (const CustodianAtHand& custodian : custodians) {
    HUTONG_TRY(auto share, share_of(custodian));
    shares.push_back(std::move(share));
  }
  HUTONG_TRY(const SecretBytes d, crypto::combine_shares(shares));
  const auto master = crypto::Sm2PrivateKey::from_octets(d.expose());
  HUTONG_TRY(const Bytes envelope, read_file(backup, kMostCustodianFile));
  const auto key = master ? cms::unwrap_key_pair(envelope, cms::Sm2KeyOpener(*master)) : master.error();
  if (!key) {
    return Error{Errc::kCryptoFail, "enveloped_key.open",
                 "too few shares, or not those of this back-up's master key"};
  }
  HUTONG_TRY(const SecretBytes password, read_key_password(config));
  HUTONG_TRY(const Bytes encrypted, crypto::write_encrypted_pkcs8(*key, as_text(password.expose())));
  return write_file(file, encrypted, FileMode::kPrivate);
}

}  // namespace hutong::kmc
