#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "x509/crl.h"
#include "x509/internal/crl_index.h"
#include "x509/name.h"
#include "x509/quirks.h"

namespace hutong::x509::internal {

/// The entries of a list: an index over its DER, which is handed in again with every call.
class CrlEntries {
 public:
  /// `content` is the content of revokedCertificates, a part of `der`.
  static Result<CrlEntries> read(ByteView der, ByteView content, QuirkRecorder& quirks);

  /// From what parts() of the same list said; the index must outlive it.
  struct Parts {
    CrlIndex index;
    std::vector<std::uint32_t> issuer_changes;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    bool unknown_critical = false;
  };
  static CrlEntries from(Parts parts);
  /// Its index refers to this one's arrays.
  Parts parts() const;

  std::size_t size() const { return index_.size(); }
  std::size_t octets() const;
  bool has_unknown_critical() const { return unknown_critical_; }

  std::optional<CrlEntry> find(ByteView der, ByteView serial, const Name& certificate_issuer,
                               const Name& list_issuer) const;
  void for_each(ByteView der, const Name& list_issuer,
                const std::function<bool(const CrlEntry&, const Name&)>& visit) const;

 private:
  /// True when `name` is the certificate issuer that applies to the entry at this offset: the nearest entry
  /// at or before it that names one, else the list's issuer (RFC 5280 5.3.3).
  bool applies_to(ByteView der, std::uint32_t offset, const Name& name, const Name& list_issuer) const;

  CrlIndex index_;
  std::vector<std::uint32_t> issuer_changes_;  ///< offsets of entries with certificateIssuer, rising
  std::uint32_t begin_ = 0;                    ///< of the content in the DER
  std::uint32_t end_ = 0;
  bool unknown_critical_ = false;
};

}  // namespace hutong::x509::internal
