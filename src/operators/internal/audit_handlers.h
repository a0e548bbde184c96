#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/audit_log.h"
#include "base/result.h"
#include "net/http.h"
#include "operators/audit_office.h"
#include "operators/authorized.h"
#include "operators/internal/json_body.h"
#include "operators/signature_check.h"
#include "storage/database.h"

namespace hutong::operators {

/// A record and what became of its signature.
struct CheckedRecord {
  audit::Record record;
  SignatureVerdict verdict = SignatureVerdict::kNone;
  std::optional<x509::Certificate> signer = std::nullopt;
};

/// GET /api/v1/audit/records
class SearchRecords {
 public:
  using Input = audit::Query;
  struct Output {
    std::vector<CheckedRecord> items = {};
    std::int64_t next = 0;
  };
  explicit SearchRecords(const storage::Database& database) : database_(&database) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output);

 private:
  const storage::Database* database_;
};

/// GET /api/v1/audit/records/{sequence}
class ShowRecord {
 public:
  using Input = std::int64_t;
  using Output = CheckedRecord;
  explicit ShowRecord(const storage::Database& database) : database_(&database) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output);

 private:
  const storage::Database* database_;
};

/// POST /api/v1/audit/verification
class VerifyAudit {
 public:
  using Input = std::optional<audit::Head>;
  using Output = AuditVerification;
  explicit VerifyAudit(const AuditOffice& office) : office_(&office) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output);

 private:
  const AuditOffice* office_;
};

/// POST /api/v1/audit/marks
class MarkAudited {
 public:
  struct Input {
    std::int64_t first = 0;
    std::int64_t last = 0;
  };
  using Output = std::int64_t;
  explicit MarkAudited(const AuditOffice& office) : office_(&office) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output);

 private:
  const AuditOffice* office_;
};

/// GET /api/v1/audit/archives
class ListArchives {
 public:
  using Input = PageRequest;
  struct Output {
    std::vector<Archive> items;
    std::string next;
  };
  explicit ListArchives(const AuditOffice& office) : office_(&office) {}
  static Result<Input> parse(const net::Request& request) { return page_request(request); }
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output);

 private:
  const AuditOffice* office_;
};

/// POST /api/v1/audit/archives
class CreateArchive {
 public:
  struct Input {
    std::int64_t last = 0;
  };
  using Output = Archive;
  explicit CreateArchive(const AuditOffice& office) : office_(&office) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input, const Authorized& by) const;
  static net::Response render(const Output& output);

 private:
  const AuditOffice* office_;
};

/// GET /api/v1/audit/archives/{id}/content and …/signature
template <AuditOffice::Part kPart>
class DownloadArchive {
 public:
  struct Input {
    std::string id;
  };
  using Output = Bytes;
  explicit DownloadArchive(const AuditOffice& office) : office_(&office) {}
  static Result<Input> parse(const net::Request& request) { return Input{.id = request.parameters.at("id")}; }
  Result<Output> process(const Input& input, const Authorized& /*by*/) const {
    return office_->archive_file(input.id, kPart);
  }
  static net::Response render(const Output& output) {
    return {.content_type =
                kPart == AuditOffice::Part::kContent ? "application/jsonl" : "application/pkcs7-signature",
            .body = std::string(as_text(output))};
  }

 private:
  const AuditOffice* office_;
};

}  // namespace hutong::operators
