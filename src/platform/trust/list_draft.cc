#include "platform/trust/list_draft.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "base/encoding.h"

namespace hutong::platform {
namespace {

using recognition::Service;
using recognition::ServiceStatus;
using recognition::TrustListContent;

/// What the state of a vendor means for its services; nothing when they have no place on a list yet.
std::optional<ServiceStatus> status_for(VendorState state) {
  switch (state) {
    case VendorState::kAccredited:
      return ServiceStatus::kGranted;
    case VendorState::kSuspended:
      return ServiceStatus::kSuspended;
    case VendorState::kWithdrawn:
      return ServiceStatus::kWithdrawn;
    default:
      return std::nullopt;
  }
}

/// Stable, and says whose it is.
std::string service_id(const Vendor& vendor, const x509::Certificate& certificate) {
  return vendor.id + "-" + to_hex(crypto::sm3(certificate.der())).substr(0, 16);
}
bool is_of(const Service& service, const Vendor& vendor) { return service.id.starts_with(vendor.id + "-"); }

std::vector<std::string> texts_of(const net::Json& entry, const char* member) {
  const auto found = entry.find(member);
  return found == entry.end() ? std::vector<std::string>() : found->get<std::vector<std::string>>();
}

Result<Service> named_service(const Vendor& vendor, const net::Json& entry) {
  HUTONG_TRY(auto der, from_base64(entry.at("certificate").get_ref<const std::string&>()));
  HUTONG_TRY(auto certificate, x509::Certificate::parse(std::move(der)));
  const auto kind = recognition::service_kind_from(entry.at("kind").get_ref<const std::string&>());
  if (!kind) {
    return Error{Errc::kInternal, "internal", "a stored service is of no kind"};
  }
  std::string id = service_id(vendor, certificate);
  return Service{.id = std::move(id),
                 .name_zh = entry.at("name_zh").get<std::string>(),
                 .name_en = entry.at("name_en").get<std::string>(),
                 .vendor_zh = vendor.content.name_zh,
                 .vendor_en = vendor.content.name_en,
                 .kind = *kind,
                 .certificate = std::move(certificate),
                 .periods = {},
                 .quirks = texts_of(entry, "quirks"),
                 .refused_quirks = texts_of(entry, "refused_quirks"),
                 .revocation_addresses = texts_of(entry, "revocation_addresses")};
}

void enter_status(Service& service, ServiceStatus status, Time at) {
  if (service.periods.empty()) {
    service.periods.push_back({.status = status, .since = at});
  } else if (service.periods.back().status != status) {
    // Periods are in order of time, also when two lists are released within a second.
    const Time next = service.periods.back().since + std::chrono::seconds(1);
    service.periods.push_back({.status = status, .since = std::max(at, next)});
  }
}

/// Services while they are brought together: those of the list before in their order, then the new ones.
class Draft {
 public:
  explicit Draft(const TrustListContent* before)
      : services_(before == nullptr ? std::vector<Service>() : before->services), known_(services_.size()) {}

  Status add(const Vendor& vendor, Time at) {
    const auto status = status_for(vendor.state);
    if (!status) {
      return ok();
    }
    std::vector<std::size_t> named;
    const auto entries = vendor.content.profile.find("services");
    if (entries != vendor.content.profile.end()) {
      for (const net::Json& entry : *entries) {
        HUTONG_TRY(Service service, named_service(vendor, entry));
        HUTONG_CHECK(place(std::move(service), *status, at, named));
      }
    }
    for (std::size_t i = 0; i < known_; ++i) {
      if (is_of(services_[i], vendor) && std::ranges::find(named, i) == named.end()) {
        enter_status(services_[i], ServiceStatus::kWithdrawn, at);
      }
    }
    return ok();
  }

  std::vector<Service> take() && { return std::move(services_); }

 private:
  Status place(Service service, ServiceStatus status, Time at, std::vector<std::size_t>& named) {
    const auto same = std::ranges::find(services_, service.certificate, &Service::certificate);
    const auto at_index = static_cast<std::size_t>(same - services_.begin());
    if (same != services_.end()) {
      if (std::ranges::find(taken_, at_index) != taken_.end()) {
        return Error{Errc::kPolicy, "trust_list.service_twice",
                     "a certificate is named twice: " + service.certificate.subject().to_string()};
      }
      service.periods = std::move(same->periods);
      *same = std::move(service);
    } else if (status == ServiceStatus::kWithdrawn) {
      return ok();  // never was on a list and will not be
    } else {
      services_.push_back(std::move(service));
    }
    taken_.push_back(at_index);
    named.push_back(at_index);
    enter_status(services_[at_index], status, at);
    return ok();
  }

  std::vector<Service> services_;
  std::size_t known_;               ///< so many are from the list before
  std::vector<std::size_t> taken_;  ///< named by a vendor
};

bool says_the_same(const Service& a, const Service& b) {
  return a.name_zh == b.name_zh && a.name_en == b.name_en && a.vendor_zh == b.vendor_zh &&
         a.vendor_en == b.vendor_en && a.kind == b.kind && a.quirks == b.quirks &&
         a.refused_quirks == b.refused_quirks && a.revocation_addresses == b.revocation_addresses &&
         a.id == b.id;
}

DraftChange change_of(DraftChangeKind kind, const Service& service, std::string from) {
  return {.kind = kind,
          .service = service.id,
          .name_zh = service.name_zh,
          .name_en = service.name_en,
          .vendor_zh = service.vendor_zh,
          .vendor_en = service.vendor_en,
          .from = std::move(from),
          .to = std::string(to_string(service.periods.back().status))};
}

}  // namespace

std::string_view to_string(DraftChangeKind kind) {
  switch (kind) {
    case DraftChangeKind::kAdded:
      return "added";
    case DraftChangeKind::kStatus:
      return "status";
    case DraftChangeKind::kDetails:
      break;
  }
  return "details";
}

Result<std::vector<Service>> draft_services(const TrustListContent* before, std::span<const Vendor> vendors,
                                            Time at) {
  Draft draft(before);
  for (const Vendor& vendor : vendors) {
    HUTONG_CHECK(draft.add(vendor, at));
  }
  return std::move(draft).take();
}

std::vector<DraftChange> differences(const TrustListContent* before, const std::vector<Service>& draft) {
  std::vector<DraftChange> changes;
  for (std::size_t i = 0; i < draft.size(); ++i) {
    const Service& now = draft[i];
    if (before == nullptr || i >= before->services.size()) {
      changes.push_back(change_of(DraftChangeKind::kAdded, now, ""));
      continue;
    }
    const Service& then = before->services[i];  // the draft keeps the order
    const std::string from(to_string(then.periods.back().status));
    if (then.periods.back().status != now.periods.back().status) {
      changes.push_back(change_of(DraftChangeKind::kStatus, now, from));
    } else if (!says_the_same(then, now)) {
      changes.push_back(change_of(DraftChangeKind::kDetails, now, from));
    }
  }
  return changes;
}

crypto::Sm3Digest draft_digest(const TrustListContent* before, const std::vector<Service>& timeless) {
  TrustListContent content;
  content.number = before == nullptr ? 1 : before->number + 1;
  content.services = timeless;
  return crypto::sm3(as_bytes(recognition::to_json_text(content)));
}

}  // namespace hutong::platform
