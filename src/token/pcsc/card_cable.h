#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "token/pcsc/virtual_card.h"

namespace hutong::token {

/// Puts a card into the virtual reader of vsmartcard (vpcd) and serves until the reader is gone: the card is
/// in as long as this runs. Messages are a length of two octets (big-endian) and so many octets: from the
/// reader one octet 0 power off, 1 power on, 2 reset, 4 what is the answer to reset, or a command APDU; from
/// the card the answer to the last two. `inserted` is called once the reader is there, which is waited for
/// until `patience` is over. kUnavailable "card.reader".
Status serve_in_reader(VirtualCard& card, std::uint16_t port, std::chrono::milliseconds patience,
                       const std::function<void()>& inserted);

}  // namespace hutong::token
