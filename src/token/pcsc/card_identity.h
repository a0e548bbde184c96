#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "token/driver/description.h"

namespace hutong::token {

/// What a card says of itself. Text as it is when it is printable UTF-8, else hexadecimal.
struct CardIdentity {
  std::string label;
  std::string serial_number;
};

/// Sends a command APDU and brings its answer.
using Transmit = std::function<Result<Bytes>(ByteView command)>;

/// Asks a card of this description, by SELECT (of its application) and GET DATA (ISO/IEC 7816-4, 11.2.2 and
/// 11.4.3), following 61xx and 6Cxx; what it does not have stays empty. At most 12 commands, whatever the
/// card answers. kNotFound "pcsc.application": the application is not on the card; and the errors of
/// `transmit`.
Result<CardIdentity> identify_card(const Transmit& transmit, const CardDescription& card);

/// The value of a data object as cards give it: bare, or with its tag and length (BER-TLV) before it.
ByteView data_object_value(ByteView answer, std::uint16_t object);

}  // namespace hutong::token
