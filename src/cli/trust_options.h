#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "cli/context.h"
#include "recognition/judge.h"
#include "recognition/trust_list.h"
#include "x509/certificate.h"
#include "x509/chain_verifier.h"
#include "x509/crl.h"
#include "x509/ocsp.h"

namespace CLI {
class App;
}

namespace hutong::cli {

/// The options of everything that verifies. Each may be repeated; a file may hold several certificates, and
/// for anchors and chains a folder stands for the certificates in it.
struct TrustOptions {
  std::vector<std::string> anchors;
  std::vector<std::string> chain;
  std::vector<std::string> crls;
  std::vector<std::string> ocsp;
  std::string trust_list;
  std::string trust_list_signer;
  std::string at;
  std::string revocation = "prefer";
};
void add_trust_options(CLI::App& command, const Context& context, TrustOptions& options);

/// What the options name, read.
class TrustInputs {
 public:
  /// The errors of files and parsers; kMalformed "usage.trust_list_signer" when a list comes without the
  /// certificate of whoever signed it.
  static Result<TrustInputs> load(const TrustOptions& options, const Context& context);

  Time at() const { return at_; }
  x509::RevocationMode revocation() const { return revocation_; }
  const std::vector<x509::Certificate>& chain() const { return chain_; }
  /// Refers to this object.
  recognition::Trust trust() const;

 private:
  std::vector<x509::TrustAnchor> anchors_;
  std::vector<x509::Certificate> chain_;
  std::vector<x509::Crl> crls_;
  std::vector<x509::OcspResponse> ocsp_;
  std::optional<recognition::LoadedTrustList> list_;
  Time at_{};
  Time now_{};
  x509::RevocationMode revocation_ = x509::RevocationMode::kPrefer;
};

/// A file (and the content of a detached signature) judged. Empty `content`: none.
Result<recognition::RecognitionReport> judge_file(const Context& context, const TrustInputs& trust,
                                                  const std::string& file, const std::string& content = {});

}  // namespace hutong::cli
