// The list of containers without the NUL at its end.

#include <algorithm>

#include "token/conformance/faulty/original.h"

ULONG DEVAPI SKF_EnumContainer(HAPPLICATION hApplication, LPSTR szContainerName, ULONG* pulSize) {
  CHAR list[8192];
  ULONG size = sizeof list;
  const ULONG result = original<SKF_EnumContainerFunction>("SKF_EnumContainer")(hApplication, list, &size);
  if (result != SAR_OK) {
    return result;
  }
  --size;
  const ULONG room = *pulSize;
  *pulSize = size;
  if (szContainerName == nullptr) {
    return SAR_OK;
  }
  if (room < size) {
    return SAR_BUFFER_TOO_SMALL;
  }
  std::copy_n(list, size, szContainerName);
  return SAR_OK;
}
