#include "storage/row.h"

#include <stdexcept>

namespace hutong::storage {
namespace {

template <typename T>
const T& held(const Value& value, const char* wanted) {
  if (const T* found = std::get_if<T>(&value)) {
    return *found;
  }
  throw std::logic_error(std::string("a column read as ") + wanted + " holds something else");
}

}  // namespace

const Value& Row::value(std::size_t column) const { return values_.at(column); }
std::int64_t Row::integer(std::size_t column) const { return held<std::int64_t>(value(column), "INTEGER"); }
const std::string& Row::text(std::size_t column) const { return held<std::string>(value(column), "TEXT"); }
const Bytes& Row::bytes(std::size_t column) const { return held<Bytes>(value(column), "BLOB"); }

}  // namespace hutong::storage
