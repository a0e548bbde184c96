#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "storage/database.h"
#include "x509/certificate.h"
#include "x509/crl.h"

namespace hutong::ca {

/// Where a certificate stands. Expiry is no state: it follows from the time.
enum class CertificateState : std::uint8_t {
  kValid = 0,
  kSuspended = 1,  ///< 冻结: on the lists with reason certificateHold until released
  kRevoked = 2,    ///< final
};
std::string_view to_string(CertificateState state);  ///< "valid", "suspended", "revoked"

/// One issued certificate as the store keeps it.
struct CertificateRecord {
  x509::Serial serial;
  std::string authority;  ///< which of this CA's keys signed it
  std::string template_id;
  std::uint32_t template_version = 0;
  std::string subject;               ///< RFC 4514 text, for searching
  std::string holder;                ///< the subject's number (credit code …), empty when it has none
  std::string order;                 ///< of the registration system; empty for the CA's own certificates
  std::optional<x509::Serial> pair;  ///< the other certificate of a dual order
  Bytes key_sm3;                     ///< SM3 of SubjectPublicKeyInfo: a key is certified for one holder only
  Bytes der;
  Time not_before{};
  Time not_after{};
  std::uint32_t partition = 0;
  CertificateState state = CertificateState::kValid;
  std::optional<Time> changed_at;         ///< of the last change of state
  std::optional<x509::CrlReason> reason;  ///< of a revocation or suspension
  std::int64_t version = 0;               ///< grows with every change; what compare-and-set looks at
};

/// A change of state: who asked and when is the audit's business.
struct StateChange {
  CertificateState to;
  Time at{};
  std::optional<x509::CrlReason> reason = std::nullopt;
};

/// What a search asks for; members left empty do not matter.
struct CertificateFilter {
  std::string holder = {};
  std::string subject_part = {};  ///< anywhere in the subject's text
  std::string template_id = {};
  std::optional<CertificateState> state = std::nullopt;
  std::optional<Time> ends_before = std::nullopt;
  std::string after = {};  ///< cursor: serial of the last row of the page before
  std::size_t limit = 50;
};

/// What the lists and OCSP answers need of one certificate.
struct StatusRecord {
  x509::Serial serial;
  CertificateState state = CertificateState::kValid;
  std::optional<Time> changed_at;
  std::optional<x509::CrlReason> reason;
  Time not_after{};
};

/// The store of issued certificates (证书库), part of every transaction that issues or changes one.
/// Stateless; any thread, one transaction each. Errors are those of storage/error.h, and the ones named here.
class CertificateRepository {
 public:
  /// kConflict "certificate.serial_taken", "certificate.key_taken" (the key is certified for another holder,
  /// or by a certificate with the same use that still stands).
  static Status insert(storage::Transaction& transaction, const CertificateRecord& record);
  /// kNotFound "certificate.unknown".
  static Result<CertificateRecord> find(storage::Reader& reader, const x509::Serial& serial);
  /// The same, locked until the transaction ends.
  static Result<CertificateRecord> find_for_update(storage::Transaction& transaction,
                                                   const x509::Serial& serial);
  static Result<std::vector<CertificateRecord>> search(storage::Reader& reader,
                                                       const CertificateFilter& filter);
  /// Whether a certificate for this key was ever issued.
  static Result<bool> has_key(storage::Reader& reader, ByteView key_sm3);
  static Result<std::vector<CertificateRecord>> of_order(storage::Reader& reader, std::string_view order);

  /// Makes `pair` the other certificate of `serial`: an encryption certificate outlives its signing one when
  /// a key is recovered into a new token. kNotFound "certificate.unknown".
  static Status set_pair(storage::Transaction& transaction, const x509::Serial& serial,
                         const x509::Serial& pair);

  /// Suspends, releases or revokes. `record` is what was read; kConflict "storage.conflict" when somebody
  /// else was faster, "certificate.revoked" (a revocation is final), "certificate.state" (it is in that state
  /// already).
  static Status change_state(storage::Transaction& transaction, const CertificateRecord& record,
                             const StateChange& change);

  /// Where a certificate stands, if this authority issued it, and the last change of any state by then.
  struct CurrentStatus {
    std::int64_t last_change = 0;
    std::optional<StatusRecord> record;
  };
  static Result<CurrentStatus> status(storage::Reader& reader, std::string_view authority,
                                      const x509::Serial& serial);
  using VisitStatus = std::function<Status(const StatusRecord&)>;
  /// Everything that is suspended or revoked and not expired at `at`, by serial: the entries of a list.
  static Status for_each_listed(storage::Reader& reader, std::string_view authority, std::uint32_t partition,
                                Time at, const VisitStatus& visit);
  /// Everything whose state changed after the change with this number, whatever time it says: the entries of
  /// a delta list. A valid one was released.
  static Status for_each_changed(storage::Reader& reader, std::string_view authority, std::uint32_t partition,
                                 std::int64_t after, const VisitStatus& visit);
  /// Whether there is any of these.
  static Result<bool> has_changed(storage::Reader& reader, std::string_view authority,
                                  std::uint32_t partition, std::int64_t after);
  /// Changes of state are numbered in the order in which they are committed, on whatever node: what a cache
  /// of statuses follows.
  static Result<std::int64_t> last_change(storage::Reader& reader);
  using VisitChange = std::function<Status(std::int64_t number, const x509::Serial& serial)>;
  static Status for_each_change_after(storage::Reader& reader, std::int64_t number, const VisitChange& visit);
  /// How many stand in each state: {valid, suspended, revoked}.
  static Result<std::array<std::int64_t, 3>> counts(storage::Reader& reader);
};

}  // namespace hutong::ca
