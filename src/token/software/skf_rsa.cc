#include "token/software/boundary.h"

/// The RSA functions of clause 7.6 and of the extensions: this token has SM2 only.
namespace hutong::token::software {
namespace {

ULONG without_rsa() { return SAR_NOTSUPPORTYETERR; }

}  // namespace
}  // namespace hutong::token::software

using hutong::token::software::without_rsa;

ULONG DEVAPI SKF_GenRSAKeyPair(HCONTAINER /*hContainer*/, ULONG /*ulBitsLen*/, RSAPUBLICKEYBLOB* /*pBlob*/) {
  return without_rsa();
}

ULONG DEVAPI SKF_ImportRSAKeyPair(HCONTAINER /*hContainer*/, ULONG /*ulSymAlgId*/, BYTE* /*pbWrappedKey*/,
                                  ULONG /*ulWrappedKeyLen*/, BYTE* /*pbEncryptedData*/,
                                  ULONG /*ulEncryptedDataLen*/) {
  return without_rsa();
}

ULONG DEVAPI SKF_RSASignData(HCONTAINER /*hContainer*/, BYTE* /*pbData*/, ULONG /*ulDataLen*/,
                             BYTE* /*pbSignature*/, ULONG* /*pulSignLen*/) {
  return without_rsa();
}

ULONG DEVAPI SKF_RSAVerify(DEVHANDLE /*hDev*/, RSAPUBLICKEYBLOB* /*pRSAPubKeyBlob*/, BYTE* /*pbData*/,
                           ULONG /*ulDataLen*/, BYTE* /*pbSignature*/, ULONG /*ulSignLen*/) {
  return without_rsa();
}

ULONG DEVAPI SKF_RSAExportSessionKey(HCONTAINER /*hContainer*/, ULONG /*ulAlgId*/,
                                     RSAPUBLICKEYBLOB* /*pPubKey*/, BYTE* /*pbData*/, ULONG* /*pulDataLen*/,
                                     HANDLE* /*phSessionKey*/) {
  return without_rsa();
}

ULONG DEVAPI SKF_GenExtRSAKey(DEVHANDLE /*hDev*/, ULONG /*ulBitsLen*/, RSAPRIVATEKEYBLOB* /*pBlob*/) {
  return without_rsa();
}

ULONG DEVAPI SKF_ExtRSAPubKeyOperation(DEVHANDLE /*hDev*/, RSAPUBLICKEYBLOB* /*pRSAPubKeyBlob*/,
                                       BYTE* /*pbInput*/, ULONG /*ulInputLen*/, BYTE* /*pbOutput*/,
                                       ULONG* /*pulOutputLen*/) {
  return without_rsa();
}

ULONG DEVAPI SKF_ExtRSAPriKeyOperation(DEVHANDLE /*hDev*/, RSAPRIVATEKEYBLOB* /*pRSAPriKeyBlob*/,
                                       BYTE* /*pbInput*/, ULONG /*ulInputLen*/, BYTE* /*pbOutput*/,
                                       ULONG* /*pulOutputLen*/) {
  return without_rsa();
}
