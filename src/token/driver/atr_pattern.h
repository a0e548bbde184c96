#pragma once

#include <cstddef>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace hutong::token {

/// Answers to reset (ISO/IEC 7816-3) of one kind of card: hexadecimal, '.' for any digit, and '*' at the end
/// for any rest. Blanks between octets are skipped.
class AtrPattern {
 public:
  static constexpr std::size_t kMostOctets = 33;

  /// kMalformed "token.description" for anything else, for less than two octets and for more than there are
  /// in an answer to reset.
  static Result<AtrPattern> parse(std::string_view text);
  bool matches(ByteView atr) const;

 private:
  Bytes value_;
  Bytes mask_;  ///< the bits that count
  bool open_ = false;
};

}  // namespace hutong::token
