#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "cms/cms_findings.h"
#include "recognition/list_signers.h"
#include "recognition/trust_list.h"
#include "x509/quirks.h"

namespace hutong::recognition {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kFormat = "hutong-trust-list/1";
constexpr std::size_t kMostServices = 100'000;

constexpr std::array kServiceKinds = {ServiceKind::kRoot, ServiceKind::kCa, ServiceKind::kTsa,
                                      ServiceKind::kOcsp};
constexpr std::array kStatuses = {ServiceStatus::kGranted, ServiceStatus::kSuspended,
                                  ServiceStatus::kWithdrawn};

Error malformed(std::string detail) {
  return {Errc::kMalformed, "trust_list.malformed", "trust list: " + std::move(detail)};
}

Result<std::string> read_text(const Json& object, std::string_view member) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_string()) {
    return malformed(std::string(member) + " is missing or no text");
  }
  return found->get<std::string>();
}

Result<Time> read_time(const Json& object, std::string_view member) {
  HUTONG_TRY(const auto text, read_text(object, member));
  auto time = from_rfc3339(text);
  return time ? time : Result<Time>(malformed(std::string(member) + " is no RFC 3339 time"));
}

template <typename Enum, std::size_t kCount>
Result<Enum> read_word(const Json& object, std::string_view member, const std::array<Enum, kCount>& words) {
  HUTONG_TRY(const auto text, read_text(object, member));
  const auto found = std::ranges::find_if(words, [&text](Enum word) { return to_string(word) == text; });
  if (found == words.end()) {
    return malformed(std::string(member) + " has the unknown value \"" + text + "\"");
  }
  return *found;
}

Result<StatusPeriod> read_period(const Json& object, std::string_view since_member) {
  if (!object.is_object()) {
    return malformed("an entry of history is no object");
  }
  HUTONG_TRY(const auto status, read_word(object, "status", kStatuses));
  HUTONG_TRY(const auto since, read_time(object, since_member));
  return StatusPeriod{.status = status, .since = since};
}

Result<std::vector<StatusPeriod>> read_periods(const Json& service) {
  std::vector<StatusPeriod> periods;
  if (const auto history = service.find("history"); history != service.end()) {
    if (!history->is_array()) {
      return malformed("history is no array");
    }
    for (const Json& entry : *history) {
      HUTONG_TRY(const auto period, read_period(entry, "since"));
      periods.push_back(period);
    }
  }
  HUTONG_TRY(const auto present, read_period(service, "status_since"));
  periods.push_back(present);
  const auto later = [](const StatusPeriod& a, const StatusPeriod& b) { return a.since >= b.since; };
  if (std::ranges::adjacent_find(periods, later) != periods.end()) {
    return malformed("the status periods are not in order of time");
  }
  return periods;
}

bool is_message_quirk(std::string_view id) {
  return std::ranges::any_of(cms::findings::kTolerated, [id](const auto* kind) { return kind->code == id; });
}

Result<std::vector<std::string>> read_quirks(const Json& service, const char* member,
                                             bool (*is_known)(std::string_view)) {
  std::vector<std::string> quirks;
  const auto found = service.find(member);
  if (found == service.end()) {
    return quirks;
  }
  if (!found->is_array()) {
    return malformed(std::string(member) + " is no array");
  }
  for (const Json& entry : *found) {
    if (!entry.is_string() || !is_known(entry.get_ref<const std::string&>())) {
      return malformed(std::string(member) + " names an unknown quirk");
    }
    quirks.push_back(entry.get<std::string>());
  }
  return quirks;
}

Result<std::vector<std::string>> read_addresses(const Json& service) {
  std::vector<std::string> addresses;
  const auto found = service.find("revocation_addresses");
  if (found == service.end()) {
    return addresses;
  }
  if (!found->is_array() || found->size() > kMostRevocationAddresses) {
    return malformed("revocation_addresses is no array or too long");
  }
  for (const Json& entry : *found) {
    if (!entry.is_string() || !is_revocation_address(entry.get_ref<const std::string&>())) {
      return malformed("revocation_addresses names something else than http addresses");
    }
    addresses.push_back(entry.get<std::string>());
  }
  return addresses;
}

Result<Service> read_service(const Json& object) {
  if (!object.is_object()) {
    return malformed("a service is no object");
  }
  HUTONG_TRY(const auto base64, read_text(object, "certificate"));
  auto der = from_base64(base64);
  if (!der) {
    return malformed("certificate is no base64");
  }
  auto certificate = x509::Certificate::parse(std::move(*der));
  if (!certificate) {
    return malformed("certificate: " + std::string(certificate.error().reason));
  }
  HUTONG_TRY(auto id, read_text(object, "id"));
  HUTONG_TRY(auto name_zh, read_text(object, "name_zh"));
  HUTONG_TRY(auto name_en, read_text(object, "name_en"));
  HUTONG_TRY(auto vendor_zh, read_text(object, "vendor_zh"));
  HUTONG_TRY(auto vendor_en, read_text(object, "vendor_en"));
  HUTONG_TRY(const auto kind, read_word(object, "kind", kServiceKinds));
  HUTONG_TRY(auto periods, read_periods(object));
  HUTONG_TRY(auto quirks, read_quirks(object, "quirks", is_tolerable_quirk));
  HUTONG_TRY(auto refused_quirks, read_quirks(object, "refused_quirks", is_refusable_quirk));
  HUTONG_TRY(auto addresses, read_addresses(object));
  return Service{.id = std::move(id),
                 .name_zh = std::move(name_zh),
                 .name_en = std::move(name_en),
                 .vendor_zh = std::move(vendor_zh),
                 .vendor_en = std::move(vendor_en),
                 .kind = kind,
                 .certificate = std::move(*certificate),
                 .periods = std::move(periods),
                 .quirks = std::move(quirks),
                 .refused_quirks = std::move(refused_quirks),
                 .revocation_addresses = std::move(addresses)};
}

Result<std::optional<crypto::Sm3Digest>> read_previous(const Json& list) {
  const auto found = list.find("previous_sm3");
  if (found == list.end() || found->is_null()) {
    return std::optional<crypto::Sm3Digest>();
  }
  HUTONG_TRY(const auto text, read_text(list, "previous_sm3"));
  const auto octets = from_hex(text);
  crypto::Sm3Digest digest{};
  if (!octets || octets->size() != digest.size()) {
    return malformed("previous_sm3 is no SM3 digest");
  }
  std::ranges::copy(*octets, digest.begin());
  return std::optional(digest);
}

Result<std::vector<Bytes>> read_announcements(const Json& list) {
  std::vector<Bytes> announcements;
  const auto found = list.find("signer_announcements");
  if (found == list.end()) {
    return announcements;
  }
  if (!found->is_array() || found->size() > kMostAnnouncements) {
    return malformed("signer_announcements is no array or too long");
  }
  for (const Json& entry : *found) {
    auto message = entry.is_string() ? from_base64(entry.get_ref<const std::string&>())
                                     : Result<Bytes>(malformed("an announcement is no text"));
    if (!message) {
      return malformed("an announcement is no base64");
    }
    announcements.push_back(std::move(*message));
  }
  return announcements;
}

Json to_json(const Service& service) {
  Json history = Json::array();
  for (std::size_t i = 0; i + 1 < service.periods.size(); ++i) {
    history.push_back(
        {{"status", to_string(service.periods[i].status)}, {"since", to_rfc3339(service.periods[i].since)}});
  }
  Json json = {{"id", service.id},
               {"name_zh", service.name_zh},
               {"name_en", service.name_en},
               {"vendor_zh", service.vendor_zh},
               {"vendor_en", service.vendor_en},
               {"kind", to_string(service.kind)},
               {"certificate", to_base64(service.certificate.der())},
               {"status", to_string(service.periods.back().status)},
               {"status_since", to_rfc3339(service.periods.back().since)},
               {"history", std::move(history)},
               {"quirks", service.quirks},
               {"refused_quirks", service.refused_quirks}};
  if (!service.revocation_addresses.empty()) {
    json["revocation_addresses"] = service.revocation_addresses;
  }
  return json;
}

}  // namespace

std::optional<ServiceKind> service_kind_from(std::string_view text) {
  const auto found =
      std::ranges::find_if(kServiceKinds, [text](ServiceKind kind) { return to_string(kind) == text; });
  return found == kServiceKinds.end() ? std::nullopt : std::optional(*found);
}

bool is_tolerable_quirk(std::string_view id) { return x509::find_quirk(id) != nullptr; }
bool is_revocation_address(std::string_view text) {
  constexpr std::size_t kLongest = 1024;
  return text.starts_with("http://") && text.size() <= kLongest &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F'; });
}
bool is_refusable_quirk(std::string_view id) { return is_tolerable_quirk(id) || is_message_quirk(id); }

std::string to_json_text(const TrustListContent& content) {
  Json list = {{"format", kFormat},
               {"number", content.number},
               {"previous_sm3", content.previous_sm3 ? Json(to_hex(*content.previous_sm3)) : Json(nullptr)},
               {"issued_at", to_rfc3339(content.issued_at)},
               {"next_update", to_rfc3339(content.next_update)},
               {"operator_zh", content.operator_zh},
               {"operator_en", content.operator_en},
               {"services", Json::array()}};
  for (const Service& service : content.services) {
    list["services"].push_back(to_json(service));
  }
  for (const Bytes& announcement : content.signer_announcements) {
    list["signer_announcements"].push_back(to_base64(announcement));
  }
  return list.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<TrustListContent> trust_list_from_json(std::string_view text) {
  const Json list = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!list.is_object()) {
    return malformed("the content is no JSON object");
  }
  HUTONG_TRY(const auto format, read_text(list, "format"));
  if (format != kFormat) {
    return malformed("the format \"" + format + "\" is unknown");
  }
  const auto number = list.find("number");
  if (number == list.end() || !number->is_number_unsigned() || number->get<std::uint64_t>() == 0) {
    return malformed("number is missing or no positive integer");
  }
  TrustListContent content;
  content.number = number->get<std::uint64_t>();
  HUTONG_TRY(content.previous_sm3, read_previous(list));
  HUTONG_TRY(content.issued_at, read_time(list, "issued_at"));
  HUTONG_TRY(content.next_update, read_time(list, "next_update"));
  HUTONG_TRY(content.operator_zh, read_text(list, "operator_zh"));
  HUTONG_TRY(content.operator_en, read_text(list, "operator_en"));
  HUTONG_TRY(content.signer_announcements, read_announcements(list));
  const auto services = list.find("services");
  if (services == list.end() || !services->is_array() || services->size() > kMostServices) {
    return malformed("services is missing, no array or too long");
  }
  content.services.reserve(services->size());
  for (const Json& entry : *services) {
    HUTONG_TRY(auto service, read_service(entry));
    content.services.push_back(std::move(service));
  }
  return content;
}

}  // namespace hutong::recognition
