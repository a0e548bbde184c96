#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"
#include "net/http.h"
#include "net/router.h"
#include "operators/authorized.h"
#include "operators/guard.h"
#include "platform/subjects/subject_repository.h"
#include "storage/database.h"

namespace hutong::platform {

/// What an operator enters about a subject.
struct SubjectContent {
  std::string name;
  SubjectRoles roles;
  std::string region;
};
struct NewSubject {
  SubjectNumber number;
  SubjectContent content;
};
struct SubjectChange {
  std::string subject;
  std::int64_t version = 0;  ///< as the asker saw it
  std::string reason;
  SubjectContent content;
};

/// What operators do with subjects: they enter them, or find those that logged in by themselves, and say
/// which roles they have and where. Every change is one transaction with its audit record. Any thread.
/// Citizen numbers never leave it but masked. Who is bound to a region sees and changes subjects of that one
/// only: others are unknown to them, and they put none elsewhere (kUnauthorized "region.foreign").
class SubjectDesk {
 public:
  SubjectDesk(storage::Database& database, const Vault& vault, const Clock& clock,
              crypto::RandomSource& random = crypto::system_random())
      : database_(&database), repository_(vault), clock_(&clock), random_(&random) {}

  /// kNotFound "subject.unknown".
  Result<Subject> find(const operators::Authorized& by, std::string_view id) const;
  Result<std::vector<Subject>> search(const operators::Authorized& by, SubjectFilter filter) const;
  /// By its whole number; nothing when nobody knows it. The question leaves an audit record, without the
  /// number: whose it is, or that it was nobody's.
  Result<std::optional<Subject>> look_up(const operators::Authorized& by, const SubjectNumber& number) const;
  /// kConflict "subject.number_taken"; kPolicy "subject.role" (an organisation is no expert, a person nothing
  /// else).
  Result<Subject> enter(const operators::Authorized& by, const NewSubject& wanted) const;
  /// kNotFound "subject.unknown", kConflict "storage.conflict", kPolicy "subject.role".
  Result<Subject> change(const operators::Authorized& by, const SubjectChange& wanted) const;

  /// The subject of this number, entered without roles if nobody knows it, in the caller's transaction.
  Result<Subject> ensure(storage::Transaction& transaction, const Identified& who) const;

 private:
  storage::Database* database_;
  SubjectRepository repository_;
  const Clock* clock_;
  crypto::RandomSource* random_;
};

/// Adds the endpoints tagged "subjects" of docs/openapi.json. Desk and guard must outlive the router.
void add_subject_routes(net::Router& router, const SubjectDesk& desk, const operators::Guard& guard);

}  // namespace hutong::platform
