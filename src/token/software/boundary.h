#pragma once

#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "token/software/refusal.h"

/// C++ behind functions of C: nothing thrown passes out, every pointer is checked, and results are handed
/// over by the conventions of the norm.
namespace hutong::token::software {

template <typename Action>
ULONG guarded(Action&& action) noexcept {
  try {
    const Status status = std::forward<Action>(action)();
    return status ? SAR_OK : result_of(status.error());
  } catch (const std::bad_alloc&) {
    return SAR_MEMORYERR;
  } catch (...) {
    return SAR_FAIL;
  }
}

/// SAR_INVALIDPARAMERR when one of them is null.
template <typename... Pointers>
Status need(Pointers*... pointers) {
  return ((pointers != nullptr) && ...) ? ok() : Status(refusal(SAR_INVALIDPARAMERR));
}

/// Octets given by the caller. SAR_INVALIDPARAMERR for a null pointer to something.
inline Result<ByteView> given(const BYTE* octets, ULONG size) {
  if (octets == nullptr && size != 0) {
    return refusal(SAR_INVALIDPARAMERR);
  }
  return ByteView(octets, size);
}

/// A text given by the caller: SAR_INVALIDPARAMERR when null, `refused` unless it has `least` to `most`
/// octets.
inline Result<std::string_view> given_text(const CHAR* text, std::size_t least, std::size_t most,
                                           ULONG refused) {
  HUTONG_CHECK(need(text));
  const std::size_t size = ::strnlen(text, most + 1);
  if (size < least || size > most) {
    return refusal(refused);
  }
  return std::string_view(text, size);
}

/// Room for a PIN that is too long: its size is judged by others.
inline Result<std::string_view> given_pin(const CHAR* pin) {
  constexpr std::size_t kLongestLookedAt = 64;
  return given_text(pin, 0, kLongestLookedAt, SAR_PIN_LEN_RANGE);
}

/// The two calls of the norm, first half: stores the size, and says whether there is room to go on.
enum class Room { kAsked, kEnough };
inline Result<Room> make_room(std::size_t size, const void* out, ULONG* out_size) {
  HUTONG_CHECK(need(out_size));
  const ULONG room = *out_size;
  *out_size = static_cast<ULONG>(size);
  if (out == nullptr) {
    return Room::kAsked;
  }
  if (room < size) {
    return refusal(SAR_BUFFER_TOO_SMALL);
  }
  return Room::kEnough;
}

/// The size alone when there is no buffer; SAR_BUFFER_TOO_SMALL and the size when it is too small.
inline Status hand_over(ByteView octets, void* out, ULONG* out_size) {
  HUTONG_TRY(const Room room, make_room(octets.size(), out, out_size));
  if (room == Room::kEnough && !octets.empty()) {
    std::memcpy(out, octets.data(), octets.size());
  }
  return ok();
}

/// Names, each with a NUL, and one more NUL at the end.
inline Status hand_over_names(const std::vector<std::string>& names, LPSTR out, ULONG* out_size) {
  std::string list;
  for (const std::string& name : names) {
    list += name;
    list += '\0';
  }
  list += '\0';
  return hand_over(as_bytes(list), out, out_size);
}

}  // namespace hutong::token::software
