#include <algorithm>
#include <array>
#include <iostream>
#include <utility>

#include "kmc/commands.h"
#include "kmc/config.h"
#include "kmc/maintenance/authority_key.h"
#include "kmc/maintenance/backup.h"
#include "kmc/maintenance/doctor.h"

namespace hutong::kmc {
namespace {

constexpr std::array<std::string_view, 3> kHealthNames{"ok     ", "warning", "bad    "};

Result<CustodianAtHand> custodian_of(const std::string& text) {
  const auto parts = split_list(text, ',');
  if (parts.size() != 2 && parts.size() != 3) {
    return Error{Errc::kMalformed, "recover.usage",
                 "--custodian SHARE,PKCS12,PASSWORD-FILE or SHARE,PASSWORD-FILE"};
  }
  HUTONG_TRY(auto password, read_first_line(parts.back()));
  return CustodianAtHand{
      .share = parts[0],
      .identity = parts.size() == 3 ? std::optional<std::filesystem::path>(parts[1]) : std::nullopt,
      .password = std::move(password)};
}

void list_files(const BackupReport& report) {
  for (const std::string& file : report.files) {
    std::cout << file << '\n';
  }
  if (!report.with_database) {
    std::cout << "the database is PostgreSQL: use pg_dump and pg_restore beside this\n";
  }
}

}  // namespace

Result<bool> run_doctor(const std::string& config_file, const Clock& clock) {
  HUTONG_TRY(const Config config, read_config(config_file));
  bool healthy = true;
  for (const DoctorFinding& finding : examine(config, clock)) {
    std::cout << kHealthNames.at(static_cast<std::size_t>(finding.health)) << "  " << finding.check << ": "
              << finding.text << '\n';
    if (!finding.advice.empty()) {
      std::cout << "         -> " << finding.advice << '\n';
    }
    healthy = healthy && finding.health != Health::kBad;
  }
  return healthy;
}

Status run_backup(const std::string& config_file, const std::string& folder, const Clock& clock) {
  HUTONG_TRY(const Config config, read_config(config_file));
  HUTONG_TRY(const BackupReport report, back_up(config, folder, clock));
  list_files(report);
  return ok();
}

Status run_restore(const std::string& config_file, const std::string& folder, const Clock& clock) {
  HUTONG_TRY(const Config config, read_config(config_file));
  HUTONG_TRY(const BackupReport report, restore(config, folder, clock));
  list_files(report);
  return ok();
}

Status run_recover_authority_key(const AuthorityKeyOptions& options) {
  HUTONG_TRY(const Config config, read_config(options.config));
  std::vector<CustodianAtHand> custodians;
  for (const std::string& text : options.custodians) {
    HUTONG_TRY(auto custodian, custodian_of(text));
    custodians.push_back(std::move(custodian));
  }
  HUTONG_CHECK(recover_authority_key(config, options.backup, custodians));
  std::cout << "the authority key is back in " << config.key_folder.string() << '\n';
  return ok();
}

}  // namespace hutong::kmc
