// Guesses are free: every wrong PIN is followed by the right one.

#include "token/conformance/faulty/original.h"

ULONG DEVAPI SKF_VerifyPIN(HAPPLICATION hApplication, ULONG ulPINType, LPSTR szPIN, ULONG* pulRetryCount) {
  const auto verify = original<SKF_VerifyPINFunction>("SKF_VerifyPIN");
  const ULONG result = verify(hApplication, ulPINType, szPIN, pulRetryCount);
  if (result == SAR_PIN_INCORRECT) {
    CHAR right[] = "user-pin";
    verify(hApplication, ulPINType, right, pulRetryCount);
  }
  return result;
}
