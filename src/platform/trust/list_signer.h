#pragma once

#include <filesystem>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "platform/signing_identity.h"

namespace hutong::platform {

struct ListSignerFiles {
  std::filesystem::path key;  ///< PKCS#12 with the SM2 key and its certificate; empty: we sign no list
  std::filesystem::path password_file;  ///< its first line
  std::filesystem::path announcements;  ///< folder of the messages in which signers named the next one
};

/// The key that signs trust lists, with the announcements that every list carries along. Immutable.
class ListSigner {
 public:
  /// What SigningIdentity::load and read_file say.
  static Result<ListSigner> load(const ListSignerFiles& files);
  ListSigner(SigningIdentity identity, std::vector<Bytes> announcements)
      : identity_(std::move(identity)), announcements_(std::move(announcements)) {}

  const crypto::Signer& key() const { return identity_.key(); }
  const x509::Certificate& certificate() const { return identity_.certificate(); }
  const std::vector<Bytes>& announcements() const { return announcements_; }

 private:
  SigningIdentity identity_;
  std::vector<Bytes> announcements_;
};

}  // namespace hutong::platform
