// Writes a certificate into whatever buffer it is given.

#include "token/conformance/faulty/original.h"

ULONG DEVAPI SKF_ExportCertificate(HCONTAINER hContainer, BOOL bSignFlag, BYTE* pbCert, ULONG* pulCertLen) {
  if (pbCert != nullptr && pulCertLen != nullptr) {
    *pulCertLen = 0xFFFF;
  }
  return original<SKF_ExportCertificateFunction>("SKF_ExportCertificate")(hContainer, bSignFlag, pbCert,
                                                                          pulCertLen);
}
