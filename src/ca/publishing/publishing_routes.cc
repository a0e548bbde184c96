#include "ca/publishing/publishing_routes.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/encoding.h"
#include "ca/publishing/document_repository.h"
#include "ca/signing/authority_repository.h"
#include "ca/signing/certificate_repository.h"
#include "cms/sign.h"

namespace hutong::ca {
namespace {

using net::Method;
using net::Request;
using net::Response;
using net::Weight;

constexpr std::size_t kMostOcspRequest = 16'384;
constexpr std::string_view kCertificateType = "application/pkix-cert";
constexpr std::string_view kListType = "application/pkix-crl";

Error unknown(std::string detail) { return {Errc::kNotFound, "http.not_found", std::move(detail)}; }

Response file(ByteView content, std::string_view type) {
  return {.content_type = std::string(type), .body = std::string(as_text(content))};
}
/// Sent from where it is kept: lists may be large, answers many.
Response file(std::shared_ptr<const Bytes> content, std::string_view type) {
  return {.content_type = std::string(type), .shared_body = std::move(content)};
}

constexpr std::chrono::minutes kShortly{1};  ///< what is replaced now and then
constexpr std::chrono::hours kLong{24};      ///< what never changes

/// Lets a web cache keep the answer until then (RFC 5019 clause 6) and ask whether it is still the same. The
/// answer itself is left out when the asker has it.
Response cached(Response response, const Request& request, const std::string& entity_tag, Time until,
                Time now) {
  const auto seconds = std::max<std::int64_t>(0, (until - now).count());
  response.headers.emplace_back("Date", net::http_date(now));
  response.headers.emplace_back("Expires", net::http_date(until));
  response.headers.emplace_back(
      "Cache-Control", "max-age=" + std::to_string(seconds) + ", public, no-transform, must-revalidate");
  response.headers.emplace_back("ETag", entity_tag);
  if (net::is_known_already(request, entity_tag)) {
    response.status = 304;
    response.drop_content();
  }
  return response;
}

/// What is asked: the body of a POST, the base64 in the path of a GET. Nothing that could be a request when
/// it is malformed.
Bytes ocsp_request_of(const Request& request) {
  if (request.method == Method::kPost) {
    return request.body;
  }
  auto der = from_base64(request.parameters.at("request"));
  return der ? std::move(der).value() : Bytes();
}

Response ocsp_response(const Request& request, const OcspAnswer& answer, Time now) {
  Response response = file(answer.der, "application/ocsp-response");
  if (request.method == Method::kPost || !answer.fresh_until) {
    return response;
  }
  response.headers.emplace_back("Last-Modified", net::http_date(answer.produced_at));
  return cached(std::move(response), request, answer.entity_tag, *answer.fresh_until, now);
}

/// "NAME.suffix" without the suffix.
std::optional<std::string> stem(std::string_view name, std::string_view suffix) {
  if (!name.ends_with(suffix) || name.size() == suffix.size()) {
    return std::nullopt;
  }
  return std::string(name.substr(0, name.size() - suffix.size()));
}

/// "0.crl" and "0-delta.crl".
struct ListFile {
  std::uint32_t partition = 0;
  ListKind kind = ListKind::kFull;
};
std::optional<ListFile> list_file(std::string_view name) {
  ListFile file;
  std::optional<std::string> number = stem(name, "-delta.crl");
  if (number) {
    file.kind = ListKind::kDelta;
  } else {
    number = stem(name, ".crl");
  }
  if (!number) {
    return std::nullopt;
  }
  const char* const end = number->data() + number->size();
  const auto read = std::from_chars(number->data(), end, file.partition);
  return read.ec == std::errc() && read.ptr == end ? std::optional(file) : std::nullopt;
}

}  // namespace

void PublishingRoutes::add_routes(net::Router& router) {
  const auto get = [&router](std::string pattern, net::Handler handler) {
    router.add({.method = Method::kGet,
                .pattern = std::move(pattern),
                .weight = Weight::kHeavy,
                .body_limit = 0,
                .handler = std::move(handler)});
  };
  get("/crl/{authority}/{file}", [this](const Request& request) { return list(request); });
  get("/ca/chain.p7b", [this](const Request& request) { return chain(request); });
  get("/ca/{file}", [this](const Request& request) { return authority(request); });
  get("/pki/{name}", [this](const Request& request) { return document(request); });
  get("/certificates/{file}", [this](const Request& request) { return certificate(request); });
  add_ocsp(router);
}

void PublishingRoutes::add_ocsp(net::Router& router) {
  const auto add = [&](Method method, std::string pattern, std::size_t body_limit) {
    router.add({.method = method,
                .pattern = std::move(pattern),
                .weight = Weight::kHeavy,
                .body_limit = body_limit,
                .handler = [this](const Request& request) -> Result<Response> {
                  const Time now = clock_->now();
                  return ocsp_response(request, ocsp_->answer(ocsp_request_of(request), now), now);
                },
                .quick = [this](const Request& request) -> std::optional<Response> {
                  const Time now = clock_->now();
                  const auto kept = ocsp_->find_kept(ocsp_request_of(request), now);
                  return kept ? std::optional(ocsp_response(request, *kept, now)) : std::nullopt;
                }});
  };
  add(Method::kPost, "/ocsp", kMostOcspRequest);
  add(Method::kGet, "/ocsp/{request*}", 0);  // base64 may hold slashes
}

Result<std::shared_ptr<const PublishedList>> PublishingRoutes::current_list(const ListKey& key) {
  const auto& [authority, partition, kind] = key;
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(const std::int64_t number, ListPublisher::find_number(reader, authority, partition, kind));
  {
    const std::scoped_lock lock(mutex_);
    const auto found = lists_.find(key);
    if (found != lists_.end() && found->second->number == number) {
      return found->second;
    }
  }
  HUTONG_TRY(auto list, ListPublisher::find(reader, authority, partition, kind));
  auto shared = std::make_shared<const PublishedList>(std::move(list));
  const std::scoped_lock lock(mutex_);
  lists_[key] = shared;
  return shared;
}

Result<Response> PublishingRoutes::list(const Request& request) {
  const auto named = list_file(request.parameters.at("file"));
  if (!named) {
    return unknown("a list is called NUMBER.crl or NUMBER-delta.crl");
  }
  HUTONG_TRY(const auto list,
             current_list({request.parameters.at("authority"), named->partition, named->kind}));
  const Time now = clock_->now();
  Response response = file(std::shared_ptr<const Bytes>(list, &list->der), kListType);
  response.headers.emplace_back("Last-Modified", net::http_date(list->this_update));
  return cached(std::move(response), request, '"' + std::to_string(list->number) + '"',
                std::min(list->next_update, now + kShortly), now);
}

/// A certificate under a name that only it has.
Response PublishingRoutes::immutable(ByteView der, const Request& request) const {
  const Time now = clock_->now();
  return cached(file(der, kCertificateType), request, net::entity_tag_of(der), now + kLong, now);
}

Result<Response> PublishingRoutes::authority(const Request& request) const {
  const auto id = stem(request.parameters.at("file"), ".cer");
  const Issuer* const issuer = id ? signing_->issuer_of(*id) : nullptr;
  if (issuer == nullptr) {
    return unknown("this CA has no such key");
  }
  return immutable(issuer->certificate().der(), request);
}

Result<Response> PublishingRoutes::chain(const Request& request) const {
  HUTONG_TRY(auto reader, database_->read());
  std::vector<Bytes> certificates;
  for (const auto& [id, issuer] : signing_->issuers()) {
    certificates.push_back(to_bytes(issuer->certificate().der()));
  }
  HUTONG_TRY(const auto links, AuthorityRepository::links(reader));
  for (const x509::Certificate& link : links) {
    certificates.push_back(to_bytes(link.der()));
  }
  HUTONG_TRY(const auto documents, DocumentRepository::all(reader));
  for (const Document& document : documents) {
    if (document.name.ends_with(".cer")) {
      certificates.push_back(document.content);
    }
  }
  const Bytes bundle = cms::bundle(certificates);
  const Time now = clock_->now();
  return cached(file(bundle, "application/pkcs7-mime"), request, net::entity_tag_of(bundle), now + kShortly,
                now);
}

Result<Response> PublishingRoutes::document(const Request& request) const {
  const std::string& name = request.parameters.at("name");
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(const auto document, DocumentRepository::find(reader, name));
  if (!document) {
    return unknown("nothing is published under this name");
  }
  const Time now = clock_->now();
  return cached(file(document->content, name.ends_with(".crl") ? kListType : kCertificateType), request,
                net::entity_tag_of(document->content), now + kShortly, now);
}

Result<Response> PublishingRoutes::certificate(const Request& request) const {
  const auto hex = stem(request.parameters.at("file"), ".cer");
  const auto serial = hex ? x509::Serial::from_hex(*hex) : Result<x509::Serial>(unknown(""));
  if (!serial) {
    return unknown("a certificate is called by its serial number in hexadecimal, SERIAL.cer");
  }
  HUTONG_TRY(auto reader, database_->read());
  const auto record = CertificateRepository::find(reader, *serial);
  if (!record) {
    return record.error().code == Errc::kNotFound ? unknown("this CA issued no such certificate")
                                                  : record.error();
  }
  return immutable(record->der, request);
}

}  // namespace hutong::ca
