#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/sm3.h"
#include "recognition/trust_list.h"
#include "x509/certificate.h"
#include "x509/chain_verifier.h"

namespace hutong::platform {

/// What verdicts rested on, by SM3: trust lists with the certificate of their signer, revocation lists, OCSP
/// responses; and who signed reports. With it a report can be computed again when lists and revocations have
/// long moved on (recomputation.h). A folder of files named by digest, written once; what no report rested on
/// for as long as evidence is kept goes. An empty folder name keeps nothing. Any thread may call.
class EvidenceStore {
 public:
  /// Makes the folder and removes what is too old. kUnavailable "evidence.folder".
  static Result<std::unique_ptr<EvidenceStore>> open(std::filesystem::path folder,
                                                     std::chrono::hours keep_for, const Clock& clock);

  bool keeps() const { return !folder_.empty(); }
  /// The file of a list, and who had to have signed it. kUnavailable when the disk does not take it.
  Status keep_list(ByteView file, const x509::Certificate& signer);
  /// Puts the list's end off, for another report rests on it.
  void touch_list(const crypto::Sm3Digest& list);
  /// Tells the object's SM3. kUnavailable likewise.
  Result<crypto::Sm3Digest> keep(const x509::RevocationSource& object);

  /// The certificate of a key that signs our reports. kUnavailable likewise.
  Status keep_reporter(const x509::Certificate& reporter);
  /// True for one that was kept at any time.
  bool is_reporter(const x509::Certificate& certificate) const;

  /// The list as it was read at that time. kNotFound "evidence.not_found", kMalformed "evidence.altered" (the
  /// file is another one by now).
  Result<recognition::LoadedTrustList> list(const crypto::Sm3Digest& sm3, Time at) const;
  /// A revocation list or a response, likewise.
  Result<x509::RevocationSource> revocation(const crypto::Sm3Digest& sm3) const;

 private:
  EvidenceStore(std::filesystem::path folder, std::chrono::hours keep_for, const Clock& clock)
      : folder_(std::move(folder)), keep_for_(keep_for), clock_(&clock) {}
  Status keep_file(const std::string& name, ByteView content);
  /// True when the file is there; says that it was needed today.
  bool touch(const std::string& name);
  /// The file with this name, whose content has this digest.
  Result<Bytes> read(const std::string& name, const crypto::Sm3Digest& sm3) const;
  void drop_old();

  std::filesystem::path folder_;
  std::chrono::hours keep_for_;
  const Clock* clock_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Time> touched_;  ///< by file name: when its time of writing was last set
  Time dropped_{};                                 ///< when the old ones were last looked for
};

}  // namespace hutong::platform
