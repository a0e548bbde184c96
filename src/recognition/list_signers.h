#pragma once

#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/signature.h"
#include "x509/certificate.h"

/// How one signer of trust lists hands over to the next (docs/trust-list.md): the old key announces the new
/// certificate, and every list carries the announcements along. So a reader who knows an older signer finds
/// its way to the present one, until the older certificate ends.
namespace hutong::recognition {

struct SignerAnnouncement {
  x509::Certificate next;
  Time from{};   ///< before that a list under the next key is refused
  Time until{};  ///< after that this announcement is worth nothing
};

/// A GM/T 0010 message with the announcement attached, signed by the old key.
Result<Bytes> write_announcement(const SignerAnnouncement& announcement, const crypto::Signer& key,
                                 const x509::Certificate& signer, Time now);
/// Checks the signature first. kCryptoFail "trust_list.announcement" when `signer` did not sign it or its
/// certificate is outside its validity at `now`; kMalformed "trust_list.announcement".
Result<SignerAnnouncement> read_announcement(ByteView message, const x509::Certificate& signer, Time now);

/// True when there is a way from `known` to `signer` over announcements that hold at `now`, each signed by
/// the one before. At most kMostAnnouncements are looked at.
inline constexpr std::size_t kMostAnnouncements = 16;
bool is_announced(const x509::Certificate& known, const x509::Certificate& signer,
                  std::span<const Bytes> announcements, Time now);

}  // namespace hutong::recognition
