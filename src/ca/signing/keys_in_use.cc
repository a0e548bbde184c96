#include "ca/signing/keys_in_use.h"

#include <string_view>

#include "ca/signing/authority_repository.h"

namespace hutong::ca {
namespace {

constexpr std::string_view kAuthoritiesInUse = "SELECT id, state FROM authorities";
constexpr std::string_view kServicesInUse = "SELECT purpose, authority, key_label FROM service_keys";

}  // namespace

Result<KeysInUse> KeysInUse::read(storage::Reader& reader) {
  KeysInUse keys;
  HUTONG_TRY(const auto authorities, reader.query(kAuthoritiesInUse));
  for (const storage::Row& row : authorities) {
    keys.authorities.insert(row.text(0));
    if (row.get<AuthorityState>(1) == AuthorityState::kActive) {
      keys.active = row.text(0);
    }
  }
  HUTONG_TRY(const auto services, reader.query(kServicesInUse));
  for (const storage::Row& row : services) {
    keys.services.emplace(row.text(0), row.text(1), row.text(2));
  }
  return keys;
}

bool KeysInUse::is_complete() const {
  std::set<std::string> offered;
  std::set<std::string> of_the_active;
  for (const auto& [purpose, authority, label] : services) {
    offered.insert(purpose);
    if (authority == active) {
      of_the_active.insert(purpose);
    }
  }
  return offered == of_the_active;
}

}  // namespace hutong::ca
