// Waits for a device that is not there until the world ends.

#include <unistd.h>

#include <cstring>

#include "token/conformance/faulty/original.h"

ULONG DEVAPI SKF_ConnectDev(LPSTR szName, DEVHANDLE* phDev) {
  if (szName != nullptr && std::strstr(szName, "no such device") != nullptr) {
    for (;;) {
      ::pause();
    }
  }
  return original<SKF_ConnectDevFunction>("SKF_ConnectDev")(szName, phDev);
}
