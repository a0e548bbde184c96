/* Compiled as C by the build of the tests: the header is for C programs too. */
#include "token/skf.h"

static SKF_ECCSignDataFunction sign = SKF_ECCSignData;

ULONG sign_with(HCONTAINER container, BYTE* digest, ECCSIGNATUREBLOB* signature);
ULONG sign_with(HCONTAINER container, BYTE* digest, ECCSIGNATUREBLOB* signature) {
  return sign(container, digest, 32, signature);
}
