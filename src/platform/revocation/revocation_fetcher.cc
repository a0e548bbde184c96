#include "platform/revocation/revocation_fetcher.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "base/file.h"
#include "net/log.h"
#include "recognition/detect.h"

namespace hutong::platform {
namespace {

constexpr std::size_t kWorkers = 4;
constexpr std::chrono::seconds kLongestPause{900};
constexpr std::chrono::milliseconds kLook{500};  ///< how long a new address or list waits to be seen

}  // namespace

Result<x509::Crl> read_revocation_list(ByteView answer, std::span<const x509::Certificate> issuers) {
  auto found = recognition::detect(answer);
  if (found.kind != recognition::Kind::kCrl) {
    return Error{Errc::kMalformed, "revocation.kind", "the address answers with something else than a list"};
  }
  HUTONG_TRY(auto list, x509::Crl::parse(std::move(found.object)));
  const auto is_named = [&list](const x509::Certificate& issuer) {
    return list.issuer() == issuer.subject();
  };
  if (std::ranges::none_of(issuers, is_named)) {
    return Error{Errc::kPolicy, "revocation.issuer", "a list of " + list.issuer().to_string()};
  }
  const auto signed_it = [&](const x509::Certificate& issuer) {
    return is_named(issuer) && issuer.public_key() && list.is_signed_by(*issuer.public_key());
  };
  if (std::ranges::none_of(issuers, signed_it)) {
    return Error{Errc::kPolicy, "revocation.signature", "not signed by " + list.issuer().to_string()};
  }
  return list;
}

RevocationFetcher::RevocationFetcher(Settings settings, TrustKeeper& trust, const Clock& clock)
    : settings_(std::move(settings)), trust_(&trust), clock_(&clock) {}

RevocationFetcher::~RevocationFetcher() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
}

void RevocationFetcher::start() {
  for (std::size_t i = 0; i < kWorkers; ++i) {
    workers_.emplace_back([this] { work(); });
  }
}

void RevocationFetcher::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const bool asked = fetch_one();
    lock.lock();
    if (!asked) {
      wake_.wait_for(lock, kLook, [this] { return stopping_; });
    }
  }
}

bool RevocationFetcher::fetch_one() {
  const Time now = clock_->now();
  sources_.follow(trust_->current()->list.list, now);
  auto source = sources_.take_due(now);
  if (!source) {
    return false;
  }
  const Status outcome = ask(*source);
  plan(*source, outcome);
  sources_.give_back(std::move(*source));
  return true;
}

Status RevocationFetcher::ask(RevocationSource& source) {
  net::ClientRequest request;
  if (!source.entity_tag.empty()) {
    request.headers.emplace_back("If-None-Match", source.entity_tag);
  }
  HUTONG_TRY(const auto answer, net::fetch(source.address, std::move(request), settings_.client));
  constexpr int kNotModified = 304;
  if (answer.status == kNotModified && source.list) {
    return ok();
  }
  if (answer.status != 200) {
    return Error{Errc::kUnavailable, "revocation.status",
                 "the address answers with status " + std::to_string(answer.status)};
  }
  HUTONG_CHECK(accept(source, answer.body));
  source.entity_tag = answer.headers.find("ETag").value_or("");
  return ok();
}

Status RevocationFetcher::accept(RevocationSource& source, std::string_view answer) {
  HUTONG_TRY(const auto list, read_revocation_list(as_bytes(answer), source.issuers));
  const auto path = file_of(source);
  if (!source.list) {  // since the start of the program
    const auto kept = read_file(path, settings_.client.answer_limit);
    const auto before = kept ? read_revocation_list(*kept, source.issuers) : Result<x509::Crl>(kept.error());
    if (before) {
      source.list = facts_of(*before);
    }
  }
  if (list.freshest_crl()) {
    for (const auto& issuer : source.issuers) {
      sources_.learn(issuer, addresses_of(*list.freshest_crl()), SourceOrigin::kList, clock_->now());
    }
  }
  if (source.list && source.list->sm3 == list.sm3()) {
    return ok();
  }
  if (source.list && list.this_update() < source.list->this_update) {
    return Error{Errc::kPolicy, "revocation.older",
                 "a list of " + to_rfc3339(list.this_update()) + " after one of " +
                     to_rfc3339(source.list->this_update)};
  }
  HUTONG_CHECK(write_file(path, list.der()));
  source.list = facts_of(list);
  trust_->refresh();
  return ok();
}

/// The log hears when an address begins to fail and when it answers again, not of every try.
void RevocationFetcher::plan(RevocationSource& source, const Status& outcome) const {
  const Time now = clock_->now();
  if (outcome) {
    if (source.failures > 0) {
      net::log(net::LogLevel::kInfo, "revocation.answers_again", {{"address", source.address}});
    }
    source.failures = 0;
    source.failure.clear();
    source.checked_at = now;
    source.next_try = now + settings_.interval;
    return;
  }
  if (source.failure != outcome.error().reason) {
    net::log(net::LogLevel::kWarning, "revocation.not_fetched",
             {{"address", source.address},
              {"issuer", source.issuers.front().subject().to_string()},
              {"reason", outcome.error().reason},
              {"detail", outcome.error().detail}});
  }
  source.failure = outcome.error().reason;
  constexpr unsigned kMostDoublings = 10;
  const auto pause = settings_.interval * (1 << std::min(source.failures, kMostDoublings));
  source.next_try = now + std::min(pause, std::max(kLongestPause, settings_.interval));
  ++source.failures;
}

std::filesystem::path RevocationFetcher::file_of(const RevocationSource& source) const {
  return settings_.folder /
         ("fetched-" + to_hex(crypto::sm3(as_bytes(source.address))).substr(0, 32) + ".crl");
}

net::Json to_json(const RevocationSource& source) {
  net::Json json = {{"address", source.address},
                    {"issuer", source.issuers.front().subject().to_string()},
                    {"origin", to_string(source.origin)},
                    {"next_try", to_rfc3339(source.next_try)}};
  if (source.checked_at) {
    json["checked_at"] = to_rfc3339(*source.checked_at);
  }
  if (source.list) {
    json["list"] = {{"this_update", to_rfc3339(source.list->this_update)},
                    {"number", source.list->number},
                    {"entries", source.list->entries},
                    {"sm3", to_hex(source.list->sm3)}};
    if (source.list->next_update) {
      json["list"]["next_update"] = to_rfc3339(*source.list->next_update);
    }
  }
  if (!source.failure.empty()) {
    json["failure"] = source.failure;
  }
  return json;
}

void expose(net::Exposition& out, const std::vector<RevocationSource>& sources) {
  const auto failing = std::ranges::count_if(sources, [](const auto& source) { return source.failures > 0; });
  out.metric("hutong_revocation_sources", "gauge", "Addresses that revocation lists are fetched from.",
             sources.size());
  out.metric("hutong_revocation_sources_failing", "gauge", "Those that failed when last asked.", failing);
}

}  // namespace hutong::platform
