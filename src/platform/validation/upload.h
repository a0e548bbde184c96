#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "net/json.h"
#include "x509/chain_verifier.h"

namespace hutong::platform {

enum class ReportForm : std::uint8_t {
  kFull,     ///< and kept, to be opened again by its id
  kSummary,  ///< for programs that ask often; not kept
};

/// What POST /api/v1/validations carries. Views point into the request's body or into `decoded`, so the
/// request must outlive it. Move-only.
struct Upload {
  Upload() = default;
  Upload(Upload&&) noexcept = default;
  Upload& operator=(Upload&&) noexcept = default;

  ByteView file;
  std::string file_name;
  std::optional<ByteView> content;
  std::vector<ByteView> chain;
  std::optional<Time> at;  ///< now, when nothing was said
  x509::RevocationMode revocation = x509::RevocationMode::kPrefer;
  ReportForm form = ReportForm::kFull;
  std::vector<Bytes> decoded;
};

/// multipart/form-data or JSON, see docs/openapi.json. kPolicy "http.content_type"; kMalformed
/// "upload.no_file", "upload.duplicate", "upload.unknown_field", "upload.field_type", "upload.base64",
/// "upload.at", "upload.revocation", "upload.report", and the errors of parse_multipart and parse_json.
Result<Upload> read_upload(const net::Request& request);
/// The same of one JSON object.
Result<Upload> read_upload(const net::Json& object);

/// What POST /api/v1/recomputations carries: a report, by its id or as the signed message, and the files of
/// its question once more. Move-only, see Upload.
struct RecomputationUpload {
  Upload question;  ///< file, content and chain alone
  std::string report_id;
  ByteView signed_report;
};

/// As read_upload; kMalformed "upload.no_report" (neither of the two, or both).
Result<RecomputationUpload> read_recomputation(const net::Request& request);

}  // namespace hutong::platform
