#include "token/driver/internal/layout.h"

#include <algorithm>
#include <array>
#include <string>

namespace hutong::token::host {
namespace {

constexpr std::array kDeviceInfo{Field{2}, Field{64}, Field{64}, Field{32}, Field{32}, Field{2},
                                 Field{2}, kUlong,    kUlong,    kUlong,    kUlong,    kUlong,
                                 kUlong,   kUlong,    kUlong,    Field{64}};
constexpr std::array kFileAttribute{Field{32}, kUlong, kUlong, kUlong};
constexpr std::array kEccPublicKey{kUlong, Field{64}, Field{64}};
constexpr std::array kEccCipher{Field{64}, Field{64}, Field{32}, kUlong};
constexpr std::array kEnvelopedKey{kUlong,    kUlong,    kUlong,    Field{64}, kUlong, Field{64},
                                   Field{64}, Field{64}, Field{64}, Field{32}, kUlong};
constexpr std::array kEccSignature{Field{64}, Field{64}};
constexpr std::array kCipherParameters{Field{32}, kUlong, kUlong, kUlong};
constexpr std::array kRsaPublicKey{kUlong, kUlong, Field{256}, Field{4}};

constexpr std::size_t kReserved = 64;  // at the end of DEVINFO

/// The octets between the end of one member and the start of the next.
std::size_t padding(std::size_t at, const Field& field, const Layout& layout) {
  const std::size_t alignment = layout.aligned && field.octets == 0 ? layout.number_size : 1;
  return (alignment - at % alignment) % alignment;
}

/// Calls `visit(offset, size, field)` for every member and gives the size of all.
template <typename Visit>
std::size_t walk(const Shape& shape, const Layout& layout, const Visit& visit) {
  std::size_t at = 0;
  for (const Field& field : shape.fields) {
    at += padding(at, field, layout);
    const std::size_t size = field.octets == 0 ? layout.number_size : field.octets;
    visit(at, size, field);
    at += size;
  }
  return at + padding(at, kUlong, layout);
}

}  // namespace

Shape device_info_shape() { return {.fields = kDeviceInfo, .open_ended = false}; }
Shape file_attribute_shape() { return {.fields = kFileAttribute, .open_ended = false}; }
Shape ecc_public_key_shape() { return {.fields = kEccPublicKey, .open_ended = false}; }
Shape ecc_cipher_shape() { return {.fields = kEccCipher, .open_ended = true}; }
Shape enveloped_key_shape() { return {.fields = kEnvelopedKey, .open_ended = true}; }
Shape ecc_signature_shape() { return {.fields = kEccSignature, .open_ended = false}; }
Shape cipher_parameters_shape() { return {.fields = kCipherParameters, .open_ended = false}; }
Shape rsa_public_key_shape() { return {.fields = kRsaPublicKey, .open_ended = false}; }

std::size_t size_of(const Shape& shape, const Layout& layout) {
  return walk(shape, layout, [](std::size_t, std::size_t, const Field&) {});
}

Result<Bytes> convert(const Shape& shape, ByteView octets, const Layout& from, const Layout& to) {
  const std::size_t fixed = size_of(shape, from);
  if (octets.size() < fixed || (!shape.open_ended && octets.size() > fixed)) {
    return Error{Errc::kMalformed, "token.structure",
                 std::to_string(octets.size()) + " octets where a structure has " + std::to_string(fixed)};
  }
  if (from == to) {
    return to_bytes(octets);
  }
  std::array<std::size_t, 24> starts{};
  std::size_t member = 0;
  walk(shape, from, [&](std::size_t at, std::size_t, const Field&) { starts.at(member++) = at; });
  member = 0;
  Bytes out(size_of(shape, to));
  walk(shape, to, [&](std::size_t at, std::size_t size, const Field& field) {
    const std::size_t source_size = field.octets == 0 ? from.number_size : size;
    const ByteView source = octets.subspan(starts.at(member++), std::min(size, source_size));
    std::ranges::copy(source,
                      out.begin() + static_cast<std::ptrdiff_t>(at));  // little-endian: low octets first
  });
  append(out, octets.subspan(fixed));
  return out;
}

Layout layout_from_device_info(ByteView buffer) {
  const auto last = std::find_if(buffer.rbegin(), buffer.rend(),
                                 [](std::uint8_t octet) { return octet != kDeviceInfoFill; });
  const auto written = static_cast<std::size_t>(buffer.rend() - last);
  constexpr std::array kKnown{
      Layout{.number_size = 4, .aligned = false}, Layout{.number_size = 4, .aligned = true},
      Layout{.number_size = 8, .aligned = false}, Layout{.number_size = 8, .aligned = true}};
  const auto* const found = std::ranges::find_if(kKnown, [written](const Layout& layout) {
    const std::size_t whole = size_of(device_info_shape(), layout);
    return written == whole || written == whole - kReserved;
  });
  return found != kKnown.end() ? *found : kWireLayout;
}

}  // namespace hutong::token::host
