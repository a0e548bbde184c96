#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace hutong::token {

/// A card of our own that says who it is and nothing else (ISO/IEC 7816-4): SELECT by application identifier
/// with file control information, and GET DATA for its text and number once it is selected. It holds no key.
class VirtualCard {
 public:
  static constexpr std::uint16_t kLabelObject = 0x0050;
  static constexpr std::uint16_t kSerialNumberObject = 0x005a;

  struct Options {
    std::string historical = "hutong";  ///< at most 15 octets, in the answer to reset
    Bytes application;
    std::string label;
    std::string serial_number;
  };
  explicit VirtualCard(Options options) : options_(std::move(options)) {}

  /// Direct convention, T=1, the historical octets.
  Bytes answer_to_reset() const;
  void reset() { is_selected_ = false; }
  /// A short command APDU; the answer ends with the two octets of state.
  Bytes answer(ByteView command);

 private:
  Bytes select(ByteView command);
  Bytes get_data(ByteView command) const;

  Options options_;
  bool is_selected_ = false;
};

}  // namespace hutong::token
