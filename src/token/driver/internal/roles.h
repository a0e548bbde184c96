#pragma once

#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <tuple>

#include "token/driver/internal/guarded_buffer.h"
#include "token/driver/internal/handle_table.h"
#include "token/driver/internal/layout.h"
#include "token/driver/protocol.h"

/// The roles that the parameters of GM/T 0016 play. Each role takes its value from the call, says which C
/// parameters it becomes, checks what the driver did to it, and gives back what came out. Numbers are passed
/// as `unsigned long` and pointed to as 8 zeroed octets: right for drivers with either size of ULONG.
namespace hutong::token::host {

/// What outlives a call.
struct Session {
  Layout layout;
  HandleTable handles;
  std::uint32_t parent = 0;  ///< the first handle of the present call
};

/// The values of a call, front to back.
class Arguments {
 public:
  explicit Arguments(std::span<const Value> values) : rest_(values) {}
  /// The next value when it is of this kind, else null.
  const Value* take(ValueKind kind) {
    if (rest_.empty() || rest_.front().kind != kind) {
      return nullptr;
    }
    const Value* value = &rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::span<const Value> rest_;
};

/// What a check found out.
struct Damage {
  CallFault fault = CallFault::kNone;
  std::size_t octets = 0;
};
inline Damage damage_of(const GuardedBuffer& buffer) {
  const std::size_t overrun = buffer.overrun();
  return overrun == 0 ? Damage{} : Damage{CallFault::kOverrun, overrun};
}

/// A role that only goes in.
struct Input {
  static Damage check(std::uint32_t /*code*/) { return {}; }
  static void give(std::uint32_t /*code*/, Session& /*session*/, FrameWriter& /*out*/) {}
};

template <HandleKind... kKinds>
class Handle : public Input {
 public:
  CallFault take(Arguments& in, Session& session) {
    const Value* value = in.take(ValueKind::kHandle);
    if (value == nullptr) {
      return CallFault::kArguments;
    }
    const auto kind = session.handles.kind_of(value->number);
    if (!kind || ((*kind != kKinds) && ...)) {
      return CallFault::kHandle;
    }
    number_ = value->number;
    handle_ = session.handles.handle(number_);
    session.parent = session.parent == 0 ? number_ : session.parent;
    return CallFault::kNone;
  }
  std::tuple<void*> parameters() { return {handle_}; }

 protected:
  std::uint32_t number_ = 0;
  void* handle_ = nullptr;
};

/// A handle that is good no more after the call, whatever the driver says.
template <HandleKind... kKinds>
class ClosedHandle : public Handle<kKinds...> {
 public:
  void give(std::uint32_t /*code*/, Session& session, FrameWriter& /*out*/) {
    session.handles.remove(this->number_);
  }
};

class Number : public Input {
 public:
  CallFault take(Arguments& in, Session& /*session*/) {
    const Value* value = in.take(ValueKind::kNumber);
    number_ = value != nullptr ? value->number : 0;
    return value != nullptr ? CallFault::kNone : CallFault::kArguments;
  }
  std::tuple<unsigned long> parameters() { return {number_}; }

 private:
  unsigned long number_ = 0;
};

/// LPSTR: octets without NUL, which gets one.
class Text : public Input {
 public:
  CallFault take(Arguments& in, Session& /*session*/) {
    const Value* value = in.take(ValueKind::kOctets);
    if (value == nullptr || std::ranges::find(value->octets, std::uint8_t{0}) != value->octets.end()) {
      return CallFault::kArguments;
    }
    text_ = SecretBytes(value->octets.size() + kBehind);
    std::ranges::copy(value->octets, text_.writable().begin());
    return CallFault::kNone;
  }
  std::tuple<void*> parameters() { return {text_.writable().data()}; }

 private:
  static constexpr std::size_t kBehind = 64;  // drivers that copy a field of fixed size
  SecretBytes text_{0};
};

/// BYTE * and its length; absent: NULL and 0. The driver sees the octets of the call itself.
class Octets : public Input {
 public:
  CallFault take(Arguments& in, Session& /*session*/) {
    const Value* value = in.take(ValueKind::kOctets);
    if (value != nullptr) {
      octets_ = value->octets;
      return CallFault::kNone;
    }
    return in.take(ValueKind::kAbsent) != nullptr ? CallFault::kNone : CallFault::kArguments;
  }
  std::tuple<void*, unsigned long> parameters() {
    return {const_cast<std::uint8_t*>(octets_.data()), octets_.size()};
  }

 private:
  ByteView octets_;
};

/// BYTE * whose length both sides know from elsewhere.
class OctetsAt : public Input {
 public:
  CallFault take(Arguments& in, Session& /*session*/) {
    const Value* value = in.take(ValueKind::kOctets);
    if (value == nullptr) {
      return CallFault::kArguments;
    }
    octets_ = SecretBytes(value->octets.size() + kBehind);
    std::ranges::copy(value->octets, octets_.writable().begin());
    return CallFault::kNone;
  }
  std::tuple<void*> parameters() { return {octets_.writable().data()}; }

 private:
  static constexpr std::size_t kBehind = 64;
  SecretBytes octets_{0};
};

/// A pointer to a structure, or NULL when absent.
template <Shape (*kShape)()>
class Structure : public Input {
 public:
  CallFault take(Arguments& in, Session& session) {
    if (in.take(ValueKind::kAbsent) != nullptr) {
      return CallFault::kNone;
    }
    const Value* value = in.take(ValueKind::kOctets);
    if (value == nullptr) {
      return CallFault::kArguments;
    }
    const auto converted = convert(kShape(), value->octets, kWireLayout, session.layout);
    if (!converted) {
      return CallFault::kArguments;
    }
    structure_ = SecretBytes(converted->size() + kBehind);
    std::ranges::copy(*converted, structure_.writable().begin());
    return CallFault::kNone;
  }
  std::tuple<void*> parameters() {
    return {structure_.size() == 0 ? nullptr : static_cast<void*>(structure_.writable().data())};
  }

 private:
  static constexpr std::size_t kBehind = 512;  // drivers that read an ECCCIPHERBLOB of 420 octets always
  SecretBytes structure_{0};
};

/// A session key under a public key: an ECCCIPHERBLOB, or the octets of RSA, and the length.
class WrappedKey : public Input {
 public:
  CallFault take(Arguments& in, Session& session);
  std::tuple<void*, unsigned long> parameters() { return {wrapped_.data(), size_}; }

 private:
  Bytes wrapped_;
  std::size_t size_ = 0;
};

/// BLOCKCIPHERPARAM by value, in the driver's own size.
template <typename Ulong>
class CipherParameters : public Input {
 public:
  struct Parameters {
    std::array<std::uint8_t, 32> iv;
    std::array<Ulong, 3> numbers;  ///< IVLen, PaddingType, FeedBitLen
  };
  CallFault take(Arguments& in, Session& session) {
    const Value* value = in.take(ValueKind::kOctets);
    const auto converted =
        value != nullptr ? convert(cipher_parameters_shape(), value->octets, kWireLayout, session.layout)
                         : Result<Bytes>(Error{Errc::kMalformed, "token.structure", {}});
    if (!converted || converted->size() != sizeof(Parameters)) {
      return CallFault::kArguments;
    }
    std::memcpy(&parameters_, converted->data(), sizeof(Parameters));
    return CallFault::kNone;
  }
  std::tuple<Parameters> parameters() { return {parameters_}; }

 private:
  Parameters parameters_{};
};

/// ULONG *, also after an error: tries left.
class NewNumber {
 public:
  static CallFault take(Arguments& /*in*/, Session& /*session*/) { return CallFault::kNone; }
  std::tuple<void*> parameters() { return {storage_.data()}; }
  Damage check(std::uint32_t /*code*/) const { return damage_of(storage_); }
  void give(std::uint32_t /*code*/, Session& /*session*/, FrameWriter& out) const { out.number(value()); }

 private:
  std::uint32_t value() const;
  GuardedBuffer storage_{sizeof(std::uint64_t)};
};

template <HandleKind kKind>
class NewHandle {
 public:
  static CallFault take(Arguments& /*in*/, Session& /*session*/) { return CallFault::kNone; }
  std::tuple<void*> parameters() { return {storage_.data()}; }
  Damage check(std::uint32_t /*code*/) const { return damage_of(storage_); }
  void give(std::uint32_t code, Session& session, FrameWriter& out) const {
    if (code != 0) {
      out.absent();
      return;
    }
    void* handle = nullptr;
    std::memcpy(static_cast<void*>(&handle), storage_.view().data(), sizeof(handle));
    out.handle(session.handles.add(kKind, handle, session.parent));
  }

 private:
  GuardedBuffer storage_{sizeof(void*)};
};

/// BYTE * and ULONG *: room for an answer of unknown size; room 0 is NULL. Gives the length (also when the
/// room is too small) and the octets.
class NewOctets {
 public:
  CallFault take(Arguments& in, Session& session);
  std::tuple<void*, void*> parameters() {
    return {buffer_.size() == 0 ? nullptr : buffer_.data(), length_.data()};
  }
  Damage check(std::uint32_t code) const;
  void give(std::uint32_t code, Session& session, FrameWriter& out) const;

 protected:
  std::size_t length() const;
  GuardedBuffer buffer_;

 private:
  GuardedBuffer length_{sizeof(std::uint64_t)};
};

/// The same for a public key, whose structure has the driver's layout.
class NewPublicKey : public NewOctets {
 public:
  void give(std::uint32_t code, Session& session, FrameWriter& out) const;
};

/// BYTE * and a ULONG by value: just so many octets.
class NewFixedOctets {
 public:
  CallFault take(Arguments& in, Session& session);
  std::tuple<void*, unsigned long> parameters() { return {buffer_.data(), buffer_.size()}; }
  Damage check(std::uint32_t /*code*/) const { return damage_of(buffer_); }
  void give(std::uint32_t code, Session& session, FrameWriter& out) const;

 private:
  GuardedBuffer buffer_;
};

/// A structure that the driver fills.
template <Shape (*kShape)()>
class NewStructure {
 public:
  CallFault take(Arguments& /*in*/, Session& session) {
    buffer_ = GuardedBuffer(size_of(kShape(), session.layout));
    return CallFault::kNone;
  }
  std::tuple<void*> parameters() { return {buffer_.data()}; }
  Damage check(std::uint32_t /*code*/) const { return damage_of(buffer_); }
  void give(std::uint32_t code, Session& session, FrameWriter& out) const {
    const auto converted = convert(kShape(), buffer_.view(), session.layout, kWireLayout);
    code == 0 && converted ? out.octets(*converted) : out.absent();
  }

 private:
  GuardedBuffer buffer_;
};

/// DEVINFO, which tells the driver's layout.
class NewDeviceInfo {
 public:
  static CallFault take(Arguments& /*in*/, Session& /*session*/) { return CallFault::kNone; }
  std::tuple<void*> parameters() { return {buffer_.data()}; }
  Damage check(std::uint32_t /*code*/) const { return damage_of(buffer_); }
  void give(std::uint32_t code, Session& session, FrameWriter& out) const;

 private:
  GuardedBuffer buffer_{kDeviceInfoRoom, kDeviceInfoFill};
};

/// An ECCCIPHERBLOB for a plaintext of `room` octets.
class NewCipher {
 public:
  CallFault take(Arguments& in, Session& session);
  std::tuple<void*> parameters() { return {buffer_.data()}; }
  Damage check(std::uint32_t code) const;
  void give(std::uint32_t code, Session& session, FrameWriter& out) const;

 private:
  std::size_t cipher_size() const;
  GuardedBuffer buffer_;
  std::size_t fixed_ = 0;
  std::size_t number_size_ = 0;
};

}  // namespace hutong::token::host
