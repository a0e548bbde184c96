#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "base/result.h"

/// Structures of GM/T 0016 as a driver lays them out in memory, and as they travel: packed, ULONG of 32 bits
/// (the norm's sizes). Most drivers use just that; some were compiled without packing, and some on 64-bit
/// Linux with `unsigned long`.
namespace hutong::token::host {

struct Layout {
  std::size_t number_size = 4;  ///< of ULONG: 4 or 8
  bool aligned = false;         ///< natural alignment instead of pack(1)
  friend bool operator==(const Layout&, const Layout&) = default;
};

/// One member: so many octets, or a ULONG.
struct Field {
  std::size_t octets = 0;  ///< 0: a ULONG
};
inline constexpr Field kUlong{};

struct Shape {
  std::span<const Field> fields;
  bool open_ended = false;  ///< octets of any number follow (ECCCIPHERBLOB.Cipher)
};
Shape device_info_shape();
Shape file_attribute_shape();
Shape ecc_public_key_shape();
Shape ecc_cipher_shape();
Shape enveloped_key_shape();
Shape ecc_signature_shape();
Shape rsa_public_key_shape();
Shape cipher_parameters_shape();

/// The size of the fixed part.
std::size_t size_of(const Shape& shape, const Layout& layout);
/// From one layout into another; what follows the fixed part is taken over when the shape is open-ended.
/// kMalformed "token.structure" when there are too few octets, or too many for a closed shape.
Result<Bytes> convert(const Shape& shape, ByteView octets, const Layout& from, const Layout& to);
inline constexpr Layout kWireLayout{};

inline constexpr std::size_t kDeviceInfoRoom = 1024;
inline constexpr std::uint8_t kDeviceInfoFill = 0xA5;
/// Which layout a driver has, from a buffer of kDeviceInfoFill octets in which it has written a DEVINFO: the
/// last octet that changed tells (skf.md 1): 294, 296, 326 or 328; less when it leaves Reserved alone.
Layout layout_from_device_info(ByteView buffer);

}  // namespace hutong::token::host
