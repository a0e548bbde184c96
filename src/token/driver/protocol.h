#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

/// What is said between a program and the process that holds a vendor's driver, over a stream socket that
/// both inherited. docs/tokens-driver-protocol.md describes it octet by octet. Integers are little-endian.
///
/// A frame is a header of 12 octets ("HD", version, kind, number, length of the body) and a body: a code and
/// a list of values, each with its kind. The caller numbers its frames; an answer carries the number of its
/// question. One question at a time. Everything has a bound, and whoever gets a frame that breaks one ends
/// the connection: there is no way to find the next frame.
namespace hutong::token {

inline constexpr std::uint8_t kProtocolVersion = 1;
inline constexpr std::size_t kFrameHeaderSize = 12;
inline constexpr std::size_t kMostFrameBody = (std::size_t{4} << 20) + (std::size_t{64} << 10);
inline constexpr std::size_t kMostValues = 32;
inline constexpr std::size_t kMostRoom = std::size_t{4} << 20;  ///< octets that a call may ask back

enum class FrameKind : std::uint8_t {
  kLoad = 1,  ///< code 0; octets: allowed SM3 digests of the library, none for any
  kLoaded,    ///< code: LoadOutcome; octets: SM3 of the file, text
  kCall,      ///< code: the Function; its arguments
  kResult,    ///< code: what the driver returned; number: CallFault, octets: text, then what came out
};

enum class LoadOutcome : std::uint32_t {
  kLoaded = 0,
  kUnreadable,     ///< no such file, or not readable
  kDigest,         ///< its SM3 is not one of the allowed
  kNotLoadable,    ///< the dynamic linker refused it
  kMissingSymbol,  ///< it does not export what every driver must
};

/// Why there is no answer of the driver, or none to rely on.
enum class CallFault : std::uint32_t {
  kNone = 0,
  kUnknownFunction,  ///< the number is none of ours
  kNotExported,      ///< the library does not have it
  kArguments,        ///< the values do not fit the function
  kHandle,           ///< a handle that was never given out, is closed, or is of another kind
  kOverrun,          ///< the driver wrote outside of a buffer
  kLength,           ///< the driver claims to have written more than fits
};
std::string_view to_string(CallFault fault);  ///< "overrun" …

enum class ValueKind : std::uint8_t {
  kNumber = 1,  ///< ULONG, BOOL, rights, algorithm
  kHandle,      ///< of a device, application, container, key …: a number that the driver's process gave out
  kOctets,      ///< data, names, PINs, structures in packed 32-bit form
  kRoom,        ///< an output buffer of this size; 0 asks for the size with a NULL pointer
  kAbsent,      ///< a NULL pointer
};

struct Value {
  ValueKind kind = ValueKind::kAbsent;
  std::uint32_t number = 0;  ///< kNumber, kHandle, kRoom
  ByteView octets;           ///< kOctets: a view into the body
};

struct FrameHeader {
  FrameKind kind = FrameKind::kCall;
  std::uint32_t number = 0;
  std::uint32_t length = 0;  ///< of the body
};

/// The first 12 octets of a frame. kMalformed "token.frame" for another magic or kind, kPolicy
/// "token.frame_version", kLimit "token.frame_length".
Result<FrameHeader> read_header(ByteView octets);

struct Message {
  std::uint32_t code = 0;
  std::vector<Value> values;
};
/// The whole body; the octets inside are views into it. kMalformed "token.frame" (truncated, unknown kind of
/// value, something left over), kLimit "token.frame_values".
Result<Message> read_message(ByteView body);

/// Builds one frame front to back. What it holds is wiped when it is dropped, for PINs pass through it.
class FrameWriter {
 public:
  FrameWriter(FrameKind kind, std::uint32_t code);
  FrameWriter(FrameWriter&&) noexcept = default;
  FrameWriter& operator=(FrameWriter&&) = delete;
  ~FrameWriter();

  FrameWriter& number(std::uint32_t value) { return scalar(ValueKind::kNumber, value); }
  FrameWriter& handle(std::uint32_t value) { return scalar(ValueKind::kHandle, value); }
  FrameWriter& room(std::uint32_t value) { return scalar(ValueKind::kRoom, value); }
  FrameWriter& octets(ByteView value);
  FrameWriter& text(std::string_view value) { return octets(as_bytes(value)); }
  FrameWriter& absent();

  /// The frame, under this number. kLimit "token.frame_length", "token.frame_values" when it grew too large.
  Result<ByteView> finish(std::uint32_t frame_number) &;

 private:
  FrameWriter& scalar(ValueKind kind, std::uint32_t value);
  void put(std::uint32_t value);
  void grow(std::size_t more);

  FrameKind kind_;
  std::size_t values_ = 0;
  Bytes frame_;
};

}  // namespace hutong::token
