#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "net/client.h"
#include "net/exposition.h"
#include "net/json.h"
#include "platform/revocation/revocation_sources.h"
#include "platform/trust/trust_keeper.h"

namespace hutong::platform {

/// Fetches revocation lists before anybody asks: from the addresses that the trust list names for its
/// services and from those that recognised certificates and fetched lists name. A list gets into the
/// revocation folder, where TrustKeeper finds it, only when it is signed by the authority whose address it is
/// and not older than the one before; so whoever sits on the way can withhold a list, until its next update
/// is due, but neither change nor turn back one.
///
/// Redirects are not followed, answers are bounded, and what else an address answers is shown to nobody.
class RevocationFetcher {
 public:
  struct Settings {
    std::filesystem::path folder;
    std::chrono::seconds interval{
        60};  ///< how often an address is asked; after failures up to a quarter hour
    net::ClientOptions client{.timeout = std::chrono::minutes(2), .answer_limit = std::size_t{256} << 20};
  };
  RevocationFetcher(Settings settings, TrustKeeper& trust, const Clock& clock);
  RevocationFetcher(const RevocationFetcher&) = delete;
  RevocationFetcher& operator=(const RevocationFetcher&) = delete;
  /// Waits for the requests in flight.
  ~RevocationFetcher();

  /// From now on on threads of its own, several, so that an address that hangs holds up no other.
  void start();
  /// Asks one address whose time has come, in this thread. False when there is none.
  bool fetch_one();
  RevocationSources& sources() { return sources_; }
  const RevocationSources& sources() const { return sources_; }

 private:
  void work();
  Status ask(RevocationSource& source);
  Status accept(RevocationSource& source, std::string_view answer);
  void plan(RevocationSource& source, const Status& outcome) const;
  std::filesystem::path file_of(const RevocationSource& source) const;

  Settings settings_;
  TrustKeeper* trust_;
  const Clock* clock_;
  RevocationSources sources_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::vector<std::jthread> workers_;  ///< last: they use the others
};

/// The list in an answer, when one of `issuers` signed it. kMalformed "revocation.kind" and what Crl::parse
/// says; kPolicy "revocation.issuer" (another authority's), "revocation.signature".
Result<x509::Crl> read_revocation_list(ByteView answer, std::span<const x509::Certificate> issuers);

/// GET /api/v1/revocation-sources
net::Json to_json(const RevocationSource& source);
/// How many there are, and how many do not answer well.
void expose(net::Exposition& out, const std::vector<RevocationSource>& sources);

}  // namespace hutong::platform
