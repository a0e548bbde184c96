#include "platform/login/business_system.h"

#include <algorithm>
#include <array>
#include <utility>

#include "net/url.h"
#include "platform/desk_input.h"

namespace hutong::platform::login {
namespace {

using storage::Row;

constexpr std::size_t kMostSystemName = 40;  ///< characters: the name stands in what is signed
constexpr std::size_t kMostUri = 500;
constexpr std::size_t kMostUris = 20;
constexpr const char* kAlgorithm = "id_token_signed_response_alg";
constexpr std::array<std::string_view, 5> kSystemMembers{"name_zh", "name_en", "redirect_uris",
                                                         "after_logout_uris", kAlgorithm};

#define HUTONG_SYSTEM_COLUMNS \
  "id, content, secret_index, state, proposed_by, proposed_at, decided_by, decided_at, suspended_because"
constexpr std::string_view kInsertSystem =
    "INSERT INTO business_systems (" HUTONG_SYSTEM_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kFindSystem =
    "SELECT " HUTONG_SYSTEM_COLUMNS " FROM business_systems WHERE id = ?";
constexpr std::string_view kListSystems =
    "SELECT " HUTONG_SYSTEM_COLUMNS " FROM business_systems WHERE id > ? ORDER BY id LIMIT ?";
constexpr std::string_view kChangeSystem =
    "UPDATE business_systems SET state = ?, decided_by = ?, decided_at = ? WHERE id = ? AND state = ?";
constexpr std::string_view kSuspendSystem =
    "UPDATE business_systems SET state = ?, suspended_because = ?, decided_by = ?, decided_at = ?"
    " WHERE id = ? AND state = ?";
constexpr std::string_view kChangeSecret =
    "UPDATE business_systems SET secret_index = ? WHERE id = ? AND state IN (?, ?)";

Status one_changed(std::int64_t changed) {
  return changed == 1 ? ok()
                      : Status(Error{Errc::kConflict, "system.state",
                                     "the business system is not in the state for this"});
}

bool is_loopback(std::string_view host) {
  return host == "127.0.0.1" || host == "localhost" || host == "::1";
}

bool is_redirect_uri(const std::string& text) {
  const auto url = net::parse_url(text);
  return url && text.size() <= kMostUri &&
         (url->scheme == net::Url::Scheme::kHttps || is_loopback(url->host));
}

Result<std::vector<std::string>> read_uris(const net::Json& json, const char* member, std::size_t least) {
  const auto found = json.find(member);
  std::vector<std::string> uris;
  if (found != json.end()) {
    const bool is_list = found->is_array() && found->size() <= kMostUris &&
                         std::ranges::all_of(*found, [](const net::Json& one) {
                           return one.is_string() && is_redirect_uri(one.get<std::string>());
                         });
    if (!is_list) {
      return wrong_member(member);
    }
    uris = found->get<std::vector<std::string>>();
  }
  if (uris.size() < least) {
    return wrong_member(member);
  }
  return uris;
}

Result<IdTokenAlgorithm> read_algorithm(const net::Json& json) {
  const auto found = json.find(kAlgorithm);
  if (found == json.end()) {
    return IdTokenAlgorithm::kEs256;
  }
  for (const auto algorithm : {IdTokenAlgorithm::kEs256, IdTokenAlgorithm::kSm2}) {
    if (found->is_string() && found->get<std::string>() == to_string(algorithm)) {
      return algorithm;
    }
  }
  return wrong_member(kAlgorithm);
}

Result<BusinessSystem> system_of(const Row& row) {
  HUTONG_TRY(const auto json, net::parse_json(row.text(1)));
  HUTONG_TRY(auto content, read_system_content(json));
  return BusinessSystem{.id = row.text(0),
                        .content = std::move(content),
                        .secret_index = row.bytes(2),
                        .state = row.get<SystemState>(3),
                        .proposed_by = row.text(4),
                        .proposed_at = row.time(5),
                        .decided_by = row.text(6),
                        .decided_at = row.get<std::optional<Time>>(7),
                        .suspended_because = row.get<std::optional<std::string>>(8).value_or("")};
}

}  // namespace

std::string_view to_string(SystemState state) {
  switch (state) {
    case SystemState::kProposed:
      return "proposed";
    case SystemState::kActive:
      return "active";
    case SystemState::kRejected:
      return "rejected";
    case SystemState::kRetired:
      return "retired";
    case SystemState::kSuspended:
      return "suspended";
  }
  return "";
}

std::string_view to_string(IdTokenAlgorithm algorithm) {
  return algorithm == IdTokenAlgorithm::kSm2 ? "SGD_SM3_SM2" : "ES256";
}

Error suspended(const BusinessSystem& system) {
  std::string in_english = system.suspended_because;  // a page parts the languages at the last "；"
  for (std::size_t at = 0; (at = in_english.find("；", at)) != std::string::npos;) {
    in_english.replace(at, std::string_view("；").size(), "; ");
  }
  return {Errc::kUnauthorized, "system.suspended",
          "该业务系统已暂停登录：" + system.suspended_because +
              "；this business system is suspended: " + in_english};
}

Result<SystemContent> read_system_content(const net::Json& json) {
  if (!json.is_object()) {
    return Error{Errc::kMalformed, "request.body", "a JSON object is wanted"};
  }
  for (const auto& [name, value] : json.items()) {
    if (std::ranges::find(kSystemMembers, std::string_view(name)) == kSystemMembers.end()) {
      return Error{Errc::kMalformed, "request.unknown_member", name};
    }
  }
  SystemContent content;
  HUTONG_TRY(content.name_zh, read_desk_text(json, "name_zh", kMostSystemName));
  HUTONG_TRY(content.name_en, read_desk_text(json, "name_en", kMostSystemName));
  HUTONG_TRY(content.redirect_uris, read_uris(json, "redirect_uris", 1));
  HUTONG_TRY(content.after_logout_uris, read_uris(json, "after_logout_uris", 0));
  HUTONG_TRY(content.id_token_algorithm, read_algorithm(json));
  return content;
}

net::Json to_json(const SystemContent& content) {
  return {{"name_zh", content.name_zh},
          {"name_en", content.name_en},
          {"redirect_uris", content.redirect_uris},
          {"after_logout_uris", content.after_logout_uris},
          {kAlgorithm, to_string(content.id_token_algorithm)}};
}

Status SystemRepository::insert(storage::Transaction& transaction, const BusinessSystem& system) {
  HUTONG_CHECK(transaction.execute(kInsertSystem, system.id, net::to_text(to_json(system.content)),
                                   system.secret_index, system.state, system.proposed_by, system.proposed_at,
                                   system.decided_by, system.decided_at, std::optional<std::string>()));
  return ok();
}

Result<BusinessSystem> SystemRepository::find(storage::Reader& reader, std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindSystem, id));
  if (!row) {
    return Error{Errc::kNotFound, "system.unknown", "there is no such business system"};
  }
  return system_of(*row);
}

Result<std::vector<BusinessSystem>> SystemRepository::list(storage::Reader& reader, std::string_view after,
                                                           std::size_t limit) {
  HUTONG_TRY(const auto rows, reader.query(kListSystems, after, limit));
  std::vector<BusinessSystem> found;
  for (const Row& row : rows) {
    HUTONG_TRY(auto system, system_of(row));
    found.push_back(std::move(system));
  }
  return found;
}

Status SystemRepository::change_state(storage::Transaction& transaction, std::string_view id,
                                      SystemState from, SystemState to, std::string_view decided_by,
                                      Time now) {
  HUTONG_TRY(const auto changed, transaction.execute(kChangeSystem, to, decided_by, now, id, from));
  return one_changed(changed);
}

Status SystemRepository::suspend(storage::Transaction& transaction, std::string_view id,
                                 std::string_view because, std::string_view by, Time now) {
  HUTONG_TRY(const auto changed, transaction.execute(kSuspendSystem, SystemState::kSuspended, because, by,
                                                     now, id, SystemState::kActive));
  return one_changed(changed);
}

Status SystemRepository::change_secret(storage::Transaction& transaction, std::string_view id,
                                       ByteView secret_index) {
  HUTONG_TRY(const auto changed, transaction.execute(kChangeSecret, secret_index, id, SystemState::kActive,
                                                     SystemState::kSuspended));
  return one_changed(changed);
}

}  // namespace hutong::platform::login
