// DEVINFO with two octets of padding before AlgSymCap, as a compiler lays it out without packing.

#include <cstring>

#include "token/conformance/faulty/original.h"

ULONG DEVAPI SKF_GetDevInfo(DEVHANDLE hDev, DEVINFO* pDevInfo) {
  DEVINFO packed{};
  const ULONG result = original<SKF_GetDevInfoFunction>("SKF_GetDevInfo")(hDev, &packed);
  if (result != SAR_OK || pDevInfo == nullptr) {
    return pDevInfo == nullptr ? SAR_INVALIDPARAMERR : result;
  }
  constexpr std::size_t kBefore = offsetof(DEVINFO, AlgSymCap);
  auto* out = reinterpret_cast<BYTE*>(pDevInfo);
  const auto* in = reinterpret_cast<const BYTE*>(&packed);
  std::memcpy(out, in, kBefore);
  std::memset(out + kBefore, 0, 2);
  std::memcpy(out + kBefore + 2, in + kBefore, sizeof packed - kBefore);
  return SAR_OK;
}
