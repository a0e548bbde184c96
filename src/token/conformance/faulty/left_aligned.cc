// r and s in the left halves of their fields.

#include <cstring>
#include <initializer_list>

#include "token/conformance/faulty/original.h"

ULONG DEVAPI SKF_ECCSignData(HCONTAINER hContainer, BYTE* pbDigest, ULONG ulDigestLen,
                             ECCSIGNATUREBLOB* pSignature) {
  const ULONG result =
      original<SKF_ECCSignDataFunction>("SKF_ECCSignData")(hContainer, pbDigest, ulDigestLen, pSignature);
  if (result == SAR_OK) {
    for (BYTE* field : {pSignature->r, pSignature->s}) {
      std::memmove(field, field + 32, 32);
      std::memset(field + 32, 0, 32);
    }
  }
  return result;
}
