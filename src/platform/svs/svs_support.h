#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/time.h"
#include "demonstration/region.h"
#include "net/http.h"
#include "platform/svs/svs_handlers.h"
#include "platform/svs/svs_service.h"
#include "platform/trust/trust_keeper.h"
#include "x509/certificate.h"

namespace hutong::platform::svs::test {

inline constexpr std::string_view kCode = "trading-system-1";  ///< authorises key 1, the supplier's
inline constexpr std::uint64_t kSm2Method = 0x00020201;

/// The demonstration region and a server in it, without a network. The supplier's key has index 1; the folder
/// of certificates holds those of the supplier, the purchaser and the agency whose certificate is revoked.
class World {
 public:
  World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  const demonstration::Region& region() const { return *region_; }
  const x509::Certificate& expired() const { return expired_->certificate; }
  const demonstration::Identity& expired_holder() const { return *expired_; }
  const demonstration::Identity& stranger() const { return *stranger_; }  ///< of a CA nobody accredited
  const std::filesystem::path& folder() const { return folder_; }
  const TrustKeeper& trust() const { return *trust_; }
  const Clock& clock() const { return *clock_; }
  const Service& service() const { return *service_; }
  const Handlers& handlers() const { return *handlers_; }
  /// A server on these files; throws when it cannot be.
  Inventory inventory() const;

  Packet ask(Type type, const Packet& request) const { return service_->answer(type, request, "192.0.2.1"); }
  Result<net::Response> post(const std::string& type, const std::string& content_type,
                             std::string_view body) const;

 private:
  void write(const std::string& name, ByteView content) const;

  std::filesystem::path folder_;
  std::unique_ptr<demonstration::Region> region_;
  std::unique_ptr<demonstration::Identity> expired_;
  std::unique_ptr<demonstration::Identity> stranger_;
  std::unique_ptr<FixedClock> clock_;
  std::unique_ptr<TrustKeeper> trust_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<Handlers> handlers_;
};

Code code_in(const Packet& answer);
Bytes octets_of(std::string_view text);
Bytes der_of(const x509::Certificate& certificate);
/// A verifySignedData request about `data`, signed with the identity's key, its certificate given.
Packet verify_request(const demonstration::Identity& signer, std::string_view data, std::uint64_t level);
/// The same members for signData and signMessage with key 1.
Packet sign_request(std::string_view data);

}  // namespace hutong::platform::svs::test
