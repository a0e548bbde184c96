#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "audit/record.h"
#include "base/result.h"
#include "storage/transaction.h"
#include "x509/certificate.h"
#include "x509/prepared_keys.h"

namespace hutong::operators {

enum class SignatureVerdict : std::uint8_t {
  kNone,   ///< nobody signed: a job, a stranger, a refusal, a client
  kValid,  ///< by the key of the certificate that the record names
  kInvalid,
  kUnknownSigner,  ///< the certificate never was an operator's
};
std::string_view to_string(SignatureVerdict verdict);  ///< "none", "valid", "invalid", "unknown_signer"

/// Verifies the operators' signatures of many records; remembers the certificates. One thread.
class SignatureCheck {
 public:
  Result<SignatureVerdict> check(storage::Reader& reader, const audit::Record& record);
  /// The signer's certificate, or nothing.
  Result<std::optional<x509::Certificate>> certificate(storage::Reader& reader, std::string_view fingerprint);

 private:
  static constexpr std::size_t kMostRemembered = 1'000;
  std::map<std::string, std::optional<x509::Certificate>, std::less<>> known_;
  x509::PreparedKeys keys_;
};

/// All records with numbers from `first` to `last`, the oldest first, read in pieces.
Status for_each_record(storage::Reader& reader, std::int64_t first, std::int64_t last,
                       const std::function<Status(const audit::Record&)>& visit);

}  // namespace hutong::operators
