// Follows whatever handle it is given.

#include "token/conformance/faulty/original.h"

ULONG DEVAPI SKF_GenRandom(DEVHANDLE hDev, BYTE* pbRandom, ULONG ulRandomLen) {
  if (hDev == nullptr) {
    *static_cast<volatile int*>(hDev) = 1;
  }
  return original<SKF_GenRandomFunction>("SKF_GenRandom")(hDev, pbRandom, ulRandomLen);
}
