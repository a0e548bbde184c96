#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "platform/metrics.h"
#include "platform/revocation/revocation_sources.h"
#include "platform/trust/trust_keeper.h"
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
  /// `sources` hears what addresses the recognised certificates name; may be null.
  CreateValidation(const TrustKeeper& trust, ReportStore& reports, Metrics& metrics, const Clock& clock,
                   RevocationSources* sources = nullptr)
      : trust_(&trust), reports_(&reports), metrics_(&metrics), clock_(&clock), sources_(sources) {}
  static Result<Input> parse(const net::Request& request) { return read_upload(request); }
  Result<Output> process(const Input& input) const;
  static net::Response render(const Output& output);
  /// The summary, whatever form the question asks for.
  std::string summarise(const Input& input) const;

 private:
  recognition::RecognitionReport judge(const Input& input, Time now) const;
  void keep(const std::string& id, Time now, const recognition::RecognitionReport& report,
            const std::string& shown) const;

  const TrustKeeper* trust_;
  ReportStore* reports_;
  Metrics* metrics_;
  const Clock* clock_;
  RevocationSources* sources_;
  mutable x509::SignatureCache cache_;
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
