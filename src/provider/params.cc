#include "provider/params.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/secret.h"

namespace hutong::provider {
namespace {

constexpr bool kIsLittleEndian = std::endian::native == std::endian::little;

bool is_integer(const OSSL_PARAM& param) {
  return param.data_type == OSSL_PARAM_UNSIGNED_INTEGER || param.data_type == OSSL_PARAM_INTEGER;
}

ByteView data_of(const OSSL_PARAM& param) {
  return {static_cast<const std::uint8_t*>(param.data), param.data == nullptr ? 0 : param.data_size};
}

OSSL_PARAM* find_request(OSSL_PARAM* params, std::string_view name) {
  return const_cast<OSSL_PARAM*>(find(params, name));
}

/// Whether `size` octets were asked for and fit; tells the size either way. With no memory given the size is
/// all that was asked for.
enum class Room { kNone, kAskedForSize, kFits };
Room room_for(OSSL_PARAM& request, std::size_t size) {
  request.return_size = size;
  if (request.data == nullptr) {
    return Room::kAskedForSize;
  }
  return request.data_size >= size ? Room::kFits : Room::kNone;
}

bool answer_pointer(OSSL_PARAM& request, const void* value, std::size_t size) {
  request.return_size = size;
  if (request.data != nullptr) {
    std::memcpy(request.data, &value, sizeof value);
  }
  return true;
}

}  // namespace

const OSSL_PARAM* find(const OSSL_PARAM* params, std::string_view name) {
  for (; params != nullptr && params->key != nullptr; ++params) {
    if (name == params->key) {
      return params;
    }
  }
  return nullptr;
}

std::optional<std::size_t> read_size(const OSSL_PARAM& param) {
  std::array<std::uint8_t, sizeof(std::size_t)> octets{};
  const ByteView data = data_of(param);
  const bool is_negative = param.data_type == OSSL_PARAM_INTEGER && !data.empty() &&
                           (data[kIsLittleEndian ? data.size() - 1 : 0] & 0x80) != 0;
  if (data.empty() || is_negative || !read_number(param, octets)) {
    return std::nullopt;
  }
  std::size_t value = 0;
  for (const std::uint8_t octet : octets) {
    value = value << 8 | octet;
  }
  return value;
}

std::optional<ByteView> read_octets(const OSSL_PARAM& param) {
  if (param.data_type != OSSL_PARAM_OCTET_STRING) {
    return std::nullopt;
  }
  return data_of(param);
}

std::optional<std::string_view> read_text(const OSSL_PARAM& param) {
  if (param.data_type != OSSL_PARAM_UTF8_STRING || param.data == nullptr) {
    return std::nullopt;
  }
  const std::string_view text = as_text(data_of(param));
  return text.substr(0, text.find('\0'));
}

bool read_number(const OSSL_PARAM& param, std::span<std::uint8_t> out) {
  if (!is_integer(param)) {
    return false;
  }
  const ByteView data = data_of(param);
  const auto octet = [&](std::size_t weight) {
    return data[kIsLittleEndian ? weight : data.size() - 1 - weight];
  };
  for (std::size_t weight = out.size(); weight < data.size(); ++weight) {
    if (octet(weight) != 0) {
      return false;
    }
  }
  for (std::size_t weight = 0; weight < out.size(); ++weight) {
    out[out.size() - 1 - weight] = weight < data.size() ? octet(weight) : std::uint8_t{0};
  }
  return true;
}

bool answer_size(OSSL_PARAM* params, std::string_view name, std::size_t value) {
  std::array<std::uint8_t, sizeof value> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) {
    octets[octets.size() - 1 - i] = static_cast<std::uint8_t>(value >> (8 * i));
  }
  const auto first = std::ranges::find_if(octets, [](std::uint8_t octet) { return octet != 0; });
  return answer_number(params, name, ByteView(first, octets.end()));
}

bool answer_octets(OSSL_PARAM* params, std::string_view name, ByteView value) {
  OSSL_PARAM* const request = find_request(params, name);
  if (request == nullptr) {
    return true;
  }
  if (request->data_type == OSSL_PARAM_OCTET_PTR) {
    return answer_pointer(*request, value.data(), value.size());
  }
  if (request->data_type != OSSL_PARAM_OCTET_STRING) {
    return false;
  }
  const Room room = room_for(*request, value.size());
  if (room == Room::kFits) {
    std::ranges::copy(value, static_cast<std::uint8_t*>(request->data));
  }
  return room != Room::kNone;
}

bool answer_text(OSSL_PARAM* params, std::string_view name, std::string_view value) {
  OSSL_PARAM* const request = find_request(params, name);
  if (request == nullptr) {
    return true;
  }
  if (request->data_type == OSSL_PARAM_UTF8_PTR) {
    return answer_pointer(*request, value.data(), value.size());
  }
  if (request->data_type != OSSL_PARAM_UTF8_STRING) {
    return false;
  }
  const Room room = room_for(*request, value.size());
  if (room == Room::kFits) {
    char* const out = static_cast<char*>(request->data);
    std::ranges::copy(value, out);
    if (request->data_size > value.size()) {
      out[value.size()] = '\0';
    }
  }
  return room != Room::kNone;
}

bool answer_number(OSSL_PARAM* params, std::string_view name, ByteView value) {
  OSSL_PARAM* const request = find_request(params, name);
  if (request == nullptr) {
    return true;
  }
  if (!is_integer(*request)) {
    return false;
  }
  const Room room = room_for(*request, std::max<std::size_t>(value.size(), 1));
  if (room != Room::kFits) {
    return room != Room::kNone;
  }
  const std::span out(static_cast<std::uint8_t*>(request->data), request->data_size);
  std::ranges::fill(out, std::uint8_t{0});
  std::ranges::copy(value, out.end() - static_cast<std::ptrdiff_t>(value.size()));
  if (kIsLittleEndian) {
    std::ranges::reverse(out);
  }
  request->return_size = request->data_size;
  return true;
}

}  // namespace hutong::provider
