#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "audit/audit_log.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

/// The archive of audit records, a text of JSON lines: a head that names the link before the first record,
/// one line for each record with everything that its hash covers, and the last link. Stated in README.md.
namespace hutong::operators {

struct ArchiveHead {
  std::string program;
  std::int64_t first = 0;
  std::int64_t last = 0;
  crypto::Sm3Digest previous{};  ///< hash of the record before the first
  Time created_at{};
};
std::string archive_head_line(const ArchiveHead& head);
std::string archive_record_line(const audit::Record& record);
std::string archive_tail_line(const audit::Head& last);

/// Reads an archive and computes its chain again. kMalformed "archive.syntax" (not of this form; the detail
/// names the line), kCryptoFail "archive.chain" (a record was altered, taken out or put in).
struct ReadArchive {
  ArchiveHead head;
  audit::Head last = {};
  std::int64_t records = 0;
};
Result<ReadArchive> read_archive(ByteView file);

}  // namespace hutong::operators
