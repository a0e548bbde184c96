#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/signature.h"
#include "x509/builder.h"

namespace hutong::x509 {

/// Writes a revocation list whose entries come one by one, for lists of a million: they are kept encoded (50
/// octets each), and the finished list is built in one piece. It is what sign(TbsCrl) makes of the same
/// content. Belongs to one thread.
class CrlWriter {
 public:
  /// Everything but the entries; entries that `frame` has come first.
  explicit CrlWriter(TbsCrl frame);
  void add(const RevokedCertificate& entry);
  /// The DER. Errors are those of the signer. Needs memory for the list twice.
  Result<Bytes> sign(const crypto::Signer& signer) &&;

 private:
  TbsCrl frame_;
  std::vector<Bytes> pieces_;  ///< entries encoded, one behind the other, never moved while more come
};

}  // namespace hutong::x509
