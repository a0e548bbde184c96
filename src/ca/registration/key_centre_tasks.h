#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "ca/registration/key_centre.h"
#include "storage/database.h"
#include "x509/serial.h"

namespace hutong::ca::registration {

/// Under which number the key centre knows the key of an encryption certificate: its own, unless a renewal
/// took over the key of a former certificate.
class EscrowedKeys {
 public:
  static Status inherit(storage::Transaction& transaction, const x509::Serial& certificate,
                        const x509::Serial& key);
  static Result<x509::Serial> key_of(storage::Reader& reader, const x509::Serial& certificate);
};

/// What the key centre must still be told: keys that are used no more. Written in the transaction of the
/// change, told afterwards, kept until the centre has confirmed; nothing is lost while it is away.
class KeyCentreTasks {
 public:
  KeyCentreTasks(storage::Database& database, const KeyCentre& centre)
      : database_(&database), centre_(&centre) {}

  static Status add_revocation(storage::Transaction& transaction, const x509::Serial& key, Time now);
  static Result<std::int64_t> waiting(storage::Reader& reader);

  /// Tells the centre what is due, at most one message; the number confirmed. What fails waits twice as long
  /// every time, at most an hour. Call it often; several nodes at once are fine: telling twice does no harm.
  Result<std::size_t> run_due(Time now) const;

 private:
  storage::Database* database_;
  const KeyCentre* centre_;
};

}  // namespace hutong::ca::registration
