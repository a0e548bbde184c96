#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

#include "base/time.h"
#include "ca/publishing/list_publisher.h"
#include "ca/publishing/ocsp_responder.h"
#include "ca/signing/signing_system.h"
#include "net/router.h"
#include "storage/database.h"

namespace hutong::ca {

/// What anybody may fetch without a login (GM/T 0037 8.6.2.2, 8.6.2.3, 8.6.2.7): the addresses that stand in
/// the certificates.
///
///   GET  /crl/{authority}/{file}    "0.crl", "0-delta.crl": application/pkix-crl
///   GET  /ca/{authority}.cer        a key of this CA; /ca/chain.p7b: all of them, links, what is above
///   GET  /pki/{name}                the root's certificate and list
///   GET  /certificates/{serial}.cer application/pkix-cert
///   POST /ocsp, GET /ocsp/{base64}  RFC 6960 appendix A; GET with the headers of RFC 5019 for web caches
///
/// Each with ETag, Expires and Cache-Control, so that a web cache may keep it and ask anew with If-None-Match
/// (not what is POSTed, nor an answer for one asker alone). Lists are kept in memory and sent from there:
/// none is copied. An answer about a status that is signed already leaves on the I/O thread. Any thread.
class PublishingRoutes {
 public:
  PublishingRoutes(storage::Database& database, const SigningSystem& signing, OcspResponder& ocsp,
                   const Clock& clock)
      : database_(&database), signing_(&signing), ocsp_(&ocsp), clock_(&clock) {}
  /// The router must not outlive this object.
  void add_routes(net::Router& router);

 private:
  Result<net::Response> list(const net::Request& request);
  Result<net::Response> authority(const net::Request& request) const;
  Result<net::Response> chain(const net::Request& request) const;
  Result<net::Response> document(const net::Request& request) const;
  Result<net::Response> certificate(const net::Request& request) const;
  net::Response immutable(ByteView der, const net::Request& request) const;
  void add_ocsp(net::Router& router);

  /// Lists in memory, by authority, partition and kind, as long as no newer one is published.
  using ListKey = std::tuple<std::string, std::uint32_t, ListKind>;
  Result<std::shared_ptr<const PublishedList>> current_list(const ListKey& key);

  storage::Database* database_;
  const SigningSystem* signing_;
  OcspResponder* ocsp_;
  const Clock* clock_;
  std::mutex mutex_;
  std::map<ListKey, std::shared_ptr<const PublishedList>> lists_;
};

}  // namespace hutong::ca
