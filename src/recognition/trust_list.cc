#include "recognition/trust_list.h"

#include <algorithm>
#include <utility>

#include "base/stream.h"
#include "cms/sign.h"
#include "cms/verify.h"
#include "recognition/list_signers.h"

namespace hutong::recognition {
namespace {

constexpr std::size_t kMostList = std::size_t{256} << 20;

LoadedTrustList refuse(TrustListState state, std::string reason, std::string detail) {
  return {.list = nullptr, .failure = state, .reason = std::move(reason), .detail = std::move(detail)};
}

/// The certificate of the one signer whose signature covers the content, or null. Trust in it comes from the
/// configuration, so no path is built.
const x509::Certificate* only_signer(const cms::SignedMessageReport& report) {
  const bool is_signed = !report.detached && report.signers.size() == 1 &&
                         report.signers.front().signature_verified && report.signers.front().certificate &&
                         report.indication() != x509::Indication::kInvalid;
  return is_signed ? &*report.signers.front().certificate : nullptr;
}

}  // namespace

std::string_view to_string(ServiceKind kind) {
  switch (kind) {
    case ServiceKind::kRoot:
      return "root";
    case ServiceKind::kCa:
      return "ca";
    case ServiceKind::kTsa:
      return "tsa";
    case ServiceKind::kOcsp:
      break;
  }
  return "ocsp";
}

std::string_view to_string(ServiceStatus status) {
  switch (status) {
    case ServiceStatus::kGranted:
      return "granted";
    case ServiceStatus::kSuspended:
      return "suspended";
    case ServiceStatus::kWithdrawn:
      break;
  }
  return "withdrawn";
}

std::string_view to_string(TrustListState state) {
  switch (state) {
    case TrustListState::kCurrent:
      return "current";
    case TrustListState::kMissing:
      return "missing";
    case TrustListState::kExpired:
      return "expired";
    case TrustListState::kBadSignature:
      return "bad_signature";
    case TrustListState::kMalformed:
      break;
  }
  return "malformed";
}

std::optional<ServiceStatus> Service::status_at(Time at) const {
  std::optional<ServiceStatus> status;
  for (const StatusPeriod& period : periods) {
    if (period.since <= at) {
      status = period.status;
    }
  }
  return status;
}

TrustList::TrustList(TrustListContent content, const crypto::Sm3Digest& sm3)
    : content_(std::move(content)), sm3_(sm3) {
  by_subject_.reserve(content_.services.size());
  for (std::size_t i = 0; i < content_.services.size(); ++i) {
    by_subject_.emplace(content_.services[i].certificate.subject(), i);
  }
  for (const Service& service : content_.services) {
    const auto& certificate = service.certificate;
    const bool has_issuer = !certificate.is_self_issued() && by_subject_.contains(certificate.issuer());
    if (service.kind == ServiceKind::kRoot || (service.kind == ServiceKind::kCa && !has_issuer)) {
      add_anchors(service);
    } else if (service.kind == ServiceKind::kCa) {
      intermediates_by_subject_.emplace(certificate.subject(), intermediates_.size());
      intermediates_.push_back(certificate);
    }
  }
}

void TrustList::add_anchors(const Service& service) {
  for (std::size_t i = 0; i < service.periods.size(); ++i) {
    if (service.periods[i].status != ServiceStatus::kGranted) {
      continue;
    }
    auto anchor = x509::TrustAnchor::of(service.certificate, service.name_zh);
    if (!anchor) {
      return;  // a key that we cannot use vouches for nothing
    }
    anchor->trusted_from = service.periods[i].since;
    if (i + 1 < service.periods.size()) {
      anchor->trusted_until = service.periods[i + 1].since - std::chrono::seconds(1);
    }
    anchors_by_subject_.emplace(anchor->name, anchors_.size());
    anchors_.push_back(std::move(*anchor));
  }
}

TrustList::Candidates TrustList::candidates_for(std::vector<x509::Name> names) const {
  Candidates candidates;
  while (!names.empty()) {
    const x509::Name name = std::move(names.back());
    names.pop_back();
    if (!candidates.names.insert(name).second) {
      continue;
    }
    const auto [first_anchor, last_anchor] = anchors_by_subject_.equal_range(name);
    for (auto entry = first_anchor; entry != last_anchor; ++entry) {
      candidates.anchors.push_back(anchors_[entry->second]);
    }
    const auto [first, last] = intermediates_by_subject_.equal_range(name);
    for (auto entry = first; entry != last; ++entry) {
      candidates.intermediates.push_back(intermediates_[entry->second]);
      names.push_back(intermediates_[entry->second].issuer());
    }
  }
  return candidates;
}

const Service* TrustList::find(const x509::Certificate& certificate) const {
  const auto [first, last] = by_subject_.equal_range(certificate.subject());
  const auto found = std::find_if(first, last, [&](const auto& entry) {
    return content_.services[entry.second].certificate == certificate;
  });
  return found == last ? nullptr : &content_.services[found->second];
}

std::vector<const Service*> TrustList::find(const x509::Name& subject) const {
  std::vector<const Service*> services;
  const auto [first, last] = by_subject_.equal_range(subject);
  for (auto entry = first; entry != last; ++entry) {
    services.push_back(&content_.services[entry->second]);
  }
  return services;
}

TrustListState LoadedTrustList::state(Time now) const {
  if (list == nullptr) {
    return failure;
  }
  return list->is_current(now) ? TrustListState::kCurrent : TrustListState::kExpired;
}

LoadedTrustList load_trust_list(ByteView file, const x509::Certificate& signer, Time now) {
  MemorySink json(kMostList);
  const std::vector<x509::Certificate> known = {signer};
  const auto report = cms::verify_message(file, {.at = now, .certificates = known, .content = &json});
  const x509::Certificate* present = report ? only_signer(*report) : nullptr;
  if (present == nullptr) {
    return refuse(TrustListState::kBadSignature, "trust_list.bad_signature",
                  report ? "the list is not signed by the configured list signer" : report.error().detail);
  }
  // Of a stranger's list nothing but the announcements is looked at, and they carry their own signatures.
  auto content = trust_list_from_json(as_text(json.content()));
  if (*present != signer &&
      !(content && is_announced(signer, *present, content->signer_announcements, now))) {
    return refuse(TrustListState::kBadSignature, "trust_list.bad_signature",
                  "the list is not signed by the configured list signer, nor by one that it announced");
  }
  if (now < present->not_before() || now > present->not_after()) {
    return refuse(TrustListState::kBadSignature, "trust_list.signer_expired",
                  "the list signer's certificate is outside its validity");
  }
  if (!content) {
    return refuse(TrustListState::kMalformed, "trust_list.malformed", content.error().detail);
  }
  return {.list = std::make_shared<const TrustList>(std::move(*content), crypto::sm3(file)),
          .failure = TrustListState::kCurrent,
          .reason = {},
          .detail = {}};
}

Result<Bytes> write_trust_list(const TrustListContent& content, const crypto::Signer& key,
                               const x509::Certificate& signer) {
  const std::string json = to_json_text(content);
  const std::vector<cms::MessageSigner> signers = {{.key = key, .certificate = signer}};
  cms::SignOptions options;
  options.signing_time = content.issued_at;
  return cms::sign_attached(as_bytes(json), signers, options);
}

}  // namespace hutong::recognition
