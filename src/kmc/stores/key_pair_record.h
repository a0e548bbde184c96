#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "x509/serial.h"

namespace hutong::kmc {

/// A key pair made ahead, in the spare store (备用库). Its private key is there twice, never in the clear:
/// `wrapped` under the store key, which the running service holds to deliver it; `escrowed` under the key of
/// its batch, which opens with the master key only.
struct SpareKey {
  std::string id;     ///< ULID
  std::string batch;  ///< ULID
  Bytes public_key;   ///< 65 octets
  Bytes escrowed;
  std::string store_key;  ///< which one wraps it
  Bytes wrapped;
  Time made_at{};
};

/// Why a key pair went to the history store. Stable numbers: they are stored. Append only.
enum class Retirement : std::int64_t {
  kRevoked = 1,  ///< its CA asked for it
  kExpired = 2,  ///< the certificate ran out
};
std::string_view to_string(Retirement reason);  ///< "revoked", "expired"

/// A key pair that was delivered: in the in-use store (在用库), or in the history store (历史库) when
/// `retired_at` is set. From here on the service itself cannot open it; `envelope` is what the holder got.
struct HeldKey {
  std::string id;
  std::string batch;
  Bytes public_key;
  Bytes escrowed;
  Time made_at{};
  std::string authority;     ///< id of the CA that applied for it
  x509::Serial certificate;  ///< number of the certificate it is for
  Bytes holder;              ///< 65 octets: the signature key that the envelope is for
  Bytes envelope;            ///< SM2EnvelopedKey
  Time not_before{};
  Time not_after{};
  Time delivered_at{};
  std::optional<Time> retired_at;
  Retirement reason = Retirement::kRevoked;
};

/// How many key pairs each store holds (密钥统计).
struct StoreCounts {
  std::int64_t spare = 0;
  std::int64_t in_use = 0;
  std::int64_t history = 0;
};
struct AuthorityCounts {
  std::string authority;
  std::int64_t in_use = 0;
  std::int64_t history = 0;
};

/// The keys of one batch are escrowed under one SM4 key; `sealed` is that key, encrypted (SM2) for the master
/// key.
struct Batch {
  std::string id;
  std::string master;
  Bytes sealed;
  Time created_at{};
};

}  // namespace hutong::kmc
