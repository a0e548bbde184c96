/* The application interface of cryptographic devices (密码设备应用接口), GM/T 0018-2012 = GB/T 36322-2018:
 * what a program needs of it to keep SM2 keys in a device. For C and for C++. Names and layouts are the
 * norm's.
 *
 * - Structures are packed to one octet, integers are the machine's, numbers big-endian and right-aligned in
 * their 64 octets (ECCref_MAX_BITS is 512).
 * - A device has one handle for each process and any number of sessions; the right to a private key belongs
 * to the session that got it.
 * - An index has two pairs: InternalSign uses the one for signatures, InternalDecrypt the one for encryption.
 *
 * HUTONG_SDF_FUNCTIONS(F) lists the functions as F(name, (parameters)); for each there is a function type
 * NAMEFunction. */
#ifndef HUTONG_SDF_SDF_H
#define HUTONG_SDF_SDF_H

#include <stddef.h>

#define SDF_EXPORT __attribute__((visibility("default")))

#ifndef SGD_SM2_3
#define SGD_SM2_3 0x00020800U /* encryption */
#endif

/* Results, annex A */
#define SDR_OK 0x00000000
#define SDR_UNKNOWERR 0x01000001
#define SDR_NOTSUPPORT 0x01000002
#define SDR_COMMFAIL 0x01000003
#define SDR_HARDFAIL 0x01000004
#define SDR_OPENDEVICE 0x01000005
#define SDR_OPENSESSION 0x01000006
#define SDR_PARDENY 0x01000007
#define SDR_KEYNOTEXIST 0x01000008
#define SDR_ALGNOTSUPPORT 0x01000009
#define SDR_SKOPERR 0x0100000C
#define SDR_SIGNERR 0x0100000D
#define SDR_ENCDATAERR 0x01000016
#define SDR_PRKRERR 0x01000018
#define SDR_NOBUFFER 0x0100001C
#define SDR_INARGERR 0x0100001D
#define SDR_OUTARGERR 0x0100001E

#pragma pack(push, 1)

typedef struct DeviceInfo_st {
  unsigned char IssuerName[40];
  unsigned char DeviceName[16];
  unsigned char DeviceSerial[16];
  unsigned int DeviceVersion;
  unsigned int StandardVersion;
  unsigned int AsymAlgAbility[2];
  unsigned int SymAlgAbility;
  unsigned int HashAlgAbility;
  unsigned int BufferSize;
} DEVICEINFO;

typedef struct ECCrefPublicKey_st {
  unsigned int bits; /* 256 */
  unsigned char x[64];
  unsigned char y[64];
} ECCrefPublicKey;

/* C1 = x, y; C3 = M; C2 = C, which has L octets. */
typedef struct ECCCipher_st {
  unsigned char x[64];
  unsigned char y[64];
  unsigned char M[32];
  unsigned int L;
  unsigned char C[1];
} ECCCipher;

typedef struct ECCSignature_st {
  unsigned char r[64];
  unsigned char s[64];
} ECCSignature;

#pragma pack(pop)

#define HUTONG_SDF_FUNCTIONS(F)                                                                            \
  F(SDF_OpenDevice, (void** phDeviceHandle))                                                               \
  F(SDF_CloseDevice, (void* hDeviceHandle))                                                                \
  F(SDF_OpenSession, (void* hDeviceHandle, void** phSessionHandle))                                        \
  F(SDF_CloseSession, (void* hSessionHandle))                                                              \
  F(SDF_GetDeviceInfo, (void* hSessionHandle, DEVICEINFO* pstDeviceInfo))                                  \
  F(SDF_GetPrivateKeyAccessRight,                                                                          \
    (void* hSessionHandle, unsigned int uiKeyIndex, unsigned char* pucPassword, unsigned int uiPwdLength)) \
  F(SDF_ReleasePrivateKeyAccessRight, (void* hSessionHandle, unsigned int uiKeyIndex))                     \
  F(SDF_ExportSignPublicKey_ECC,                                                                           \
    (void* hSessionHandle, unsigned int uiKeyIndex, ECCrefPublicKey* pucPublicKey))                        \
  F(SDF_ExportEncPublicKey_ECC,                                                                            \
    (void* hSessionHandle, unsigned int uiKeyIndex, ECCrefPublicKey* pucPublicKey))                        \
  F(SDF_InternalSign_ECC, (void* hSessionHandle, unsigned int uiISKIndex, unsigned char* pucData,          \
                           unsigned int uiDataLength, ECCSignature* pucSignature))                         \
  F(SDF_InternalDecrypt_ECC, (void* hSessionHandle, unsigned int uiISKIndex, unsigned int uiAlgID,         \
                              ECCCipher* pucEncData, unsigned char* pucData, unsigned int* puiDataLength))

#define HUTONG_SDF_TYPE(name, parameters) typedef int(*name##Function) parameters;
HUTONG_SDF_FUNCTIONS(HUTONG_SDF_TYPE)
#undef HUTONG_SDF_TYPE

#ifdef __cplusplus
static_assert(sizeof(DEVICEINFO) == 100);
static_assert(sizeof(ECCrefPublicKey) == 132);
static_assert(sizeof(ECCSignature) == 128);
static_assert(offsetof(ECCCipher, L) == 160 && offsetof(ECCCipher, C) == 164);
#endif

#endif
