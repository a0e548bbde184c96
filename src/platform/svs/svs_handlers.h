#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "net/json.h"
#include "platform/svs/svs_message.h"
#include "platform/svs/svs_service.h"

namespace hutong::platform::svs {

/// POST /svs/{type} and POST /svs: the services over HTTP in three forms, told by the content type:
/// application/x-www-form-urlencoded (Annex A.3, only with the type in the path), application/json (A.5), and
/// DER of SVSRequest as application/octet-stream or application/x-svs, whose transport the norm leaves open.
/// The answer has the form of the request and status 200, also when it says no.
class Handlers {
 public:
  Handlers(const Service& service, const Clock& clock) : service_(&service), clock_(&clock) {}
  /// Problems, when there is nobody to answer in the norm's own words: kPolicy "http.content_type"; kNotFound
  /// "svs.unknown_type"; kMalformed "svs.no_type", "svs.message", "svs.version", "svs.type", "svs.time",
  /// "asn1.…", "json.…"; kLimit "json.depth", "json.values".
  Result<net::Response> answer(const net::Request& request) const;

 private:
  Result<net::Response> answer_form(const net::Request& request, std::optional<Type> type) const;
  Result<net::Response> answer_json(const net::Request& request, std::optional<Type> type) const;
  Result<net::Response> answer_der(const net::Request& request, std::optional<Type> type) const;
  /// Packets that cannot be read are answered with the code for it.
  Packet packet_for(Type type, const Result<Packet>& packet, const net::Request& request) const;

  const Service* service_;
  const Clock* clock_;
};

}  // namespace hutong::platform::svs
