#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "asn1/oids.h"
#include "base/bytes.h"
#include "base/time.h"
#include "crypto/signature.h"
#include "x509/builder.h"
#include "x509/extension_builder.h"
#include "x509/serial.h"

namespace hutong::bench {

inline constexpr Time kDate{std::chrono::seconds(1'780'000'000)};

inline std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ value >> 27) * 0x94D049BB133111EBULL;
  return value ^ value >> 31;
}

/// 16 octets, as the national root numbers its certificates; even numbers are listed.
inline x509::Serial serial(std::uint64_t number) {
  Bytes octets(16);
  for (std::size_t i = 0; i < octets.size(); ++i) {
    octets[i] = static_cast<std::uint8_t>(mixed(number * 2 + i / 8) >> (8 * (i % 8)));
  }
  octets[0] &= 0x7F;
  return x509::Serial::from_magnitude(octets);
}

inline Bytes make_list(std::size_t entries) {
  const crypto::Sm2Signer signer(crypto::Sm2PrivateKey::generate());
  x509::TbsCrl tbs;
  tbs.issuer = x509::NameBuilder().add(asn1::oids::kCommonName, "Bench CA").build();
  tbs.this_update = kDate;
  tbs.next_update = kDate + std::chrono::hours(24);
  tbs.entries.reserve(entries);
  for (std::uint64_t i = 0; i < entries; ++i) {
    tbs.entries.push_back({serial(2 * i), kDate, x509::CrlReason::kSuperseded, {}, {}});
  }
  tbs.extensions = {x509::extension::crl_number(1)};
  const x509::CrlDer der = x509::sign(tbs, signer).value();
  return to_bytes(der.view());
}

enum class Sought : std::uint8_t { kListed, kNotListed };
/// Serials to look up in a list of so many entries, far apart, so that caches are as cold as in service.
inline std::vector<x509::Serial> sought_serials(Sought sought, std::size_t entries, std::size_t lookups) {
  std::vector<x509::Serial> serials;
  for (std::uint64_t i = 0; i < lookups; ++i) {
    serials.push_back(serial(2 * (mixed(i) % entries) + (sought == Sought::kListed ? 0 : 1)));
  }
  return serials;
}

}  // namespace hutong::bench
