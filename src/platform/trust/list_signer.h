#pragma once

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/signature.h"
#include "x509/certificate.h"

namespace hutong::platform {

struct ListSignerFiles {
  std::filesystem::path key;  ///< PKCS#12 with the SM2 key and its certificate; empty: we sign no list
  std::filesystem::path password_file;  ///< its first line
  std::filesystem::path announcements;  ///< folder of the messages in which signers named the next one
};

/// The key that signs trust lists, with the announcements that every list carries along. Immutable.
class ListSigner {
 public:
  /// What read_file and crypto::read_pkcs12 say; kMalformed "trust_signer.certificate" (none in the file, or
  /// of another key).
  static Result<ListSigner> load(const ListSignerFiles& files);
  ListSigner(std::shared_ptr<const crypto::Signer> key, x509::Certificate certificate,
             std::vector<Bytes> announcements)
      : key_(std::move(key)),
        certificate_(std::move(certificate)),
        announcements_(std::move(announcements)) {}

  const crypto::Signer& key() const { return *key_; }
  const x509::Certificate& certificate() const { return certificate_; }
  const std::vector<Bytes>& announcements() const { return announcements_; }

 private:
  std::shared_ptr<const crypto::Signer> key_;
  x509::Certificate certificate_;
  std::vector<Bytes> announcements_;
};

}  // namespace hutong::platform
