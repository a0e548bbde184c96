#include "token/driver/internal/roles.h"

#include <algorithm>

namespace hutong::token::host {
namespace {

/// A ULONG that a driver has written into 8 zeroed octets, or that stands in a structure.
std::uint32_t low_number(ByteView octets) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) {
    value = value << 8 | octets[i];
  }
  return value;
}

bool room_of(Arguments& in, std::size_t& room) {
  const Value* value = in.take(ValueKind::kRoom);
  room = value != nullptr ? value->number : 0;
  return value != nullptr && room <= kMostRoom;
}

constexpr std::size_t kCipherLengthOffset = 64 + 64 + 32;
/// The widest ECCCIPHERBLOB of fixed size in use (skf.md 8); some drivers always fill it.
constexpr std::size_t kWideCipher = 256;

}  // namespace

CallFault WrappedKey::take(Arguments& in, Session& session) {
  const Value* value = in.take(ValueKind::kOctets);
  if (value == nullptr) {
    return CallFault::kArguments;
  }
  wrapped_ = to_bytes(value->octets);
  const std::size_t fixed = size_of(ecc_cipher_shape(), kWireLayout);
  if (wrapped_.size() > fixed &&
      low_number(ByteView(wrapped_).subspan(kCipherLengthOffset)) == wrapped_.size() - fixed) {
    auto converted = convert(ecc_cipher_shape(), wrapped_, kWireLayout, session.layout);
    if (!converted) {
      return CallFault::kArguments;
    }
    wrapped_ = std::move(converted).value();
  }
  size_ = wrapped_.size();
  wrapped_.resize(size_ + kWideCipher);
  return CallFault::kNone;
}

std::uint32_t NewNumber::value() const { return low_number(storage_.view()); }

CallFault NewOctets::take(Arguments& in, Session& /*session*/) {
  std::size_t room = 0;
  if (!room_of(in, room)) {
    return CallFault::kArguments;
  }
  buffer_ = GuardedBuffer(room);
  for (std::size_t i = 0; i < 4; ++i) {
    length_.writable()[i] = static_cast<std::uint8_t>(room >> (8 * i));
  }
  return CallFault::kNone;
}

std::size_t NewOctets::length() const { return low_number(length_.view()); }

Damage NewOctets::check(std::uint32_t code) const {
  if (const Damage damage = damage_of(length_); damage.fault != CallFault::kNone) {
    return damage;
  }
  const bool impossible = code == 0 && buffer_.size() > 0 && length() > buffer_.size();
  const Damage damage = damage_of(buffer_);
  return damage.fault == CallFault::kNone && impossible ? Damage{CallFault::kLength, length()} : damage;
}

void NewOctets::give(std::uint32_t code, Session& /*session*/, FrameWriter& out) const {
  out.number(static_cast<std::uint32_t>(length()));
  code == 0 && buffer_.size() > 0 ? out.octets(buffer_.view().first(length())) : out.absent();
}

void NewPublicKey::give(std::uint32_t code, Session& session, FrameWriter& out) const {
  if (code == 0 && buffer_.size() > 0) {
    const ByteView key = buffer_.view().first(length());
    for (const Shape& shape : {ecc_public_key_shape(), rsa_public_key_shape()}) {
      const auto converted = convert(shape, key, session.layout, kWireLayout);
      if (converted) {
        out.number(static_cast<std::uint32_t>(converted->size())).octets(*converted);
        return;
      }
    }
  }
  NewOctets::give(code, session, out);
}

CallFault NewFixedOctets::take(Arguments& in, Session& /*session*/) {
  std::size_t room = 0;
  const bool good = room_of(in, room);
  buffer_ = GuardedBuffer(good ? room : 0);
  return good ? CallFault::kNone : CallFault::kArguments;
}

void NewFixedOctets::give(std::uint32_t code, Session& /*session*/, FrameWriter& out) const {
  code == 0 ? out.octets(buffer_.view()) : out.absent();
}

void NewDeviceInfo::give(std::uint32_t code, Session& session, FrameWriter& out) const {
  if (code != 0) {
    out.absent();
    return;
  }
  session.layout = layout_from_device_info(buffer_.view());
  const std::size_t size = size_of(device_info_shape(), session.layout);
  const auto converted =
      convert(device_info_shape(), buffer_.view().first(size), session.layout, kWireLayout);
  converted ? out.octets(*converted) : out.absent();
}

CallFault NewCipher::take(Arguments& in, Session& session) {
  std::size_t room = 0;
  if (!room_of(in, room)) {
    return CallFault::kArguments;
  }
  fixed_ = size_of(ecc_cipher_shape(), session.layout);
  number_size_ = session.layout.number_size;
  buffer_ = GuardedBuffer(fixed_ + std::max(room, kWideCipher));
  return CallFault::kNone;
}

std::size_t NewCipher::cipher_size() const {
  return low_number(buffer_.view().subspan(fixed_ - number_size_));
}

Damage NewCipher::check(std::uint32_t code) const {
  const Damage damage = damage_of(buffer_);
  const bool impossible = code == 0 && cipher_size() > buffer_.size() - fixed_;
  return damage.fault == CallFault::kNone && impossible ? Damage{CallFault::kLength, cipher_size()} : damage;
}

void NewCipher::give(std::uint32_t code, Session& session, FrameWriter& out) const {
  if (code != 0) {
    out.absent();
    return;
  }
  const ByteView blob = buffer_.view().first(fixed_ + cipher_size());
  const auto converted = convert(ecc_cipher_shape(), blob, session.layout, kWireLayout);
  converted ? out.octets(*converted) : out.absent();
}

}  // namespace hutong::token::host
