#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "cms/verify.h"
#include "recognition/judge.h"
#include "recognition/trust_list.h"
#include "x509/certificate.h"
#include "x509/chain_verifier.h"

namespace hutong::agent {

/// Whom this machine believes when pages have something verified. What counts for the region is the
/// platform's report; without anchors nothing is ever valid here, only known to fit or not.
struct TrustPaths {
  std::vector<std::filesystem::path> anchors;  ///< files or folders of certificates
  std::filesystem::path list;                  ///< a signed trust list
  std::filesystem::path list_signer;           ///< its signer's certificate
};

/// The certificates' files of an entry of TrustPaths::anchors.
std::vector<std::filesystem::path> anchor_files(const std::filesystem::path& path);

/// Read once (TrustKeeper reads again). Immutable; any thread.
class AgentTrust {
 public:
  /// The errors of files and certificates; kMalformed "config.trust" for a list without its signer.
  static Result<std::unique_ptr<const AgentTrust>> load(const TrustPaths& paths, Time now);

  /// The report on a certificate, `chain` being what came along (files in any form).
  recognition::RecognitionReport judge(ByteView certificate, std::vector<ByteView> chain, Time now) const;
  /// For messages. Refers to this object.
  cms::TrustContext context(Time now) const;

 private:
  std::vector<x509::TrustAnchor> anchors_;
  std::optional<recognition::LoadedTrustList> list_;
};

}  // namespace hutong::agent
