#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "net/http.h"
#include "net/json.h"
#include "platform/validation/evidence_store.h"
#include "platform/validation/report_store.h"
#include "platform/validation/upload.h"
#include "platform/validation/verified_lists.h"
#include "x509/certificate.h"
#include "x509/signature_cache.h"

namespace hutong::platform {

/// POST /api/v1/recomputations: a report is computed again from the same files and from the trust list and
/// the revocation data that it rested on, and compared (design decision 4). Everybody who has the files can
/// ask, years later. What has changed since, lists, revocations, the list signer, plays no part; a newer
/// program may see more, and says so by its differences.
class Recompute {
 public:
  using Input = RecomputationUpload;
  struct Output {
    net::Json json;
  };
  /// All must outlive it.
  Recompute(const ReportStore& reports, const EvidenceStore& evidence, const Clock& clock)
      : reports_(&reports), evidence_(&evidence), clock_(&clock) {}
  static Result<Input> parse(const net::Request& request) { return read_recomputation(request); }
  /// What ReportStore::get and EvidenceStore say, and: kMalformed "recomputation.signature" (no message that
  /// this platform signed), "recomputation.file", "recomputation.content", "recomputation.chain" (other files
  /// than the report is about); kPolicy "recomputation.no_inputs" (the report does not say what it rested on,
  /// or there was no trust list).
  Result<Output> process(const Input& input) const;
  static net::Response render(const Output& output);

 private:
  /// In memory at once: one of 10,000 services takes some tens of MiB.
  static constexpr std::size_t kMostLists = 4;

  /// The text of the report that is asked about.
  Result<std::string> text_of(const Input& input) const;

  const ReportStore* reports_;
  const EvidenceStore* evidence_;
  const Clock* clock_;
  mutable VerifiedLists lists_{kMostLists};
  mutable x509::SignatureCache cache_;
};

}  // namespace hutong::platform
