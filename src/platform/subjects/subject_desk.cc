#include "platform/subjects/subject_desk.h"

#include <algorithm>
#include <utility>

#include "net/json.h"
#include "net/ulid.h"
#include "platform/desk_input.h"

namespace hutong::platform {
namespace {

using operators::audited_change;
using operators::Authorized;
using storage::Transaction;

Status check_roles(SubjectKind kind, const SubjectRoles& roles) {
  if (!std::ranges::all_of(roles, [kind](SubjectRole role) { return may_have(kind, role); })) {
    return Error{Errc::kPolicy, "subject.role",
                 "organisations are purchasers, agencies or suppliers, persons experts"};
  }
  return ok();
}

net::Json roles_json(const SubjectRoles& roles) {
  net::Json names = net::Json::array();
  for (const SubjectRole role : roles) {
    names.push_back(to_string(role));
  }
  return names;
}

/// Who is bound to a region knows of no subject elsewhere.
Status check_known(const Authorized& by, const Subject& subject) {
  return check_region(by, subject.region)
             ? ok()
             : Status(Error{Errc::kNotFound, "subject.unknown", "there is no such subject"});
}

}  // namespace

Result<Subject> SubjectDesk::find(const Authorized& by, std::string_view id) const {
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(auto subject, repository_.find(reader, id));
  HUTONG_CHECK(check_known(by, subject));
  return subject;
}

Result<std::vector<Subject>> SubjectDesk::search(const Authorized& by, SubjectFilter filter) const {
  filter.within = region_of(by);
  HUTONG_TRY(auto reader, database_->read());
  return repository_.search(reader, filter);
}

Result<std::optional<Subject>> SubjectDesk::look_up(const Authorized& by, const SubjectNumber& number) const {
  return audited_change(
      *database_, by, "subject.looked_up", clock_->now(),
      [&](Transaction& transaction, audit::Event& event) -> Result<std::optional<Subject>> {
        HUTONG_TRY(auto subject, repository_.find(transaction, number));
        if (subject && !check_known(by, *subject)) {
          subject.reset();
        }
        event.object_kind = "subject";
        event.object_id = subject ? subject->id : std::string();
        event.detail = net::to_text({{"kind", to_string(number.kind)}, {"found", subject.has_value()}});
        return subject;
      });
}

Result<Subject> SubjectDesk::enter(const Authorized& by, const NewSubject& wanted) const {
  HUTONG_CHECK(check_roles(wanted.number.kind, wanted.content.roles));
  HUTONG_CHECK(check_region(by, wanted.content.region));
  const Time now = clock_->now();
  const Subject subject{.id = net::make_ulid(now, *random_),
                        .number = wanted.number,
                        .name = wanted.content.name,
                        .roles = wanted.content.roles,
                        .region = wanted.content.region,
                        .created_at = now,
                        .changed_at = now};
  return audited_change(
      *database_, by, "subject.entered", now,
      [&](Transaction& transaction, audit::Event& event) -> Result<Subject> {
        HUTONG_CHECK(repository_.insert(transaction, subject));
        event.object_kind = "subject";
        event.object_id = subject.id;
        event.detail = net::to_text({{"roles", roles_json(subject.roles)}, {"region", subject.region}});
        return subject;
      });
}

Result<Subject> SubjectDesk::change(const Authorized& by, const SubjectChange& wanted) const {
  const Time now = clock_->now();
  return audited_change(*database_, by, "subject.changed", now,
                        [&](Transaction& transaction, audit::Event& event) -> Result<Subject> {
                          HUTONG_TRY(Subject subject,
                                     repository_.find_for_update(transaction, wanted.subject));
                          HUTONG_CHECK(check_known(by, subject));
                          HUTONG_CHECK(check_region(by, wanted.content.region));
                          HUTONG_CHECK(check_roles(subject.number.kind, wanted.content.roles));
                          event.object_kind = "subject";
                          event.object_id = subject.id;
                          event.detail = net::to_text({{"reason", wanted.reason},
                                                       {"roles_before", roles_json(subject.roles)},
                                                       {"roles", roles_json(wanted.content.roles)},
                                                       {"region", wanted.content.region}});
                          subject.name = wanted.content.name;
                          subject.roles = wanted.content.roles;
                          subject.region = wanted.content.region;
                          subject.changed_at = now;
                          subject.version = wanted.version;
                          HUTONG_CHECK(repository_.update(transaction, subject));
                          ++subject.version;
                          return subject;
                        });
}

Result<Subject> SubjectDesk::ensure(Transaction& transaction, const Identified& who) const {
  HUTONG_TRY(auto known, repository_.find(transaction, who.number));
  if (known) {
    return std::move(*known);
  }
  const Time now = clock_->now();
  const Subject fresh{.id = net::make_ulid(now, *random_),
                      .number = who.number,
                      .name = who.name,
                      .roles = {},
                      .region = {},
                      .created_at = now,
                      .changed_at = now};
  const auto inserted = repository_.insert(transaction, fresh);
  if (inserted) {
    return fresh;
  }
  if (inserted.error().reason != "subject.number_taken") {
    return inserted.error();
  }
  // Another node entered it between the two statements.
  HUTONG_TRY(known, repository_.find(transaction, who.number));
  return known ? Result<Subject>(std::move(*known)) : inserted.error();
}

}  // namespace hutong::platform
