#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <utility>

#include "asn1/oids.h"
#include "audit/audit_log.h"
#include "audit/clock_check.h"
#include "base/encoding.h"
#include "base/file.h"
#include "ca/care/backup.h"
#include "ca/care/doctor.h"
#include "ca/care/rollover.h"
#include "ca/commands.h"
#include "ca/database.h"
#include "ca/initialisation/root.h"
#include "ca/key_centre_connection.h"
#include "ca/publishing/document_repository.h"
#include "crypto/pem.h"
#include "x509/input.h"

namespace hutong::ca {
namespace {

constexpr std::size_t kMostCertificateFile = 1 << 20;
constexpr std::chrono::days kServiceNotice{30};
constexpr std::string_view kRootKeyLabel = "root";

/// The folder of a SQLite file; nothing for a server.
std::filesystem::path database_folder(const Config& config) {
  constexpr std::string_view kSqlite = "sqlite:";
  return config.database.starts_with(kSqlite)
             ? std::filesystem::path(config.database.substr(kSqlite.size())).parent_path()
             : std::filesystem::path();
}

std::string_view mark_of(Health health, bool chinese) {
  switch (health) {
    case Health::kGood:
      return chinese ? "[正常] " : "[ok]      ";
    case Health::kWarning:
      return chinese ? "[注意] " : "[warning] ";
    case Health::kBad:
      break;
  }
  return chinese ? "[故障] " : "[bad]     ";
}

void print(const std::vector<Diagnosis>& all, const DoctorOptions& options) {
  if (options.json) {
    std::cout << to_json(all).dump(2) << '\n';
    return;
  }
  const bool chinese = options.language == "zh";
  for (const Diagnosis& one : all) {
    std::cout << mark_of(one.health, chinese) << (chinese ? one.text_zh : one.text_en) << '\n';
  }
}

BackupPlaces places_of(const Config& config, const std::string& config_file) {
  return {.database_url = config.database, .key_folder = config.key_folder, .config_file = config_file};
}

/// The root's certificate and key store, for a CA below its own root.
Result<x509::Certificate> certified_by_own_root(const Config& config, storage::Database& database,
                                                const std::string& root_folder, const crypto::Signer& key,
                                                const x509::Certificate& current, Time now) {
  HUTONG_TRY(const auto root_keys, open_key_folder(root_folder, config));
  HUTONG_TRY(const auto document, [&]() -> Result<std::optional<Document>> {
    HUTONG_TRY(auto reader, database.read());
    return DocumentRepository::find(reader, kRootCertificate);
  }());
  if (!document) {
    return Error{Errc::kNotFound, "ca.no_root", "this CA has no root of its own"};
  }
  HUTONG_TRY(const auto certificate, x509::Certificate::parse(document->content));
  HUTONG_TRY(const Root root, Root::open(*root_keys, std::string(kRootKeyLabel), certificate));
  return root.certify(config, key.public_key(), current.subject().text_of(asn1::oids::kOrganization),
                      current.subject().text_of(asn1::oids::kCommonName), now);
}

CertifyNewKey certifier(const RolloverOptions& options, const Config& config, storage::Database& database,
                        Time now) {
  return [&options, &config, &database, now](const crypto::Signer& key,
                                             const x509::Certificate& current) -> Result<x509::Certificate> {
    if (!options.root_folder.empty()) {
      return certified_by_own_root(config, database, options.root_folder, key, current, now);
    }
    if (!options.certificate_file.empty()) {
      HUTONG_TRY(const Bytes content, read_file(options.certificate_file, kMostCertificateFile));
      return x509::read_certificate(content);
    }
    if (!current.is_self_signed()) {
      return Error{Errc::kMalformed, "rollover.usage",
                   "this CA stands under a root: --root-folder, or --request and then --certificate"};
    }
    return self_certified(key, current, now);
  };
}

}  // namespace

Result<int> run_doctor(const DoctorOptions& options, const Clock& clock) {
  HUTONG_TRY(const Config config, read_config(options.config));
  HUTONG_TRY(const auto database, open_database(config, clock));
  HUTONG_TRY(const auto keys, open_keys(config));
  std::optional<Result<net::Client>> key_centre;
  if (!config.key_centre.url.empty()) {
    key_centre = connect_key_centre(config.key_centre);
  }
  HUTONG_TRY(const auto all, examine({.database = database,
                                      .keys = *keys,
                                      .addresses = addresses_of(config),
                                      .lists = config.lists,
                                      .folder = database_folder(config),
                                      .ask = options.offline ? AskOthers::kNo : AskOthers::kYes,
                                      .key_centre = std::move(key_centre)},
                                     clock.now()));
  print(all, options);
  return worst(all) == Health::kBad ? EXIT_FAILURE : EXIT_SUCCESS;
}

Status run_backup(const BackupOptions& options, const Clock& clock) {
  HUTONG_TRY(const Config config, read_config(options.config));
  HUTONG_TRY(auto database, open_database(config, clock));
  HUTONG_TRY(const auto manifest,
             make_backup(database, places_of(config, options.config), options.folder, clock.now()));
  std::cout << "backup of " << manifest.files.size() << " files in " << options.folder << '\n';
  if (manifest.database == storage::DatabaseKind::kPostgresql) {
    std::cout << "now save the database: pg_dump --format=custom --file=" << options.folder
              << "/ca.dump DATABASE\n";
  }
  return ok();
}

Status run_restore(const BackupOptions& options, const Clock& clock) {
  HUTONG_TRY(const Config config, read_config(options.config));
  HUTONG_TRY(const auto manifest,
             restore_backup(options.folder, places_of(config, options.config), clock.now()));
  std::cout << "restored the state of " << to_rfc3339(manifest.made_at)
            << "; what was issued or revoked since is not in it\n";
  return ok();
}

Status run_rollover(const RolloverOptions& options, const Clock& clock) {
  HUTONG_TRY(const Config config, read_config(options.config));
  HUTONG_TRY(auto database, open_database(config, clock));
  HUTONG_TRY(const auto keys, open_keys(config));
  if (!options.request_file.empty()) {
    HUTONG_TRY(const Bytes request, request_next_key(database, *keys));
    const std::string pem = crypto::write_pem("CERTIFICATE REQUEST", request);
    HUTONG_CHECK(write_file(options.request_file, as_bytes(pem)));
    std::cout << "certificate request: " << options.request_file << '\n';
    return ok();
  }
  const Time now = clock.now();
  HUTONG_TRY(const auto report, roll_over(database, *keys, addresses_of(config),
                                          certifier(options, config, database, now), now));
  HUTONG_TRY(const auto signing, SigningSystem::load(database, *keys, addresses_of(config)));
  HUTONG_TRY(const auto renewed, renew_services(database, *keys, *signing, kServiceNotice, now));
  std::cout << "new CA key: " << report.authority << ", valid until "
            << to_rfc3339(report.certificate.not_after()) << "\nservices with new keys: " << renewed
            << "\nevery node that serves takes them up within " << config.jobs_every.count()
            << " s; where it has a key folder of its own, copy the new keys there\n";
  return ok();
}

Status run_renew_services(const CareOptions& options, const Clock& clock) {
  HUTONG_TRY(const Config config, read_config(options.config));
  HUTONG_TRY(auto database, open_database(config, clock));
  HUTONG_TRY(const auto keys, open_keys(config));
  HUTONG_TRY(const auto signing, SigningSystem::load(database, *keys, addresses_of(config)));
  HUTONG_TRY(const auto renewed, renew_services(database, *keys, *signing, kServiceNotice, clock.now()));
  std::cout << "services with new keys: " << renewed
            << (renewed == 0 ? "\n" : "; every node that serves takes them up by itself\n");
  return ok();
}

Status run_accept_clock(const CareOptions& options, const Clock& clock) {
  HUTONG_TRY(const Config config, read_config(options.config));
  HUTONG_TRY(auto database, open_database(config, clock));
  const Time now = clock.now();
  const audit::Event event{.time = now,
                           .actor = {"hutong-ca accept-clock", {}},
                           .action = std::string(audit::kClockAccepted),
                           .object_kind = "ca",
                           .object_id = {},
                           .detail = "{}"};
  HUTONG_CHECK(storage::in_transaction(
      database, [&](storage::Transaction& transaction) { return audit::append(transaction, event); }));
  std::cout << "accepted: it is " << to_rfc3339(now) << '\n';
  return ok();
}

Result<int> run_audit_verify(const CareOptions& options, const Clock& clock) {
  HUTONG_TRY(const Config config, read_config(options.config));
  HUTONG_TRY(const auto database, open_database(config, clock));
  HUTONG_TRY(auto reader, database.read());
  HUTONG_TRY(const auto report, audit::verify_chain(reader));
  if (!report.whole()) {
    std::cout << "broken at record " << report.defect_at << '\n';
    return EXIT_FAILURE;
  }
  std::cout << "whole: " << report.records << " records, head " << report.head.sequence << ' '
            << to_hex(report.head.hash) << '\n';
  return EXIT_SUCCESS;
}

}  // namespace hutong::ca
