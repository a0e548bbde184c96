#pragma once

#include <string>

#include "ca/registration/key_centre.h"
#include "crypto/signature.h"
#include "net/client.h"
#include "x509/certificate.h"

namespace hutong::ca::registration {

/// The key management centre over the wire: the messages of cms/key_service.h (GM/T 0014), signed by both
/// sides, posted to /key-service over mutually authenticated TLS. The signer must outlive it.
class KeyCentreClient final : public KeyCentre {
 public:
  /// Who talks to whom: `own` is the certificate under which the centre knows this CA, `centre` the one that
  /// its answers are signed with.
  struct Parties {
    x509::Certificate own;
    const crypto::Signer& signer;
    x509::Certificate centre;
  };
  KeyCentreClient(net::Client client, Parties parties, std::string target = "/key-service");

  Result<Keys> apply(std::span<const cms::ApplyKeyRequest> requests, Time now) const override;
  Result<Keys> restore(std::span<const cms::RestoreKeyRequest> requests, Time now) const override;
  Result<std::vector<Status>> revoke(std::span<const cms::RevokeKeyRequest> requests,
                                     Time now) const override;

 private:
  Result<std::vector<cms::KeyResponse>> exchange(std::vector<cms::KeyRequest> requests, Time now) const;
  template <typename Request>
  Result<Keys> ask_for_keys(std::span<const Request> requests, cms::ReturnedKey::For reason, Time now) const;

  net::Client client_;
  Parties parties_;
  std::string target_;
};

}  // namespace hutong::ca::registration
