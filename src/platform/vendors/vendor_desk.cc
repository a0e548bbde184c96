#include "platform/vendors/vendor_desk.h"

#include <chrono>
#include <utility>

#include "base/encoding.h"
#include "net/json.h"
#include "net/ulid.h"
#include "platform/vendors/vendor_content.h"

namespace hutong::platform {
namespace {

using operators::audited_change;
using operators::Authorized;
using storage::Transaction;

void tell(audit::Event& event, std::string_view vendor, const net::Json& detail) {
  event.object_kind = "vendor";
  event.object_id = vendor;
  event.detail = net::to_text(detail);
}

net::Json detail_of(const VendorStep& step) {
  net::Json detail = {{"step", step.id},
                      {"from", to_string(step.from)},
                      {"to", to_string(step.to)},
                      {"reason", step.reason},
                      {"state", to_string(step.state)},
                      {"proposed_by", step.proposed_by},
                      {"decision_reason", step.decision_reason}};
  if (step.content) {
    detail["content"] = to_json(*step.content);
  }
  return detail;
}

/// The vendor locked, as the asker saw it and not withdrawn.
Result<Vendor> locked(Transaction& transaction, std::string_view id) {
  HUTONG_TRY(auto vendor, VendorRepository::find_for_update(transaction, id));
  if (vendor.state == VendorState::kWithdrawn) {
    return Error{Errc::kConflict, "vendor.withdrawn", "the vendor has left; nothing is changed any more"};
  }
  return vendor;
}

Result<Persons> check_step(Transaction& transaction, const Vendor& vendor, VendorState to) {
  const auto persons = persons_for(vendor.state, to);
  if (!persons) {
    return Error{Errc::kConflict, "vendor.step",
                 "there is no step from " + std::string(to_string(vendor.state)) + " to " +
                     std::string(to_string(to))};
  }
  if (const auto needed = needed_document(vendor, to)) {
    HUTONG_TRY(const bool is_there, VendorRepository::has_document(transaction, vendor.id, *needed));
    if (!is_there) {
      return Error{Errc::kPolicy, "vendor.document_missing",
                   "first upload a document of the kind " + std::string(to_string(*needed))};
    }
  }
  return *persons;
}

Status check_change(const Vendor& vendor) {
  if (vendor.state != VendorState::kAccredited && vendor.state != VendorState::kSuspended) {
    return Error{Errc::kConflict, "vendor.change", "the vendor is neither accredited nor suspended"};
  }
  return ok();
}

Status check_version(const Vendor& vendor, std::int64_t version) {
  if (vendor.version != version) {
    return Error{Errc::kConflict, "storage.conflict", "the vendor was changed meanwhile"};
  }
  return ok();
}

/// What is known about a vendor but for its counters within the region of who asks.
net::Json beyond_region(const Authorized& by, const VendorContent& content) {
  net::Json json = to_json(content);
  net::Json others = net::Json::array();
  for (const net::Json& counter : json["counters"]) {
    if (!check_region(by, counter["region"].get_ref<const std::string&>())) {
      others.push_back(counter);
    }
  }
  json["counters"] = std::move(others);
  return json;
}

/// Who is bound to a region changes the counters there and nothing else.
Status check_reach(const Authorized& by, const VendorContent& before, const VendorContent& after) {
  return beyond_region(by, before) == beyond_region(by, after) ? ok() : check_whole_region(by);
}

/// A step of the vendor as it is now, which waits for its second person.
VendorStep proposed(std::string id, const Vendor& vendor, const std::string& reason, const Authorized& by,
                    Time now) {
  return {.id = std::move(id),
          .vendor = vendor.id,
          .from = vendor.state,
          .to = vendor.state,
          .reason = reason,
          .vendor_version = vendor.version,
          .proposed_by = by.id(),
          .proposed_at = now};
}

/// Somebody else than who proposed it, whose region it does not reach beyond.
Status check_decider(Transaction& transaction, const Authorized& by, const VendorStep& step) {
  if (step.proposed_by == by.id()) {
    return Error{Errc::kUnauthorized, "vendor.four_eyes", "whoever proposed a step does not decide it"};
  }
  if (!step.content) {
    return check_whole_region(by);
  }
  HUTONG_TRY(const Vendor vendor, VendorRepository::find(transaction, step.vendor));
  return check_reach(by, vendor.content, *step.content);
}

/// What a released step does.
Status carry_out(Transaction& transaction, Vendor vendor, const VendorStep& step, Time now) {
  if (step.content) {
    HUTONG_CHECK(check_change(vendor));
    vendor.content = *step.content;
  } else {
    HUTONG_CHECK(check_step(transaction, vendor, step.to));
    vendor.state = step.to;
  }
  vendor.changed_at = now;
  return VendorRepository::update(transaction, vendor);
}

}  // namespace

std::string VendorDesk::new_id() const { return net::make_ulid(std::chrono::system_clock::now(), *random_); }

Result<VendorDesk::Dossier> VendorDesk::dossier(std::string_view id) const {
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(auto vendor, VendorRepository::find(reader, id));
  HUTONG_TRY(auto documents, VendorRepository::documents(reader, id));
  HUTONG_TRY(auto steps, VendorRepository::steps(reader, id));
  HUTONG_TRY(auto checks, VendorRepository::checks(reader, id));
  return Dossier{.vendor = std::move(vendor),
                 .documents = std::move(documents),
                 .steps = std::move(steps),
                 .checks = std::move(checks)};
}

Result<std::vector<Vendor>> VendorDesk::search(const VendorFilter& filter) const {
  HUTONG_TRY(auto reader, database_->read());
  return VendorRepository::search(reader, filter);
}

Result<VendorRepository::StoredDocument> VendorDesk::document(std::string_view vendor,
                                                              std::string_view id) const {
  HUTONG_TRY(auto reader, database_->read());
  return VendorRepository::document(reader, vendor, id);
}

Result<Vendor> VendorDesk::enter(const Authorized& by, const VendorContent& content) const {
  const Time now = clock_->now();
  HUTONG_CHECK(check_whole_region(by));
  const Vendor vendor{.id = new_id(), .content = content, .created_at = now, .changed_at = now};
  return audited_change(*database_, by, "vendor.entered", now,
                        [&](Transaction& transaction, audit::Event& event) -> Result<Vendor> {
                          tell(event, vendor.id, to_json(content));
                          HUTONG_CHECK(VendorRepository::insert(transaction, vendor));
                          return vendor;
                        });
}

Result<Vendor> VendorDesk::change(const Authorized& by, std::string_view id, std::int64_t version,
                                  const VendorContent& content) const {
  const Time now = clock_->now();
  return audited_change(*database_, by, "vendor.changed", now,
                        [&](Transaction& transaction, audit::Event& event) -> Result<Vendor> {
                          HUTONG_TRY(Vendor vendor, locked(transaction, id));
                          if (vendor.state != VendorState::kApplied) {
                            return Error{Errc::kConflict, "vendor.checked",
                                         "the application was checked: propose a change or send it back"};
                          }
                          HUTONG_CHECK(check_reach(by, vendor.content, content));
                          vendor.content = content;
                          vendor.changed_at = now;
                          vendor.version = version;
                          tell(event, id, to_json(content));
                          HUTONG_CHECK(VendorRepository::update(transaction, vendor));
                          ++vendor.version;
                          return vendor;
                        });
}

Result<VendorDocument> VendorDesk::add_document(const Authorized& by, const NewDocument& wanted) const {
  HUTONG_CHECK(check_whole_region(by));
  const Time now = clock_->now();
  const VendorDocument document{.id = new_id(),
                                .vendor = wanted.vendor,
                                .kind = wanted.kind,
                                .file_name = wanted.file_name,
                                .sm3 = crypto::sm3(wanted.content),
                                .size = static_cast<std::int64_t>(wanted.content.size()),
                                .added_by = by.id(),
                                .added_at = now};
  return audited_change(*database_, by, "vendor.document_added", now,
                        [&](Transaction& transaction, audit::Event& event) -> Result<VendorDocument> {
                          HUTONG_TRY(const Vendor vendor, locked(transaction, wanted.vendor));
                          tell(event, vendor.id,
                               {{"document", document.id},
                                {"kind", to_string(document.kind)},
                                {"file_name", document.file_name},
                                {"sm3", to_hex(document.sm3)}});
                          HUTONG_CHECK(VendorRepository::insert(transaction, document, wanted.content));
                          return document;
                        });
}

Result<ConnectorCheck> VendorDesk::add_check(const Authorized& by, ConnectorCheck check) const {
  HUTONG_CHECK(check_whole_region(by));
  check.id = new_id();
  return audited_change(*database_, by, "vendor.connector_checked", check.asked_at,
                        [&](Transaction& transaction, audit::Event& event) -> Result<ConnectorCheck> {
                          tell(event, check.vendor, to_json(check));
                          HUTONG_CHECK(VendorRepository::insert(transaction, check));
                          return check;
                        });
}

Result<VendorStep> VendorDesk::step(const Authorized& by, const WantedStep& wanted) const {
  HUTONG_CHECK(check_whole_region(by));
  const Time now = clock_->now();
  const std::string id = new_id();
  return audited_change(*database_, by, "vendor.step", now,
                        [&](Transaction& transaction, audit::Event& event) -> Result<VendorStep> {
                          HUTONG_TRY(Vendor vendor, locked(transaction, wanted.vendor));
                          HUTONG_TRY(const Persons persons, check_step(transaction, vendor, wanted.to));
                          HUTONG_CHECK(check_version(vendor, wanted.version));
                          VendorStep step = proposed(id, vendor, wanted.reason, by, now);
                          step.to = wanted.to;
                          if (persons == Persons::kOne) {
                            step.state = StepState::kReleased;
                            step.decided_by = by.id();
                            step.decided_at = now;
                            HUTONG_CHECK(carry_out(transaction, vendor, step, now));
                          }
                          tell(event, vendor.id, detail_of(step));
                          HUTONG_CHECK(VendorRepository::insert(transaction, step));
                          return step;
                        });
}

Result<VendorStep> VendorDesk::propose_change(const Authorized& by, const WantedChange& wanted) const {
  const Time now = clock_->now();
  const std::string id = new_id();
  return audited_change(*database_, by, "vendor.change_proposed", now,
                        [&](Transaction& transaction, audit::Event& event) -> Result<VendorStep> {
                          HUTONG_TRY(const Vendor vendor, locked(transaction, wanted.vendor));
                          HUTONG_CHECK(check_change(vendor));
                          HUTONG_CHECK(check_version(vendor, wanted.version));
                          HUTONG_CHECK(check_reach(by, vendor.content, wanted.content));
                          VendorStep step = proposed(id, vendor, wanted.reason, by, now);
                          step.content = wanted.content;
                          tell(event, vendor.id, detail_of(step));
                          HUTONG_CHECK(VendorRepository::insert(transaction, step));
                          return step;
                        });
}

Result<VendorStep> VendorDesk::decide(const Authorized& by, const ProposalDecision& decision) const {
  const Time now = clock_->now();
  return audited_change(
      *database_, by, "vendor.step_decided", now,
      [&](Transaction& transaction, audit::Event& event) -> Result<VendorStep> {
        HUTONG_TRY(VendorStep step, VendorRepository::step_for_update(transaction, decision.proposal));
        if (step.state != StepState::kOpen) {
          return Error{Errc::kConflict, "vendor.step_decided", "the step was decided before"};
        }
        HUTONG_CHECK(check_decider(transaction, by, step));
        if (decision.decision == Decision::kRelease) {
          HUTONG_TRY(const Vendor vendor, locked(transaction, step.vendor));
          if (vendor.version != step.vendor_version) {
            return Error{Errc::kConflict, "vendor.changed", "the vendor was changed after the proposal"};
          }
          HUTONG_CHECK(carry_out(transaction, vendor, step, now));
        }
        step.state = decision.decision == Decision::kRelease ? StepState::kReleased : StepState::kRejected;
        step.decided_by = by.id();
        step.decided_at = now;
        step.decision_reason = decision.reason;
        tell(event, step.vendor, detail_of(step));
        HUTONG_CHECK(VendorRepository::decide(transaction, step));
        return step;
      });
}

}  // namespace hutong::platform
