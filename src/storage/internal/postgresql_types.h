#pragma once

#include <postgres_ext.h>

namespace hutong::storage {

/// The object identifiers of PostgreSQL's built-in types (pg_type.dat), the same in every installation.
inline constexpr Oid kAnyOid = 0;  ///< as parameter: the server decides
inline constexpr Oid kBoolOid = 16;
inline constexpr Oid kByteaOid = 17;
inline constexpr Oid kNameOid = 19;
inline constexpr Oid kInt8Oid = 20;
inline constexpr Oid kInt2Oid = 21;
inline constexpr Oid kInt4Oid = 23;
inline constexpr Oid kTextOid = 25;
inline constexpr Oid kVarcharOid = 1043;
inline constexpr Oid kVoidOid = 2278;
inline constexpr Oid kNumericOid = 1700;

}  // namespace hutong::storage
