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
constexpr std::string_view kOcspPrefix = "/ocsp/";
constexpr std::string_view kCertificateType = "application/pkix-cert";
constexpr std::string_view kListType = "application/pkix-crl";

Error unknown(std::string detail) { return {Errc::kNotFound, "http.not_found", std::move(detail)}; }

Response file(ByteView content, std::string_view type) {
  return {.content_type = std::string(type), .body = std::string(as_text(content))};
}

/// Lets a web cache keep the answer until then (RFC 5019 clause 6).
void keep_until(Response& response, Time until, Time now) {
  const auto seconds = std::max<std::int64_t>(0, (until - now).count());
  response.headers.emplace_back(
      "Cache-Control", "max-age=" + std::to_string(seconds) + ", public, no-transform, must-revalidate");
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
  get("/ca/chain.p7b", [this](const Request&) { return chain(); });
  get("/ca/{file}", [this](const Request& request) { return authority(request); });
  get("/pki/{name}", [this](const Request& request) { return document(request); });
  get("/certificates/{file}", [this](const Request& request) { return certificate(request); });
  router.add({.method = Method::kPost,
              .pattern = "/ocsp",
              .weight = Weight::kHeavy,
              .body_limit = kMostOcspRequest,
              .handler = [this](const Request& request) -> Result<Response> {
                return answer_ocsp(request.body, false);
              }});
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
  Response response = file(list->der, kListType);
  keep_until(response, std::min(list->next_update, clock_->now() + std::chrono::minutes(1)), clock_->now());
  return response;
}

Result<Response> PublishingRoutes::authority(const Request& request) const {
  const auto id = stem(request.parameters.at("file"), ".cer");
  const Issuer* const issuer = id ? signing_->issuer_of(*id) : nullptr;
  if (issuer == nullptr) {
    return unknown("this CA has no such key");
  }
  return file(issuer->certificate().der(), kCertificateType);
}

Result<Response> PublishingRoutes::chain() const {
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
  return file(cms::bundle(certificates), "application/pkcs7-mime");
}

Result<Response> PublishingRoutes::document(const Request& request) const {
  const std::string& name = request.parameters.at("name");
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(const auto document, DocumentRepository::find(reader, name));
  if (!document) {
    return unknown("nothing is published under this name");
  }
  return file(document->content, name.ends_with(".crl") ? kListType : kCertificateType);
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
  return file(record->der, kCertificateType);
}

Response PublishingRoutes::answer_ocsp(ByteView request, bool may_be_kept) {
  const Time now = clock_->now();
  const OcspAnswer answer = ocsp_->answer(request, now);
  Response response = file(*answer.der, "application/ocsp-response");
  if (may_be_kept && answer.fresh_until) {
    keep_until(response, *answer.fresh_until, now);
  }
  return response;
}

bool PublishingRoutes::is_ocsp(const Request& request) { return request.path.starts_with(kOcspPrefix); }

Response PublishingRoutes::answer_ocsp_get(const Request& request) {
  const auto der = from_base64(std::string_view(request.path).substr(kOcspPrefix.size()));
  return answer_ocsp(der ? ByteView(*der) : ByteView(), true);  // an empty request is a malformed one
}

}  // namespace hutong::ca
