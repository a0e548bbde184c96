#include "ca/signing/authority_repository.h"

#include <string_view>
#include <utility>

namespace hutong::ca {
namespace {

constexpr std::string_view kAllAuthorities =
    "SELECT id, key_label, certificate, state FROM authorities ORDER BY created_at, id";
constexpr std::string_view kRetireAuthorities = "UPDATE authorities SET state = 1 WHERE state = 0";
constexpr std::string_view kInsertAuthority =
    "INSERT INTO authorities (id, key_label, certificate, state, created_at) VALUES (?, ?, ?, 0, ?)";
constexpr std::string_view kInsertLink =
    "INSERT INTO link_certificates (sm3, authority, kind, der) VALUES (?, ?, ?, ?)";
constexpr std::string_view kLinks = "SELECT der FROM link_certificates ORDER BY authority, kind";

}  // namespace

Result<std::vector<Authority>> AuthorityRepository::all(storage::Reader& reader) {
  HUTONG_TRY(const auto rows, reader.query(kAllAuthorities));
  std::vector<Authority> authorities;
  for (const storage::Row& row : rows) {
    HUTONG_TRY(auto certificate, x509::Certificate::parse(row.bytes(2)));
    authorities.push_back({.id = row.text(0),
                           .key_label = row.text(1),
                           .certificate = std::move(certificate),
                           .state = row.get<AuthorityState>(3)});
  }
  return authorities;
}

Status AuthorityRepository::activate(storage::Transaction& transaction, const Authority& authority,
                                     Time now) {
  HUTONG_CHECK(transaction.execute(kRetireAuthorities));
  HUTONG_CHECK(transaction.execute(kInsertAuthority, authority.id, authority.key_label,
                                   authority.certificate.der(), now));
  return ok();
}

Status AuthorityRepository::add_link(storage::Transaction& transaction, std::string_view authority,
                                     LinkKind kind, const x509::Certificate& certificate) {
  HUTONG_CHECK(
      transaction.execute(kInsertLink, ByteView(certificate.sm3()), authority, kind, certificate.der()));
  return ok();
}

Result<std::vector<x509::Certificate>> AuthorityRepository::links(storage::Reader& reader) {
  HUTONG_TRY(const auto rows, reader.query(kLinks));
  std::vector<x509::Certificate> links;
  for (const storage::Row& row : rows) {
    HUTONG_TRY(auto certificate, x509::Certificate::parse(row.bytes(0)));
    links.push_back(std::move(certificate));
  }
  return links;
}

}  // namespace hutong::ca
