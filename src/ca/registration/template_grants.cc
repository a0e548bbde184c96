#include "ca/registration/template_grants.h"

#include <utility>

#include "ca/signing/template_repository.h"

namespace hutong::ca::registration {
namespace {

constexpr std::string_view kGrant =
    "INSERT INTO template_grants (id, granted_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING";
constexpr std::string_view kWithdraw = "DELETE FROM template_grants WHERE id = ?";
constexpr std::string_view kGranted = "SELECT id FROM template_grants ORDER BY id";
constexpr std::string_view kIsGranted = "SELECT id FROM template_grants WHERE id = ?";
constexpr std::string_view kTakenOver = "SELECT id, version FROM order_templates ORDER BY id";
constexpr std::string_view kTakeOver =
    "INSERT INTO order_templates (id, version, content, taken_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO "
    "UPDATE SET version = excluded.version, content = excluded.content, taken_at = excluded.taken_at";
constexpr std::string_view kGiveUp = "DELETE FROM order_templates WHERE id = ?";
constexpr std::string_view kForOrders = "SELECT content FROM order_templates WHERE id = ?";
constexpr std::string_view kAllForOrders = "SELECT content FROM order_templates ORDER BY id";

constexpr std::string_view kDefaults[] = {"organization-signing", "person-signing", "device", "seal-maker",
                                          "operator"};

Result<CertificateTemplate> template_of(const std::string& content) {
  HUTONG_TRY(const net::Json json, net::parse_json(content));
  return template_from_json(json);
}

using Versions = std::map<std::string, std::uint32_t, std::less<>>;

Result<Versions> taken_over(storage::Reader& reader) {
  HUTONG_TRY(const auto rows, reader.query(kTakenOver));
  Versions versions;
  for (const storage::Row& row : rows) {
    versions.emplace(row.text(0), row.get<std::uint32_t>(1));
  }
  return versions;
}

}  // namespace

Status TemplateGrants::grant(storage::Transaction& transaction, std::string_view id, Time now) {
  HUTONG_TRY(const auto made, TemplateRepository::find(transaction, id));
  if (made.key != KeyOrigin::kRequest || made.is_authority()) {
    return Error{Errc::kPolicy, "template.not_for_orders",
                 "orders are for subscribers' signature keys; " + made.id + " is for something else"};
  }
  HUTONG_CHECK(transaction.execute(kGrant, id, now));
  return ok();
}

Status TemplateGrants::withdraw(storage::Transaction& transaction, std::string_view id) {
  HUTONG_TRY(const auto touched, transaction.execute(kWithdraw, id));
  return touched == 1
             ? ok()
             : Status(Error{Errc::kNotFound, "template.not_granted", std::string(id) + " is not granted"});
}

Result<std::set<std::string, std::less<>>> TemplateGrants::granted(storage::Reader& reader) {
  HUTONG_TRY(const auto rows, reader.query(kGranted));
  std::set<std::string, std::less<>> ids;
  for (const storage::Row& row : rows) {
    ids.insert(row.text(0));
  }
  return ids;
}

Result<bool> TemplateGrants::is_granted(storage::Reader& reader, std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_optional(kIsGranted, id));
  return row.has_value();
}

Status TemplateGrants::grant_defaults(storage::Transaction& transaction, Time now) {
  for (const std::string_view id : kDefaults) {
    HUTONG_CHECK(grant(transaction, id, now));
  }
  return ok();
}

Result<TemplateGrants::Changes> TemplateGrants::synchronise(storage::Transaction& transaction, Time now) {
  HUTONG_TRY(auto before, taken_over(transaction));
  HUTONG_TRY(const auto ids, granted(transaction));
  HUTONG_TRY(const auto in_use, TemplateRepository::in_use(transaction));
  Changes changes;
  for (const CertificateTemplate& made : in_use) {
    if (!ids.contains(made.id)) {
      continue;
    }
    const auto known = before.find(made.id);
    if (known == before.end()) {
      changes.added.push_back(made.id);
    } else if (known->second != made.version) {
      changes.changed.push_back(made.id);
    }
    if (known == before.end() || known->second != made.version) {
      HUTONG_CHECK(transaction.execute(kTakeOver, made.id, made.version, net::to_text(to_json(made)), now));
    }
    before.erase(made.id);
  }
  for (const auto& [id, version] : before) {
    HUTONG_CHECK(transaction.execute(kGiveUp, id));
    changes.withdrawn.push_back(id);
  }
  return changes;
}

Result<CertificateTemplate> TemplateGrants::for_orders(storage::Reader& reader, std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_optional(kForOrders, id));
  if (!row) {
    return Error{Errc::kNotFound, "template.not_taken_over",
                 "the registration system has no template " + std::string(id)};
  }
  return template_of(row->text(0));
}

Result<std::vector<CertificateTemplate>> TemplateGrants::all_for_orders(storage::Reader& reader) {
  HUTONG_TRY(const auto rows, reader.query(kAllForOrders));
  std::vector<CertificateTemplate> all;
  for (const storage::Row& row : rows) {
    HUTONG_TRY(auto made, template_of(row.text(0)));
    all.push_back(std::move(made));
  }
  return all;
}

Result<TemplateCache::Template> TemplateCache::in_use(storage::Reader& reader, std::string_view id) {
  HUTONG_TRY(const std::uint32_t version, TemplateRepository::version_in_use(reader, id));
  const std::string key = std::string(id) + '/' + std::to_string(version);
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = kept_.find(key); found != kept_.end()) {
      return found->second;
    }
  }
  HUTONG_TRY(auto made, TemplateRepository::find_version(reader, id, version));
  auto shared = std::make_shared<const CertificateTemplate>(std::move(made));
  const std::lock_guard lock(mutex_);
  return kept_.insert_or_assign(key, std::move(shared)).first->second;
}

}  // namespace hutong::ca::registration
