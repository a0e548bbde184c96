#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/public_key.h"
#include "crypto/signature.h"
#include "crypto/sm2_prepared.h"
#include "x509/extensions.h"
#include "x509/name.h"
#include "x509/quirks.h"
#include "x509/serial.h"

namespace hutong {
class ByteSink;
}

namespace hutong::x509 {

using CrlDer = StrongBytes<struct CrlDerTag>;

/// One revoked certificate, decoded on demand. Views live as long as the Crl.
struct CrlEntry {
  ByteView serial;  ///< content octets of the INTEGER
  Time revoked_at;
  std::optional<CrlReason> reason;  ///< absent: no reasonCode extension (means unspecified)
  std::optional<Time> invalidity_date;
  bool names_issuer = false;  ///< carries certificateIssuer itself
  bool has_unknown_critical_extension = false;
};

/// A certificate revocation list (RFC 5280 5): full, delta, indirect or partitioned. Parsing walks the
/// entries once, checks each and keeps 8 octets per entry besides the DER (a hash of the serial and a 32-bit
/// offset), so that a list of 1,000,000 entries is searched in well under a microsecond. Immutable, cheap to
/// copy, usable from any thread. Parsing checks no signature and no time.
class Crl {
 public:
  /// Largest list: kLimit "crl.too_large".
  static constexpr std::size_t kMostOctets = std::size_t{1} << 30;

  /// kMalformed "crl.…" and the errors of names, extensions and asn1. From owned octets, a copy, or a mapped
  /// file that it keeps.
  static Result<Crl> parse(Bytes&& der, const QuirkPolicy& policy = QuirkPolicy::standard());
  static Result<Crl> parse(ByteView der, const QuirkPolicy& policy = QuirkPolicy::standard());
  static Result<Crl> parse(MappedFile file, const QuirkPolicy& policy = QuirkPolicy::standard());

  /// Writes the list with its index and its SM3, for open_snapshot to find in a mapped file instead of
  /// reading the list (design decision 8). `origin` says what it was made from, at most 4,000 octets. Only
  /// those who are believed may write there: what a snapshot does not find is taken for not revoked. Errors
  /// of `out`.
  Status write_snapshot(ByteSink& out, std::string_view origin) const;
  /// The list, of which only what is touched lies in memory. The file is read through once and held against
  /// the digest at its end. kNotFound "crl_snapshot.other" (of another origin, version of the format or byte
  /// order), kMalformed "crl_snapshot.damaged"; and the errors of parse.
  static Result<Crl> open_snapshot(MappedFile file, std::string_view origin);

  ByteView der() const;
  ByteView tbs() const;
  unsigned version() const;  ///< 1 or 2
  const Name& issuer() const;
  Time this_update() const;
  std::optional<Time> next_update() const;
  ByteView signature_algorithm_der() const;
  const Result<crypto::SignatureAlgorithm>& signature_algorithm() const;
  ByteView signature() const;
  /// False also when algorithm and key do not fit or are unknown.
  bool is_signed_by(const crypto::PublicKey& issuer_key) const;
  bool is_signed_by(const crypto::Sm2PreparedKey& issuer_key) const;
  /// SM3 of der(), computed once.
  const crypto::Sm3Digest& sm3() const;

  const std::vector<Extension>& extensions() const;
  const std::optional<AuthorityKeyIdentifier>& authority_key_identifier() const;
  const std::optional<std::vector<GeneralName>>& issuer_alt_name() const;
  const std::optional<Serial>& number() const;  ///< cRLNumber; NRCAC leaves it 0: no measure of freshness
  const std::optional<Serial>& base_number() const;  ///< deltaCRLIndicator
  bool is_delta() const { return base_number().has_value(); }
  const std::optional<IssuingDistributionPoint>& issuing_point() const;
  bool is_indirect() const { return issuing_point() && issuing_point()->indirect; }
  const std::optional<std::vector<DistributionPoint>>& freshest_crl() const;
  /// A critical list extension that this class does not decode: such a list must not be used (RFC 5280 5.2).
  bool has_unknown_critical_extension() const;
  /// Some entry has one: then the list must not be used to say that a certificate is good (RFC 5280 5.3).
  bool has_unknown_critical_entry_extension() const;

  std::size_t entry_count() const;
  /// The entry for a certificate with this serial that the list's issuer issued.
  std::optional<CrlEntry> find(const Serial& serial) const { return find(serial, issuer()); }
  /// The same for any certificate issuer; only an indirect list speaks about others than its own issuer. When
  /// a (broken) list names a certificate twice, the first entry in the list's order.
  std::optional<CrlEntry> find(const Serial& serial, const Name& certificate_issuer) const;
  /// Calls back for every entry in the list's order with its certificate issuer, until false is returned.
  void for_each(const std::function<bool(const CrlEntry&, const Name& certificate_issuer)>& visit) const;

  /// Octets of memory kept besides the DER.
  std::size_t index_octets() const;
  QuirkSet quirks() const;

 private:
  struct Body;
  explicit Crl(std::shared_ptr<const Body> body) : body_(std::move(body)) {}
  std::shared_ptr<const Body> body_;
};

}  // namespace hutong::x509
