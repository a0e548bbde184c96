/* Every function of GM/T 0016-2012 clause 7, and those that many libraries have besides. Included by
 * token/skf.h only. */
#ifndef HUTONG_TOKEN_SKF_FUNCTIONS_H
#define HUTONG_TOKEN_SKF_FUNCTIONS_H

#include "token/skf_structures.h"

/* clang-format off */
/* 7.1 devices */
#define HUTONG_SKF_DEVICE_FUNCTIONS(F) \
  F(SKF_WaitForDevEvent, (LPSTR szDevName, ULONG *pulDevNameLen, ULONG *pulEvent)) \
  F(SKF_CancelWaitForDevEvent, (void)) \
  F(SKF_EnumDev, (BOOL bPresent, LPSTR szNameList, ULONG *pulSize)) \
  F(SKF_ConnectDev, (LPSTR szName, DEVHANDLE *phDev)) \
  F(SKF_DisConnectDev, (DEVHANDLE hDev)) \
  F(SKF_GetDevState, (LPSTR szDevName, ULONG *pulDevState)) \
  F(SKF_SetLabel, (DEVHANDLE hDev, LPSTR szLabel)) \
  F(SKF_GetDevInfo, (DEVHANDLE hDev, DEVINFO *pDevInfo)) \
  F(SKF_LockDev, (DEVHANDLE hDev, ULONG ulTimeOut)) \
  F(SKF_UnlockDev, (DEVHANDLE hDev)) \
  F(SKF_Transmit, (DEVHANDLE hDev, BYTE *pbCommand, ULONG ulCommandLen, BYTE *pbData, ULONG *pulDataLen))

/* 7.2 access control */
#define HUTONG_SKF_ACCESS_FUNCTIONS(F) \
  F(SKF_ChangeDevAuthKey, (DEVHANDLE hDev, BYTE *pbKeyValue, ULONG ulKeyLen)) \
  F(SKF_DevAuth, (DEVHANDLE hDev, BYTE *pbAuthData, ULONG ulLen)) \
  F(SKF_ChangePIN, (HAPPLICATION hApplication, ULONG ulPINType, LPSTR szOldPin, LPSTR szNewPin, \
    ULONG *pulRetryCount)) \
  F(SKF_GetPINInfo, (HAPPLICATION hApplication, ULONG ulPINType, ULONG *pulMaxRetryCount, \
    ULONG *pulRemainRetryCount, BOOL *pbDefaultPin)) \
  F(SKF_VerifyPIN, (HAPPLICATION hApplication, ULONG ulPINType, LPSTR szPIN, ULONG *pulRetryCount)) \
  F(SKF_UnblockPIN, (HAPPLICATION hApplication, LPSTR szAdminPIN, LPSTR szNewUserPIN, ULONG *pulRetryCount)) \
  F(SKF_ClearSecureState, (HAPPLICATION hApplication))

/* 7.3 applications */
#define HUTONG_SKF_APPLICATION_FUNCTIONS(F) \
  F(SKF_CreateApplication, (DEVHANDLE hDev, LPSTR szAppName, LPSTR szAdminPin, DWORD dwAdminPinRetryCount, \
    LPSTR szUserPin, DWORD dwUserPinRetryCount, DWORD dwCreateFileRights, HAPPLICATION *phApplication)) \
  F(SKF_EnumApplication, (DEVHANDLE hDev, LPSTR szAppName, ULONG *pulSize)) \
  F(SKF_DeleteApplication, (DEVHANDLE hDev, LPSTR szAppName)) \
  F(SKF_OpenApplication, (DEVHANDLE hDev, LPSTR szAppName, HAPPLICATION *phApplication)) \
  F(SKF_CloseApplication, (HAPPLICATION hApplication))

/* 7.4 files */
#define HUTONG_SKF_FILE_FUNCTIONS(F) \
  F(SKF_CreateFile, (HAPPLICATION hApplication, LPSTR szFileName, ULONG ulFileSize, ULONG ulReadRights, \
    ULONG ulWriteRights)) \
  F(SKF_DeleteFile, (HAPPLICATION hApplication, LPSTR szFileName)) \
  F(SKF_EnumFiles, (HAPPLICATION hApplication, LPSTR szFileList, ULONG *pulSize)) \
  F(SKF_GetFileInfo, (HAPPLICATION hApplication, LPSTR szFileName, FILEATTRIBUTE *pFileInfo)) \
  F(SKF_ReadFile, (HAPPLICATION hApplication, LPSTR szFileName, ULONG ulOffset, ULONG ulSize, \
    BYTE *pbOutData, ULONG *pulOutLen)) \
  F(SKF_WriteFile, (HAPPLICATION hApplication, LPSTR szFileName, ULONG ulOffset, BYTE *pbData, \
    ULONG ulSize))

/* 7.5 containers */
#define HUTONG_SKF_CONTAINER_FUNCTIONS(F) \
  F(SKF_CreateContainer, (HAPPLICATION hApplication, LPSTR szContainerName, HCONTAINER *phContainer)) \
  F(SKF_DeleteContainer, (HAPPLICATION hApplication, LPSTR szContainerName)) \
  F(SKF_OpenContainer, (HAPPLICATION hApplication, LPSTR szContainerName, HCONTAINER *phContainer)) \
  F(SKF_CloseContainer, (HCONTAINER hContainer)) \
  F(SKF_EnumContainer, (HAPPLICATION hApplication, LPSTR szContainerName, ULONG *pulSize)) \
  F(SKF_GetContainerType, (HCONTAINER hContainer, ULONG *pulContainerType)) \
  F(SKF_ImportCertificate, (HCONTAINER hContainer, BOOL bSignFlag, BYTE *pbCert, ULONG ulCertLen)) \
  F(SKF_ExportCertificate, (HCONTAINER hContainer, BOOL bSignFlag, BYTE *pbCert, ULONG *pulCertLen))

/* 7.6 cryptographic services */
#define HUTONG_SKF_CRYPTO_FUNCTIONS(F) \
  F(SKF_GenRandom, (DEVHANDLE hDev, BYTE *pbRandom, ULONG ulRandomLen)) \
  F(SKF_GenRSAKeyPair, (HCONTAINER hContainer, ULONG ulBitsLen, RSAPUBLICKEYBLOB *pBlob)) \
  F(SKF_ImportRSAKeyPair, (HCONTAINER hContainer, ULONG ulSymAlgId, BYTE *pbWrappedKey, \
    ULONG ulWrappedKeyLen, BYTE *pbEncryptedData, ULONG ulEncryptedDataLen)) \
  F(SKF_RSASignData, (HCONTAINER hContainer, BYTE *pbData, ULONG ulDataLen, BYTE *pbSignature, \
    ULONG *pulSignLen)) \
  F(SKF_RSAVerify, (DEVHANDLE hDev, RSAPUBLICKEYBLOB *pRSAPubKeyBlob, BYTE *pbData, ULONG ulDataLen, \
    BYTE *pbSignature, ULONG ulSignLen)) \
  F(SKF_RSAExportSessionKey, (HCONTAINER hContainer, ULONG ulAlgId, RSAPUBLICKEYBLOB *pPubKey, BYTE *pbData, \
    ULONG *pulDataLen, HANDLE *phSessionKey)) \
  F(SKF_GenECCKeyPair, (HCONTAINER hContainer, ULONG ulAlgId, ECCPUBLICKEYBLOB *pBlob)) \
  F(SKF_ImportECCKeyPair, (HCONTAINER hContainer, ENVELOPEDKEYBLOB *pEnvelopedKeyBlob)) \
  F(SKF_ECCSignData, (HCONTAINER hContainer, BYTE *pbDigest, ULONG ulDigestLen, \
    ECCSIGNATUREBLOB *pSignature)) \
  F(SKF_ECCVerify, (DEVHANDLE hDev, ECCPUBLICKEYBLOB *pECCPubKeyBlob, BYTE *pbData, ULONG ulDataLen, \
    ECCSIGNATUREBLOB *pSignature)) \
  F(SKF_ECCExportSessionKey, (HCONTAINER hContainer, ULONG ulAlgId, ECCPUBLICKEYBLOB *pPubKey, \
    ECCCIPHERBLOB *pData, HANDLE *phSessionKey)) \
  F(SKF_ExtECCEncrypt, (DEVHANDLE hDev, ECCPUBLICKEYBLOB *pECCPubKeyBlob, BYTE *pbPlainText, \
    ULONG ulPlainTextLen, ECCCIPHERBLOB *pCipherText)) \
  F(SKF_GenerateAgreementDataWithECC, (HCONTAINER hContainer, ULONG ulAlgId, \
    ECCPUBLICKEYBLOB *pTempECCPubKeyBlob, BYTE *pbID, ULONG ulIDLen, HANDLE *phAgreementHandle)) \
  F(SKF_GenerateAgreementDataAndKeyWithECC, (HANDLE hContainer, ULONG ulAlgId, \
    ECCPUBLICKEYBLOB *pSponsorECCPubKeyBlob, ECCPUBLICKEYBLOB *pSponsorTempECCPubKeyBlob, \
    ECCPUBLICKEYBLOB *pTempECCPubKeyBlob, BYTE *pbID, ULONG ulIDLen, BYTE *pbSponsorID, \
    ULONG ulSponsorIDLen, HANDLE *phKeyHandle)) \
  F(SKF_GenerateKeyWithECC, (HANDLE hAgreementHandle, ECCPUBLICKEYBLOB *pECCPubKeyBlob, \
    ECCPUBLICKEYBLOB *pTempECCPubKeyBlob, BYTE *pbID, ULONG ulIDLen, HANDLE *phKeyHandle)) \
  F(SKF_ExportPublicKey, (HCONTAINER hContainer, BOOL bSignFlag, BYTE *pbBlob, ULONG *pulBlobLen)) \
  F(SKF_ImportSessionKey, (HCONTAINER hContainer, ULONG ulAlgId, BYTE *pbWrapedData, ULONG ulWrapedLen, \
    HANDLE *phKey)) \
  F(SKF_EncryptInit, (HANDLE hKey, BLOCKCIPHERPARAM EncryptParam)) \
  F(SKF_Encrypt, (HANDLE hKey, BYTE *pbData, ULONG ulDataLen, BYTE *pbEncryptedData, \
    ULONG *pulEncryptedLen)) \
  F(SKF_EncryptUpdate, (HANDLE hKey, BYTE *pbData, ULONG ulDataLen, BYTE *pbEncryptedData, \
    ULONG *pulEncryptedLen)) \
  F(SKF_EncryptFinal, (HANDLE hKey, BYTE *pbEncryptedData, ULONG *pulEncryptedDataLen)) \
  F(SKF_DecryptInit, (HANDLE hKey, BLOCKCIPHERPARAM DecryptParam)) \
  F(SKF_Decrypt, (HANDLE hKey, BYTE *pbEncryptedData, ULONG ulEncryptedLen, BYTE *pbData, \
    ULONG *pulDataLen)) \
  F(SKF_DecryptUpdate, (HANDLE hKey, BYTE *pbEncryptedData, ULONG ulEncryptedLen, BYTE *pbData, \
    ULONG *pulDataLen)) \
  F(SKF_DecryptFinal, (HANDLE hKey, BYTE *pbDecryptedData, ULONG *pulDecryptedDataLen)) \
  F(SKF_DigestInit, (DEVHANDLE hDev, ULONG ulAlgID, ECCPUBLICKEYBLOB *pPubKey, BYTE *pbID, ULONG ulIDLen, \
    HANDLE *phHash)) \
  F(SKF_Digest, (HANDLE hHash, BYTE *pbData, ULONG ulDataLen, BYTE *pbHashData, ULONG *pulHashLen)) \
  F(SKF_DigestUpdate, (HANDLE hHash, BYTE *pbData, ULONG ulDataLen)) \
  F(SKF_DigestFinal, (HANDLE hHash, BYTE *pHashData, ULONG *pulHashLen)) \
  F(SKF_MacInit, (HANDLE hKey, BLOCKCIPHERPARAM *pMacParam, HANDLE *phMac)) \
  F(SKF_Mac, (HANDLE hMac, BYTE *pbData, ULONG ulDataLen, BYTE *pbMacData, ULONG *pulMacLen)) \
  F(SKF_MacUpdate, (HANDLE hMac, BYTE *pbData, ULONG ulDataLen)) \
  F(SKF_MacFinal, (HANDLE hMac, BYTE *pbMacData, ULONG *pulMacDataLen)) \
  F(SKF_CloseHandle, (HANDLE hHandle))

/* Everything in the text of the norm */
#define HUTONG_SKF_FUNCTIONS(F) \
  HUTONG_SKF_DEVICE_FUNCTIONS(F) \
  HUTONG_SKF_ACCESS_FUNCTIONS(F) \
  HUTONG_SKF_APPLICATION_FUNCTIONS(F) \
  HUTONG_SKF_FILE_FUNCTIONS(F) \
  HUTONG_SKF_CONTAINER_FUNCTIONS(F) \
  HUTONG_SKF_CRYPTO_FUNCTIONS(F)

/* Not in the text of 2012; a library may lack any of them */
#define HUTONG_SKF_EXTENSIONS(F) \
  F(SKF_GenExtRSAKey, (DEVHANDLE hDev, ULONG ulBitsLen, RSAPRIVATEKEYBLOB *pBlob)) \
  F(SKF_ExtRSAPubKeyOperation, (DEVHANDLE hDev, RSAPUBLICKEYBLOB *pRSAPubKeyBlob, BYTE *pbInput, \
    ULONG ulInputLen, BYTE *pbOutput, ULONG *pulOutputLen)) \
  F(SKF_ExtRSAPriKeyOperation, (DEVHANDLE hDev, RSAPRIVATEKEYBLOB *pRSAPriKeyBlob, BYTE *pbInput, \
    ULONG ulInputLen, BYTE *pbOutput, ULONG *pulOutputLen)) \
  F(SKF_ExtECCDecrypt, (DEVHANDLE hDev, ECCPRIVATEKEYBLOB *pECCPriKeyBlob, ECCCIPHERBLOB *pCipherText, \
    BYTE *pbPlainText, ULONG *pulPlainTextLen)) \
  F(SKF_ExtECCSign, (DEVHANDLE hDev, ECCPRIVATEKEYBLOB *pECCPriKeyBlob, BYTE *pbData, ULONG ulDataLen, \
    ECCSIGNATUREBLOB *pSignature)) \
  F(SKF_ExtECCVerify, (DEVHANDLE hDev, ECCPUBLICKEYBLOB *pECCPubKeyBlob, BYTE *pbData, ULONG ulDataLen, \
    ECCSIGNATUREBLOB *pSignature)) \
  F(SKF_SetSymmKey, (DEVHANDLE hDev, BYTE *pbKey, ULONG ulAlgID, HANDLE *phKey))

/* clang-format on */

#ifdef __cplusplus
extern "C" {
#endif

#define HUTONG_SKF_DECLARE(name, parameters) \
  SKF_EXPORT ULONG DEVAPI name parameters;   \
  typedef ULONG(DEVAPI* name##Function) parameters;
HUTONG_SKF_FUNCTIONS(HUTONG_SKF_DECLARE)
HUTONG_SKF_EXTENSIONS(HUTONG_SKF_DECLARE)
#undef HUTONG_SKF_DECLARE

#ifdef __cplusplus
}
#endif

#endif
