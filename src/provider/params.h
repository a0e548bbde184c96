#pragma once

#include <openssl/core.h>
#include <openssl/core_names.h>
#include <openssl/params.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"

namespace hutong::provider {

/// OSSL_PARAM arrays, read and written without libcrypto: the provider does not link it, so that it also
/// loads into programs with an OpenSSL of their own. See OSSL_PARAM(3) for the rules.

/// The parameter of this name, or null; `params` may be null.
const OSSL_PARAM* find(const OSSL_PARAM* params, std::string_view name);

/// Nothing when the parameter has another type (or, for sizes, is negative). Views end with the caller's
/// data.
std::optional<std::size_t> read_size(const OSSL_PARAM& param);
std::optional<ByteView> read_octets(const OSSL_PARAM& param);
std::optional<std::string_view> read_text(const OSSL_PARAM& param);
/// An unsigned number into `out`, big-endian, padded with zeros; false when it does not fit.
bool read_number(const OSSL_PARAM& param, std::span<std::uint8_t> out);

/// Answers the request of this name, if there is one. False when there is one that cannot take the value.
/// Only octets asked for by pointer have to outlive the call.
bool answer_size(OSSL_PARAM* params, std::string_view name, std::size_t value);
bool answer_octets(OSSL_PARAM* params, std::string_view name, ByteView value);
bool answer_text(OSSL_PARAM* params, std::string_view name, std::string_view value);
/// `value` is big-endian.
bool answer_number(OSSL_PARAM* params, std::string_view name, ByteView value);

}  // namespace hutong::provider
