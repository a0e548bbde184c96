#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "recognition/path_memory.h"
#include "recognition/report.h"
#include "recognition/revocation_data.h"
#include "recognition/trust_list.h"
#include "x509/chain_verifier.h"
#include "x509/crl.h"
#include "x509/ocsp.h"
#include "x509/signature_cache.h"

namespace hutong::recognition {

/// What is believed, and what is known besides the question. What is referred to must live during the call.
struct Trust {
  /// Null: the caller trusts `anchors` alone (command line). Not null: unless it is current at `now`, nothing
  /// is valid.
  const LoadedTrustList* list = nullptr;
  Time now{};  ///< what the list's expiry is compared with
  std::span<const x509::TrustAnchor> anchors = {};
  std::span<const x509::Certificate> intermediates = {};
  std::span<const x509::Crl> crls = {};
  std::span<const x509::OcspResponse> ocsp_responses = {};
  const RevocationData* revocation = nullptr;  ///< more of the two, looked up by issuer; may be null
  x509::SignatureCache* cache = nullptr;
  /// Of exactly this list and this `revocation`, and of questions with one budget; may be null.
  PathMemory* paths = nullptr;
};

/// The question: the file and what came with it.
struct Question {
  ByteView file;
  std::string file_name = {};                      ///< shown only
  std::optional<ByteView> content = std::nullopt;  ///< of a detached signature or a time stamp
  std::vector<ByteView> chain = {};                ///< files with more certificates (or lists), in any form
  Time at{};                                       ///< the time the verdict is for
  x509::RevocationMode revocation = x509::RevocationMode::kPrefer;
  x509::Budget budget = {};
};

/// Recognises what was handed in and judges it. Never fails: what cannot be read is an answer too. No I/O, no
/// clock; any thread. Work is bounded by the budget, memory by a small multiple of the input.
RecognitionReport judge(const Question& question, const Trust& trust);

}  // namespace hutong::recognition
