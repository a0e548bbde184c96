#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "net/json.h"
#include "platform/metrics.h"
#include "platform/revocation/revocation_sources.h"
#include "platform/signing_identity.h"
#include "platform/trust/trust_keeper.h"
#include "platform/validation/evidence_store.h"
#include "platform/validation/report_store.h"
#include "platform/validation/upload.h"
#include "x509/signature_cache.h"

namespace hutong::platform {

/// POST /api/v1/validations
class CreateValidation {
 public:
  using Input = Upload;
  struct Output {
    std::string json;  ///< the report with its id, or the summary; what is stored may have less
  };
  /// What it works with; all of it must outlive it.
  struct Parts {
    const TrustKeeper& trust;
    ReportStore& reports;
    EvidenceStore& evidence;  ///< of what is in `reports`
    Metrics& metrics;
    const Clock& clock;
    const SigningIdentity* signer = nullptr;  ///< null: reports are kept unsigned
    RevocationSources* sources = nullptr;     ///< hears what addresses the certificates name; may be null
  };
  explicit CreateValidation(const Parts& parts) : parts_(parts) {}
  static Result<Input> parse(const net::Request& request) { return read_upload(request); }
  Result<Output> process(const Input& input) const;
  static net::Response render(const Output& output);
  /// The summary, whatever form the question asks for.
  std::string summarise(const Input& input) const;

 private:
  recognition::RecognitionReport judge(const Input& input, Time now) const;
  /// What the report can be computed again from, as it stands in the report.
  Result<net::Json> inputs(const Input& input, const recognition::RecognitionReport& report) const;
  Status keep(const std::string& id, const std::string& text, Time now) const;

  Parts parts_;
  mutable x509::SignatureCache cache_;
};

/// GET /api/v1/validations/{id}/signed
class ShowSignedValidation {
 public:
  struct Input {
    std::string id;
  };
  struct Output {
    Bytes message;
  };
  explicit ShowSignedValidation(const ReportStore& reports) : reports_(&reports) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input) const;
  static net::Response render(const Output& output);

 private:
  const ReportStore* reports_;
};

/// GET /api/v1/validations/{id}
class ShowValidation {
 public:
  struct Input {
    std::string id;
  };
  struct Output {
    std::string json;
  };
  explicit ShowValidation(const ReportStore& reports) : reports_(&reports) {}
  static Result<Input> parse(const net::Request& request);
  Result<Output> process(const Input& input) const;
  static net::Response render(const Output& output);

 private:
  const ReportStore* reports_;
};

}  // namespace hutong::platform
