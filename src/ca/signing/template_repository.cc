#include "ca/signing/template_repository.h"

#include <string>

namespace hutong::ca {
namespace {

constexpr std::string_view kLast = "SELECT version FROM templates WHERE id = ? ORDER BY version DESC LIMIT 1";
constexpr std::string_view kRetireTemplate = "UPDATE templates SET in_use = 0 WHERE id = ? AND in_use = 1";
constexpr std::string_view kInsertTemplate =
    "INSERT INTO templates (id, version, content, in_use, created_at) VALUES (?, ?, ?, 1, ?)";
constexpr std::string_view kVersionInUse = "SELECT version FROM templates WHERE id = ? AND in_use = 1";
constexpr std::string_view kFindTemplate = "SELECT content FROM templates WHERE id = ? AND in_use = 1";
constexpr std::string_view kFindTemplateVersion =
    "SELECT content FROM templates WHERE id = ? AND version = ?";
constexpr std::string_view kInUse = "SELECT content FROM templates WHERE in_use = 1 ORDER BY id";

Result<CertificateTemplate> template_of(const storage::Row& row) {
  HUTONG_TRY(const net::Json json, net::parse_json(row.text(0)));
  return template_from_json(json);
}
Error unknown_template(std::string_view id) {
  return {Errc::kNotFound, "template.unknown", "no template " + std::string(id)};
}

}  // namespace

Status TemplateRepository::add(storage::Transaction& transaction, const CertificateTemplate& made, Time now) {
  HUTONG_TRY(const auto last, transaction.query_optional(kLast, made.id));
  const std::uint32_t next = last ? last->get<std::uint32_t>(0) + 1 : 1;
  if (made.version != next) {
    return Error{Errc::kConflict, "template.version",
                 "the next version of " + made.id + " is " + std::to_string(next)};
  }
  HUTONG_CHECK(transaction.execute(kRetireTemplate, made.id));
  HUTONG_CHECK(transaction.execute(kInsertTemplate, made.id, made.version, net::to_text(to_json(made)), now));
  return ok();
}

Status TemplateRepository::retire(storage::Transaction& transaction, std::string_view id) {
  HUTONG_TRY(const auto touched, transaction.execute(kRetireTemplate, id));
  return touched == 1 ? ok() : Status(unknown_template(id));
}

Result<CertificateTemplate> TemplateRepository::find(storage::Reader& reader, std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindTemplate, id));
  return row ? template_of(*row) : unknown_template(id);
}

Result<std::uint32_t> TemplateRepository::version_in_use(storage::Reader& reader, std::string_view id) {
  HUTONG_TRY(const auto row, reader.query_optional(kVersionInUse, id));
  return row ? Result<std::uint32_t>(row->get<std::uint32_t>(0)) : unknown_template(id);
}

Result<CertificateTemplate> TemplateRepository::find_version(storage::Reader& reader, std::string_view id,
                                                             std::uint32_t version) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindTemplateVersion, id, version));
  return row ? template_of(*row) : unknown_template(id);
}

Result<std::vector<CertificateTemplate>> TemplateRepository::in_use(storage::Reader& reader) {
  HUTONG_TRY(const auto rows, reader.query(kInUse));
  std::vector<CertificateTemplate> templates;
  for (const storage::Row& row : rows) {
    HUTONG_TRY(auto made, template_of(row));
    templates.push_back(std::move(made));
  }
  return templates;
}

}  // namespace hutong::ca
