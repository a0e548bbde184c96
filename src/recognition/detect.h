#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "cms/signed_data.h"
#include "recognition/kinds.h"
#include "x509/quirks.h"

namespace hutong::recognition {

/// A file taken apart as far as needed to know what it is.
struct Detected {
  Kind kind = Kind::kUnknown;
  Encoding encoding = Encoding::kDer;
  /// The object to be judged, DER (BER for messages). A view into the file, or into `decoded`.
  ByteView object;
  /// DER of the certificates that came along: the members of a bundle, the further blocks of a PEM file.
  std::vector<Bytes> certificates;
  std::vector<Bytes> crls;   ///< likewise
  std::size_t ignored = 0;   ///< objects of the file that are none of these
  bool private_key = false;  ///< the file holds one; it is never looked at, stored or echoed
  x509::QuirkSet quirks;     ///< of the outer form
  /// Of a detached signature: the message as it was read, so that nobody reads it again.
  std::optional<cms::SignedData> signature;
  Bytes decoded;  ///< owns `object` when the file is PEM or base64
};

/// Recognises DER, PEM and base64 of everything that Kind names. Never fails: what it does not know is
/// kUnknown. One pass over the file at most, so 100 MB of anything cost no more than reading them once;
/// memory: the decoded object. `file` must outlive the result.
Detected detect(ByteView file);

}  // namespace hutong::recognition
