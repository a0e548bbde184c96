#include "platform/trust/trust_desk.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <limits>
#include <utility>

#include "base/encoding.h"
#include "cms/sign.h"
#include "net/json.h"
#include "net/ulid.h"
#include "platform/vendors/vendor_repository.h"

namespace hutong::platform {
namespace {

using operators::audited_change;
using operators::Authorized;
using recognition::TrustListContent;
using recognition::TrustListState;
using storage::Reader;
using storage::Transaction;

constexpr std::int64_t kMostDays = 400;
constexpr std::size_t kVendorsAtOnce = 500;

Error changed_meanwhile() {
  return {Errc::kConflict, "trust_list.changed", "vendors or the list changed: look at the draft again"};
}

/// The list that the next one follows on.
struct Base {
  std::optional<TrustListContent> content;
  std::optional<crypto::Sm3Digest> sm3;
};

Result<crypto::Sm3Digest> digest_of(std::string_view hexadecimal) {
  HUTONG_TRY(const Bytes octets, from_hex(hexadecimal));
  crypto::Sm3Digest digest{};
  if (octets.size() != digest.size()) {
    return Error{Errc::kInternal, "internal", "a stored SM3 has another length"};
  }
  std::copy(octets.begin(), octets.end(), digest.begin());
  return digest;
}

Result<Base> base_of(Reader& reader, const std::shared_ptr<const recognition::TrustList>& in_force) {
  HUTONG_TRY(const auto newest, ListRepository::newest(reader));
  const auto number_in_force =
      in_force ? static_cast<std::int64_t>(in_force->content().number) : std::int64_t{0};
  if (!newest || number_in_force > newest->number) {
    return in_force ? Base{.content = in_force->content(), .sm3 = in_force->sm3()} : Base{};
  }
  HUTONG_TRY(const Bytes json, ListRepository::file(reader, newest->number, ListForm::kJson));
  HUTONG_TRY(auto content, recognition::trust_list_from_json(as_text(json)));
  HUTONG_TRY(const auto sm3, digest_of(newest->sm3));
  return Base{.content = std::move(content), .sm3 = sm3};
}

Result<std::vector<Vendor>> all_vendors(Reader& reader) {
  std::vector<Vendor> vendors;
  VendorFilter filter{.limit = kVendorsAtOnce};
  while (true) {
    HUTONG_TRY(auto page, VendorRepository::search(reader, filter));
    const bool is_last = page.size() < kVendorsAtOnce;
    if (!page.empty()) {
      filter.after = page.back().id;
    }
    std::move(page.begin(), page.end(), std::back_inserter(vendors));
    if (is_last) {
      return vendors;
    }
  }
}

void tell(audit::Event& event, const TrustRelease& release) {
  event.object_kind = "trust_list";
  event.object_id = std::to_string(release.base_number + 1);
  event.detail = net::to_text(net::Json{{"release", release.id},
                                        {"draft_sm3", release.draft_sm3},
                                        {"valid_days", release.valid_days},
                                        {"reason", release.reason},
                                        {"state", to_string(release.state)},
                                        {"proposed_by", release.proposed_by},
                                        {"decision_reason", release.decision_reason}});
}

}  // namespace

Result<TrustDesk::Draft> TrustDesk::draft(Reader& reader, Time now) const {
  HUTONG_TRY(Base base, base_of(reader, parts_.in_force ? parts_.in_force() : nullptr));
  HUTONG_TRY(const auto vendors, all_vendors(reader));
  const TrustListContent* before = base.content ? &*base.content : nullptr;
  HUTONG_TRY(const auto timeless, draft_services(before, vendors, kTimeless));
  Draft draft;
  draft.base_number = before == nullptr ? 0 : static_cast<std::int64_t>(before->number);
  draft.sm3 = to_hex(draft_digest(before, timeless));
  HUTONG_TRY(draft.content.services, draft_services(before, vendors, now));
  draft.changes = differences(before, draft.content.services);
  draft.content.number = static_cast<std::uint64_t>(draft.base_number) + 1;
  draft.content.previous_sm3 = base.sm3;
  draft.content.issued_at = now;
  draft.content.operator_zh =
      parts_.operator_zh.empty() && before != nullptr ? before->operator_zh : parts_.operator_zh;
  draft.content.operator_en =
      parts_.operator_en.empty() && before != nullptr ? before->operator_en : parts_.operator_en;
  if (parts_.signer != nullptr) {
    draft.content.signer_announcements = parts_.signer->announcements();
  }
  return draft;
}

Result<TrustDesk::Draft> TrustDesk::draft() const {
  HUTONG_TRY(auto reader, parts_.database.read());
  HUTONG_TRY(auto found, draft(reader, parts_.clock.now()));
  HUTONG_TRY(found.open, ListRepository::open_release(reader));
  return found;
}

Result<TrustRelease> TrustDesk::propose(const Authorized& by, const WantedRelease& wanted) const {
  if (wanted.valid_days < 1 || wanted.valid_days > kMostDays) {
    return Error{Errc::kPolicy, "trust_list.valid_days", "a list is valid for 1 to 400 days"};
  }
  const Time now = parts_.clock.now();
  const std::string id = net::make_ulid(std::chrono::system_clock::now(), parts_.random);
  return audited_change(parts_.database, by, "trust_list.proposed", now,
                        [&](Transaction& transaction, audit::Event& event) -> Result<TrustRelease> {
                          HUTONG_TRY(const Draft found, draft(transaction, now));
                          if (found.sm3 != wanted.draft_sm3) {
                            return changed_meanwhile();
                          }
                          TrustRelease release{.id = id,
                                               .base_number = found.base_number,
                                               .draft_sm3 = wanted.draft_sm3,
                                               .valid_days = wanted.valid_days,
                                               .reason = wanted.reason,
                                               .proposed_by = by.id(),
                                               .proposed_at = now};
                          tell(event, release);
                          HUTONG_CHECK(ListRepository::insert(transaction, release));
                          return release;
                        });
}

Result<TrustRelease> TrustDesk::decide(const Authorized& by, const ProposalDecision& decision) const {
  const Time now = parts_.clock.now();
  auto decided = audited_change(
      parts_.database, by, "trust_list.decided", now,
      [&](Transaction& transaction, audit::Event& event) -> Result<TrustRelease> {
        HUTONG_TRY(TrustRelease release, ListRepository::release_for_update(transaction, decision.proposal));
        if (release.state != StepState::kOpen) {
          return Error{Errc::kConflict, "trust_list.release_decided", "the release was decided before"};
        }
        if (release.proposed_by == by.id()) {
          return Error{Errc::kUnauthorized, "trust_list.four_eyes",
                       "whoever proposed a list does not release it"};
        }
        if (decision.decision == Decision::kRelease) {
          HUTONG_CHECK(publish(transaction, release, now));
        }
        release.state = decision.decision == Decision::kRelease ? StepState::kReleased : StepState::kRejected;
        release.decided_by = by.id();
        release.decided_at = now;
        release.decision_reason = decision.reason;
        tell(event, release);
        HUTONG_CHECK(ListRepository::decide(transaction, release));
        return release;
      });
  if (decided && decided->state == StepState::kReleased && parts_.on_release) {
    parts_.on_release();
  }
  return decided;
}

Status TrustDesk::publish(Transaction& transaction, const TrustRelease& release, Time now) const {
  if (parts_.signer == nullptr) {
    return Error{Errc::kPolicy, "trust_list.no_key", "this platform has no key to sign lists with"};
  }
  HUTONG_TRY(Draft found, draft(transaction, now));
  if (found.sm3 != release.draft_sm3 || found.base_number != release.base_number) {
    return changed_meanwhile();
  }
  TrustListContent& content = found.content;
  content.next_update = now + std::chrono::hours(24 * release.valid_days);
  HUTONG_TRY(const ListFiles files, sign(content, now));
  const PublishedList list{.number = found.base_number + 1,
                           .sm3 = to_hex(crypto::sm3(files.message)),
                           .previous = content.previous_sm3 ? to_hex(*content.previous_sm3) : "",
                           .issued_at = now,
                           .next_update = content.next_update,
                           .release = release.id};
  return ListRepository::insert(transaction, list, files);
}

/// What was signed is loaded as every reader loads it, before anybody can see it.
Result<ListFiles> TrustDesk::sign(const TrustListContent& content, Time now) const {
  const ListSigner& signer = *parts_.signer;
  HUTONG_TRY(auto message, recognition::write_trust_list(content, signer.key(), signer.certificate()));
  const auto loaded = recognition::load_trust_list(message, signer.certificate(), now);
  if (loaded.state(now) != TrustListState::kCurrent) {
    return Error{Errc::kPolicy, "trust_list.unusable",
                 "nobody could use the list: " + std::string(loaded.reason) + " " + loaded.detail};
  }
  const std::string xml = recognition::to_xml_text(content);
  const std::vector<cms::MessageSigner> signers = {
      {.key = signer.key(), .certificate = signer.certificate()}};
  cms::SignOptions options;
  options.signing_time = now;
  HUTONG_TRY(auto xml_signature, cms::sign_detached(as_bytes(xml), signers, options));
  return ListFiles{.message = std::move(message),
                   .json = to_bytes(as_bytes(recognition::to_json_text(content))),
                   .xml = to_bytes(as_bytes(xml)),
                   .xml_signature = std::move(xml_signature),
                   .signer = to_bytes(signer.certificate().der())};
}

Result<std::vector<TrustRelease>> TrustDesk::releases(std::string_view before, std::size_t limit) const {
  HUTONG_TRY(auto reader, parts_.database.read());
  return ListRepository::releases(reader, before, limit);
}

Result<std::vector<PublishedList>> TrustDesk::lists(std::int64_t before, std::size_t limit) const {
  HUTONG_TRY(auto reader, parts_.database.read());
  const std::int64_t from = before == 0 ? std::numeric_limits<std::int64_t>::max() : before;
  return ListRepository::lists(reader, from, limit);
}

Result<Bytes> TrustDesk::file(std::optional<std::int64_t> number, ListForm form) const {
  HUTONG_TRY(auto reader, parts_.database.read());
  if (!number) {
    HUTONG_TRY(const auto newest, ListRepository::newest(reader));
    number = newest ? newest->number : 0;
  }
  return ListRepository::file(reader, *number, form);
}

}  // namespace hutong::platform
