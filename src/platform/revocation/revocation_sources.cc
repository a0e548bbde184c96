#include "platform/revocation/revocation_sources.h"

#include <algorithm>
#include <utility>

#include "net/url.h"

namespace hutong::platform {
namespace {

bool can_be_fetched(std::string_view address) {
  return recognition::is_revocation_address(address) && net::parse_url(address);
}

}  // namespace

std::string_view to_string(SourceOrigin origin) {
  switch (origin) {
    case SourceOrigin::kTrustList:
      return "trust_list";
    case SourceOrigin::kCertificate:
      return "certificate";
    case SourceOrigin::kList:
      break;
  }
  return "revocation_list";
}

FetchedList facts_of(const x509::Crl& list) {
  return {.this_update = list.this_update(),
          .next_update = list.next_update(),
          .number = list.number() ? list.number()->to_hex() : std::string(),
          .entries = list.entry_count(),
          .sm3 = list.sm3()};
}

std::vector<std::string> addresses_of(const std::vector<x509::DistributionPoint>& points) {
  std::vector<std::string> addresses;
  for (const auto& point : points) {
    if (!point.name || !point.crl_issuer.empty()) {
      continue;
    }
    for (const auto& name : point.name->full_name) {
      if (name.kind == x509::GeneralNameKind::kUri && can_be_fetched(name.text())) {
        addresses.emplace_back(name.text());
      }
    }
  }
  return addresses;
}

void RevocationSources::follow(const std::shared_ptr<const recognition::TrustList>& list, Time now) {
  const std::lock_guard lock(mutex_);
  if (list == nullptr || list->sm3() == followed_) {
    return;
  }
  followed_ = list->sm3();
  std::set<std::string_view> named;
  for (const auto& service : list->content().services) {
    named.insert(service.revocation_addresses.begin(), service.revocation_addresses.end());
  }
  std::erase_if(entries_, [&named](const auto& entry) {
    return entry.second.source.origin == SourceOrigin::kTrustList && !named.contains(entry.first);
  });
  for (auto& [address, entry] : entries_) {
    if (named.contains(address)) {
      entry.source.issuers.clear();  // the list says it anew
    }
  }
  for (const auto& service : list->content().services) {
    for (const auto& address : service.revocation_addresses) {
      add(address, service.certificate, SourceOrigin::kTrustList, now);
    }
  }
}

void RevocationSources::learn(const recognition::RecognitionReport& report, Time now) {
  const auto& chain = report.chain;
  if (!report.trust_list || report.indication == x509::Indication::kInvalid || chain.empty() ||
      chain.back().role != recognition::Role::kAnchor) {
    return;
  }
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    const auto& points = chain[i].certificate.extensions().crl_distribution_points;
    if (points) {
      learn(chain[i + 1].certificate, addresses_of(*points), SourceOrigin::kCertificate, now);
    }
  }
}

void RevocationSources::learn(const x509::Certificate& issuer, const std::vector<std::string>& addresses,
                              SourceOrigin origin, Time now) {
  const std::lock_guard lock(mutex_);
  for (const auto& address : addresses) {
    if (!knows(address, issuer) && learnt_[issuer.sm3()] < kMostPerIssuer) {
      ++learnt_[issuer.sm3()];
      add(address, issuer, origin, now);
    }
  }
}

bool RevocationSources::knows(const std::string& address, const x509::Certificate& issuer) const {
  const auto entry = entries_.find(address);
  return entry != entries_.end() &&
         std::ranges::find(entry->second.source.issuers, issuer) != entry->second.source.issuers.end();
}

/// Asked at once: an address with a new signer may have had the signer's list for long.
void RevocationSources::add(const std::string& address, const x509::Certificate& issuer, SourceOrigin origin,
                            Time now) {
  auto entry = entries_.find(address);
  if (entry == entries_.end()) {
    if (entries_.size() >= kMost) {
      return;
    }
    entry =
        entries_.try_emplace(address, Entry{.source = {.address = address, .issuers = {}, .origin = origin}})
            .first;
  }
  RevocationSource& source = entry->second.source;
  if (source.issuers.size() < kMostIssuers) {
    source.issuers.push_back(issuer);
  }
  source.origin = std::min(source.origin, origin);
  source.next_try = now;
  source.entity_tag.clear();
}

std::optional<RevocationSource> RevocationSources::take_due(Time now) {
  const std::lock_guard lock(mutex_);
  const auto due = std::ranges::min_element(entries_, {}, [](const auto& entry) {
    return entry.second.taken ? Time::max() : entry.second.source.next_try;
  });
  if (due == entries_.end() || due->second.taken || due->second.source.next_try > now) {
    return std::nullopt;
  }
  due->second.taken = true;
  return due->second.source;
}

void RevocationSources::give_back(RevocationSource source) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(source.address);
  if (entry == entries_.end()) {
    return;  // the list stopped naming it meanwhile
  }
  RevocationSource& known = entry->second.source;
  if (known.issuers == source.issuers) {
    known = std::move(source);
  }
  entry->second.taken = false;
}

std::vector<RevocationSource> RevocationSources::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<RevocationSource> sources;
  sources.reserve(entries_.size());
  for (const auto& [address, entry] : entries_) {
    sources.push_back(entry.source);
  }
  return sources;
}

}  // namespace hutong::platform
