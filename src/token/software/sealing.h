#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/sm2.h"
#include "token/software/records.h"

/// How secrets lie in the files. Each application has a master key, which lies under the user PIN and, once
/// more, under the administrator PIN, so that unblocking loses nothing. Everything secret of the application
/// is sealed under keys derived from the master key, each bound to its place.
namespace hutong::token::software {

inline constexpr std::uint32_t kPinRounds = 65'536;
inline constexpr std::size_t kLeastPinSize = 6;
inline constexpr std::size_t kMostPinSize = 16;

SecretBytes make_master_key();

/// Puts the master key under a PIN. `place` is the application's identity and the PIN's kind.
Result<PinRecord> lock_with_pin(ByteView master_key, std::string_view pin, std::uint32_t most_tries,
                                ByteView place);
/// kUnauthorized "token.pin" when it is another PIN (or the record was altered, which looks the same).
Result<SecretBytes> unlock_with_pin(const PinRecord& record, std::string_view pin, ByteView place);

/// A key pair, bound to `place`: the application, the container and the use.
Result<KeyPairRecord> seal_key_pair(ByteView master_key, const crypto::Sm2PrivateKey& key, ByteView place);
/// kCryptoFail "token.sealed" when it was altered or moved.
Result<crypto::Sm2PrivateKey> open_key_pair(ByteView master_key, const KeyPairRecord& record, ByteView place);

/// The content of a file.
Result<SealedOctets> seal_content(ByteView master_key, ByteView content, ByteView place);
Result<SecretBytes> open_content(ByteView master_key, const SealedOctets& sealed, ByteView place);

}  // namespace hutong::token::software
