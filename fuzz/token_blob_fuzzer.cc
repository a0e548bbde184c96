// The first octet chooses what the rest is: a list of names, a DEVINFO, a public key, a signature, an
// SM2Cipher or an SM2EnvelopedKey to become a blob, or a DEVINFO of unknown layout. Whatever a driver or a
// key centre sends is read or refused with a reason; what is read can be written.

#include <algorithm>

#include "fuzz/property.h"
#include "token/driver/blobs.h"
#include "token/driver/device_info.h"
#include "token/driver/driver.h"
#include "token/driver/internal/layout.h"

namespace hutong::fuzz {
namespace {

const token::Quirks& all_quirks() {
  static const token::Quirks* const quirks = [] {
    auto* const made = new token::Quirks;
    for (const token::QuirkRow& row : token::quirk_table()) {
      made->allow(row.quirk);
    }
    return made;
  }();
  return *quirks;
}

template <typename Read>
bool read_or_refused(const Read& read) {
  require(read || !read.error().reason.empty(), "a refusal has a reason");
  return read.has_value();
}

void check_names(ByteView octets) {
  const auto names = token::read_name_list(octets, all_quirks());
  if (!read_or_refused(names)) {
    return;
  }
  std::size_t total = 0;
  for (const std::string& name : *names) {
    require(!name.empty() && name.find('\0') == std::string::npos, "names are not empty");
    total += name.size();
  }
  require(total <= octets.size(), "names are in the list");
  if (token::read_name_list(octets, token::Quirks())) {
    require(names->empty() || octets.size() > total + names->size(), "a strict list has its end");
  }
}

void check_public_key(ByteView octets) {
  const auto key = token::read_public_key(octets, all_quirks());
  if (read_or_refused(key)) {
    const auto again = token::read_public_key(token::write_public_key(*key), token::Quirks());
    require(again && *again == *key, "what is written is read strictly");
  }
}

void check_layout(ByteView octets) {
  using namespace token::host;
  Bytes buffer(kDeviceInfoRoom, kDeviceInfoFill);
  std::copy_n(octets.begin(), std::min(octets.size(), buffer.size()), buffer.begin());
  const Layout layout = layout_from_device_info(buffer);
  const std::size_t size = size_of(device_info_shape(), layout);
  const auto packed = convert(device_info_shape(), ByteView(buffer).first(size), layout, kWireLayout);
  require(packed && token::read_device_info(*packed), "every layout becomes the norm's");
  (void)read_or_refused(convert(enveloped_key_shape(), octets, layout, kWireLayout));
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  using namespace hutong::fuzz;
  if (size == 0) {
    return 0;
  }
  const ByteView rest(data + 1, size - 1);
  switch (data[0]) {
    case 'n':
      check_names(rest);
      break;
    case 'i':
      (void)read_or_refused(token::read_device_info(rest));
      break;
    case 'k':
      check_public_key(rest);
      break;
    case 's':
      (void)read_or_refused(token::read_signature(rest, all_quirks()));
      break;
    case 'c':
      (void)read_or_refused(token::write_cipher(rest));
      break;
    case 'e':
      (void)read_or_refused(token::write_enveloped_key(rest));
      break;
    default:
      check_layout(rest);
  }
  return 0;
}
