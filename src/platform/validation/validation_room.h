#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "net/router.h"
#include "platform/metrics.h"
#include "platform/revocation/revocation_sources.h"
#include "platform/signing_identity.h"
#include "platform/trust/trust_keeper.h"
#include "platform/validation/batch.h"
#include "platform/validation/evidence_store.h"
#include "platform/validation/handlers.h"
#include "platform/validation/recomputation.h"
#include "platform/validation/report_store.h"
#include "x509/certificate.h"

namespace hutong::platform {

/// Recognition as the API offers it: files are judged, singly and in batches; reports are kept with what they
/// rest on, shown, signed, and computed again.
class ValidationRoom {
 public:
  struct Settings {
    std::filesystem::path reports_folder;  ///< empty: nothing is kept
    ReportStore::Limits reports;
    std::chrono::hours keep_evidence_for;
    std::filesystem::path signer_key;  ///< PKCS#12; empty: reports are not signed
    std::filesystem::path signer_password;
  };
  /// Opens what is kept, and the key that signs. Errors of ReportStore, EvidenceStore and SigningIdentity.
  static Result<std::unique_ptr<ValidationRoom>> open(const Settings& settings, const Clock& clock);

  /// To be told of every trust list that comes into force, from any thread. A list that cannot be kept now is
  /// kept when it is read again.
  void keep_list(ByteView file, const x509::Certificate& signer);

  /// What it judges by; all must outlive it. `sources` may be null.
  struct Judgement {
    const TrustKeeper& trust;
    Metrics& metrics;
    RevocationSources* sources = nullptr;
  };
  /// Once, before add_routes.
  void begin(const Judgement& judgement);
  void add_routes(net::Router& router, std::size_t upload_limit) const;

 private:
  explicit ValidationRoom(const Clock& clock) : clock_(&clock) {}

  const Clock* clock_;
  std::unique_ptr<ReportStore> reports_;
  std::unique_ptr<EvidenceStore> evidence_;
  std::optional<SigningIdentity> signer_;
  std::unique_ptr<CreateValidation> create_;
  std::unique_ptr<ValidateBatch> batch_;
  std::unique_ptr<ShowValidation> show_;
  std::unique_ptr<ShowSignedValidation> show_signed_;
  std::unique_ptr<Recompute> recompute_;
};

}  // namespace hutong::platform
