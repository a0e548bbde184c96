#include "operators/audit_office.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "base/encoding.h"
#include "base/file.h"
#include "base/stream.h"
#include "cms/sign.h"
#include "net/json.h"
#include "net/ulid.h"
#include "operators/archive_file.h"
#include "storage/error.h"

namespace hutong::operators {
namespace {

constexpr std::size_t kMostEventsListed = 1'001;
constexpr std::size_t kMostFile = std::size_t{1} << 30;
constexpr std::string_view kSignatureSuffix = ".p7s";

Archive archive_of(const storage::Row& row) {
  Archive archive{.id = row.text(0),
                  .first = row.integer(1),
                  .last = row.integer(2),
                  .file_name = row.text(4),
                  .created_by = row.text(5),
                  .created_at = row.time(6)};
  const Bytes& head = row.bytes(3);
  std::copy_n(head.begin(), std::min(head.size(), archive.head.size()), archive.head.begin());
  return archive;
}

Result<std::int64_t> last_archived(storage::Reader& reader) {
  HUTONG_TRY(const auto row, reader.query_one("SELECT coalesce(max(last_sequence), 0) FROM audit_archives"));
  return row.integer(0);
}

/// The id keeps apart what two nodes write at the same time; only one of them gets into the table.
std::string file_name_of(const Archive& archive) {
  return "audit-" + std::to_string(archive.first) + "-" + std::to_string(archive.last) + "-" + archive.id +
         ".jsonl";
}

Status make_folder(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) {
    return Error{Errc::kUnavailable, "file.unwritable", folder.string() + ": " + failure.message()};
  }
  return ok();
}

Status write(ByteSink& sink, std::string_view line) { return sink.write(as_bytes(line)); }

}  // namespace

Result<AuditVerification> AuditOffice::verify(const std::optional<audit::Head>& expected) const {
  HUTONG_TRY(auto reader, database_->read());
  AuditVerification report;
  HUTONG_TRY(report.chain, audit::verify_chain(reader, expected));
  SignatureCheck signatures;
  const auto visit = [&](const audit::Record& record) -> Status {
    HUTONG_TRY(const auto verdict, signatures.check(reader, record));
    if (verdict == SignatureVerdict::kNone) {
      ++report.unsigned_records;
    } else if (verdict == SignatureVerdict::kValid) {
      ++report.valid;
    } else if (++report.wrong; report.wrong_records.size() < AuditVerification::kMostNamed) {
      report.wrong_records.emplace_back(record.sequence, verdict);
    }
    return ok();
  };
  if (report.chain.records > 0) {
    HUTONG_CHECK(for_each_record(reader, report.chain.first, report.chain.head.sequence, visit));
  }
  return report;
}

Result<std::int64_t> AuditOffice::mark(const Authorized& by, std::int64_t first, std::int64_t last) const {
  const Time now = clock_->now();
  return audited_change(*database_, by, "audit.marked", now,
                        [&](storage::Transaction& transaction, audit::Event& event) -> Result<std::int64_t> {
                          HUTONG_TRY(const auto marked,
                                     audit::mark_audited(transaction, first, last, by.actor.subject, now));
                          event.object_kind = "audit";
                          event.detail = net::to_text({{"first", first}, {"last", last}, {"marked", marked}});
                          return marked;
                        });
}

/// The file and its signature; nothing in the database yet.
Result<Archive> AuditOffice::written(const Authorized& by, std::int64_t last, Time now) const {
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(const auto head, audit::head(reader));
  HUTONG_TRY(const auto before, last_archived(reader));
  Archive archive{.id = net::make_ulid(now, *random_),
                  .first = before + 1,
                  .last = std::min({last, head.sequence, before + kMostArchived}),
                  .created_by = by.id(),
                  .created_at = now};
  if (archive.last < archive.first) {
    return Error{Errc::kPolicy, "archive.nothing", "all records up to there are archived"};
  }
  archive.file_name = file_name_of(archive);
  HUTONG_TRY(const auto oldest, audit::find(reader, archive.first));
  HUTONG_TRY(auto sink, FileSink::create(archive_->folder / archive.file_name));
  HUTONG_CHECK(write(sink, archive_head_line({.program = archive_->program,
                                              .first = archive.first,
                                              .last = archive.last,
                                              .previous = oldest.previous,
                                              .created_at = now})));
  HUTONG_CHECK(for_each_record(reader, archive.first, archive.last, [&](const audit::Record& record) {
    archive.head = record.hash;
    return write(sink, archive_record_line(record));
  }));
  HUTONG_CHECK(write(sink, archive_tail_line({archive.last, archive.head})));
  HUTONG_CHECK(sink.commit());
  HUTONG_CHECK(sign(archive_->folder / archive.file_name, now));
  return archive;
}

Status AuditOffice::sign(const std::filesystem::path& content, Time now) const {
  HUTONG_TRY(auto source, FileSource::open(content));
  const std::array signers{cms::MessageSigner{.key = archive_->key, .certificate = archive_->certificate}};
  cms::SignOptions options;
  options.signing_time = now;
  HUTONG_TRY(const auto signature, cms::sign_detached(source, signers, options));
  return write_file(content.string() + std::string(kSignatureSuffix), signature);
}

Result<Archive> AuditOffice::archive(const Authorized& by, std::int64_t last) const {
  if (!archive_) {
    return Error{Errc::kPolicy, "archive.not_configured", "no folder and key for archives are configured"};
  }
  const Time now = clock_->now();
  HUTONG_CHECK(make_folder(archive_->folder));
  HUTONG_TRY(const Archive archive, written(by, last, now));
  auto answer = audited_change(
      *database_, by, "audit.archived", now,
      [&](storage::Transaction& transaction, audit::Event& event) -> Result<Archive> {
        HUTONG_CHECK(transaction.execute(
            "INSERT INTO audit_archives (id, first_sequence, last_sequence, head_hash, file_name, created_by,"
            " created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            archive.id, archive.first, archive.last, ByteView(archive.head), archive.file_name,
            archive.created_by, archive.created_at));
        HUTONG_CHECK(audit::mark_archived(transaction, archive.last, now));
        event.object_kind = "archive";
        event.object_id = archive.id;
        event.detail = net::to_text({{"first", archive.first},
                                     {"last", archive.last},
                                     {"head", to_hex(archive.head)},
                                     {"file", archive.file_name}});
        return archive;
      });
  if (!answer) {
    std::error_code ignored;  // a file that no row names harms nobody
    std::filesystem::remove(archive_->folder / archive.file_name, ignored);
    std::filesystem::remove(archive_->folder / (archive.file_name + std::string(kSignatureSuffix)), ignored);
  }
  if (!answer && storage::violates(answer.error(), "audit_archives_one_first")) {
    return Error{Errc::kConflict, "archive.concurrent", "somebody else archived at the same time"};
  }
  return answer;
}

Result<std::vector<Archive>> AuditOffice::archives(std::string_view after, std::size_t limit) const {
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(const auto rows,
             reader.query("SELECT id, first_sequence, last_sequence, head_hash, file_name, created_by,"
                          " created_at FROM audit_archives WHERE id > ? ORDER BY id LIMIT ?",
                          after, std::clamp<std::size_t>(limit, 1, kMostEventsListed)));
  std::vector<Archive> archives;
  for (const storage::Row& row : rows) {
    archives.push_back(archive_of(row));
  }
  return archives;
}

Result<Bytes> AuditOffice::archive_file(std::string_view id, Part part) const {
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(const auto row, reader.query_optional("SELECT file_name FROM audit_archives WHERE id = ?", id));
  if (!row || !archive_) {
    return Error{Errc::kNotFound, "archive.unknown", std::string(id)};
  }
  const std::string suffix(part == Part::kContent ? std::string_view() : kSignatureSuffix);
  return read_file(archive_->folder / (row->text(0) + suffix), kMostFile);
}

Result<std::int64_t> AuditOffice::prune(std::chrono::seconds keep) const {
  const Time now = clock_->now();
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Result<std::int64_t> {
    HUTONG_TRY(const auto row, transaction.query_one("SELECT coalesce(max(sequence), 0) FROM audit_records"
                                                     " WHERE archived_at IS NOT NULL AND time < ?",
                                                     now - keep));
    HUTONG_TRY(const auto pruned, audit::prune(transaction, row.integer(0)));
    if (pruned > 0) {
      HUTONG_CHECK(audit::append(transaction, audit::Event{.time = now,
                                                           .action = "audit.pruned",
                                                           .object_kind = "audit",
                                                           .detail = net::to_text({{"last", row.integer(0)},
                                                                                   {"records", pruned}})}));
    }
    return pruned;
  });
}

}  // namespace hutong::operators
