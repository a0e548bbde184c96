#include <optional>
#include <string>

#include "storage/internal/postgresql_connection.h"
#include "storage/internal/postgresql_types.h"

namespace hutong::storage {
namespace {

/// Two's complement, most significant octet first; 1 to 8 octets.
std::int64_t big_endian_integer(ByteView octets) {
  std::uint64_t number = (octets[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (const std::uint8_t octet : octets) {
    number = number << 8 | octet;
  }
  return static_cast<std::int64_t>(number);
}

/// SUM() over BIGINT is NUMERIC: four 16-bit fields (digits that follow, weight of the first in powers of
/// 10,000, sign, decimal places), then digits to base 10,000. Nothing when it is no integer of 64 bits.
std::optional<std::int64_t> numeric_integer(ByteView octets) {
  const auto field = [&](std::size_t at) { return big_endian_integer(octets.subspan(2 * at, 2)); };
  const std::int64_t count = field(0);
  const std::int64_t weight = field(1);
  const bool negative = (field(2) & 0xffff) == 0x4000;
  if ((field(2) & 0xffff) > 0x4000 || (count > 0 && count > weight + 1)) {
    return std::nullopt;  // not a number, or a fraction
  }
  std::int64_t number = 0;
  for (std::int64_t place = 0; place <= weight && count > 0; ++place) {
    const std::int64_t digit = place < count ? field(4 + static_cast<std::size_t>(place)) : 0;
    if (__builtin_mul_overflow(number, 10'000, &number) ||
        __builtin_add_overflow(number, negative ? -digit : digit, &number)) {
      return std::nullopt;
    }
  }
  return number;
}

Error foreign_type() {
  return {Errc::kInternal, reason::kStatement, "a column of a type outside the dialect"};
}

Status read_column(ByteView octets, Oid type, Value& value) {
  switch (type) {
    case kBoolOid:
      value = std::int64_t{octets[0] != 0};
      return ok();
    case kInt2Oid:
    case kInt4Oid:
    case kInt8Oid:
      value = big_endian_integer(octets);
      return ok();
    case kNumericOid: {
      const auto number = numeric_integer(octets);
      if (!number) {
        return foreign_type();
      }
      value = *number;
      return ok();
    }
    case kTextOid:
    case kNameOid:
    case kVarcharOid:
      value.emplace<std::string>(as_text(octets));
      return ok();
    case kByteaOid:
      value.emplace<Bytes>(octets.begin(), octets.end());
      return ok();
    default:
      return foreign_type();
  }
}

}  // namespace

Status read_postgresql_row(const PGresult* result, int at, Row& row) {
  auto& values = RowFiller::values(row);
  values.resize(static_cast<std::size_t>(PQnfields(result)));
  for (int column = 0; column < PQnfields(result); ++column) {
    Value& value = values[static_cast<std::size_t>(column)];
    if (PQgetisnull(result, at, column) != 0 || PQftype(result, column) == kVoidOid) {
      value.emplace<std::monostate>();
      continue;
    }
    const auto* octets = reinterpret_cast<const std::uint8_t*>(PQgetvalue(result, at, column));
    const auto length = static_cast<std::size_t>(PQgetlength(result, at, column));
    HUTONG_CHECK(read_column({octets, length}, PQftype(result, column), value));
  }
  return ok();
}

}  // namespace hutong::storage
