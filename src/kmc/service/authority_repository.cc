#include "kmc/service/authority_repository.h"

#include <utility>

#include "base/encoding.h"
#include "storage/error.h"

namespace hutong::kmc {
namespace {

using storage::Reader;
using storage::Row;
using storage::Transaction;

#define HUTONG_AUTHORITY_COLUMNS \
  "id, name, certificate, certificate_fingerprint, tls_fingerprint, state, created_at, changed_at, version"
constexpr std::string_view kInsertAuthority =
    "INSERT INTO authorities (" HUTONG_AUTHORITY_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kFindAuthority =
    "SELECT " HUTONG_AUTHORITY_COLUMNS " FROM authorities WHERE id = ?";
constexpr std::string_view kFindByTls =
    "SELECT " HUTONG_AUTHORITY_COLUMNS " FROM authorities WHERE tls_fingerprint = ?";
constexpr std::string_view kAllAuthorities =
    "SELECT " HUTONG_AUTHORITY_COLUMNS " FROM authorities ORDER BY id";
constexpr std::string_view kUpdate =
    "UPDATE authorities SET name = ?, certificate = ?, certificate_fingerprint = ?, tls_fingerprint = ?, "
    "state = ?, changed_at = ?, version = version + 1 WHERE id = ? AND version = ?";

Result<Authority> authority_of(const Row& row) {
  HUTONG_TRY(auto certificate, x509::Certificate::parse(row.bytes(2)));
  return Authority{.id = row.text(0),
                   .name = row.text(1),
                   .certificate = std::move(certificate),
                   .tls_fingerprint = row.text(4),
                   .state = row.get<AuthorityState>(5),
                   .created_at = row.time(6),
                   .changed_at = row.time(7),
                   .version = row.integer(8)};
}

/// What a violated key means.
Error told_apart(const Error& error) {
  if (storage::violates(error, "authorities_tls")) {
    return {Errc::kConflict, "authority.tls_certificate_taken", "another CA has this TLS certificate"};
  }
  if (storage::violates(error, "authorities_certificate")) {
    return {Errc::kConflict, "authority.certificate_taken", "another CA has this certificate"};
  }
  return error;
}

}  // namespace

std::string_view to_string(AuthorityState state) {
  return state == AuthorityState::kSuspended ? "suspended" : "active";
}

Status AuthorityRepository::insert(Transaction& transaction, const Authority& authority) {
  const auto added =
      transaction.execute(kInsertAuthority, authority.id, authority.name, authority.certificate.der(),
                          to_hex(authority.certificate.sm3()), authority.tls_fingerprint, authority.state,
                          authority.created_at, authority.changed_at, authority.version);
  return added ? ok() : Status(told_apart(added.error()));
}

Result<Authority> AuthorityRepository::find(Reader& reader, std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindAuthority, id));
  if (!row) {
    return Error{Errc::kNotFound, "authority.unknown", "no CA " + std::string(id)};
  }
  return authority_of(*row);
}

Result<std::optional<Authority>> AuthorityRepository::find_by_tls(Reader& reader,
                                                                  std::string_view fingerprint) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindByTls, fingerprint));
  if (!row) {
    return std::optional<Authority>();
  }
  HUTONG_TRY(auto authority, authority_of(*row));
  return std::optional(std::move(authority));
}

Result<std::vector<Authority>> AuthorityRepository::all(Reader& reader) {
  HUTONG_TRY(const auto rows, reader.query(kAllAuthorities));
  std::vector<Authority> authorities;
  for (const Row& row : rows) {
    HUTONG_TRY(auto authority, authority_of(row));
    authorities.push_back(std::move(authority));
  }
  return authorities;
}

Status AuthorityRepository::update(Transaction& transaction, const Authority& changed) {
  const auto done = transaction.compare_and_set(
      kUpdate, changed.name, changed.certificate.der(), to_hex(changed.certificate.sm3()),
      changed.tls_fingerprint, changed.state, changed.changed_at, changed.id, changed.version);
  return done ? ok() : Status(told_apart(done.error()));
}

}  // namespace hutong::kmc
