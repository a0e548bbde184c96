/* The structures of GM/T 0016-2012 clause 6.4. Included by token/skf.h only. */
#ifndef HUTONG_TOKEN_SKF_STRUCTURES_H
#define HUTONG_TOKEN_SKF_STRUCTURES_H

#pragma pack(push, 1)

typedef struct Struct_Version {
  BYTE major;
  BYTE minor;
} VERSION;

typedef struct Struct_DEVINFO {
  VERSION Version;
  CHAR Manufacturer[64];
  CHAR Issuer[64];
  CHAR Label[32];
  CHAR SerialNumber[32];
  VERSION HWVersion;
  VERSION FirmwareVersion;
  ULONG AlgSymCap;
  ULONG AlgAsymCap;
  ULONG AlgHashCap;
  ULONG DevAuthAlgId;
  ULONG TotalSpace;
  ULONG FreeSpace;
  ULONG MaxECCBufferSize;
  ULONG MaxBufferSize;
  BYTE Reserved[64];
} DEVINFO, *PDEVINFO;

typedef struct Struct_RSAPUBLICKEYBLOB {
  ULONG AlgID;
  ULONG BitLen;
  BYTE Modulus[MAX_RSA_MODULUS_LEN];
  BYTE PublicExponent[MAX_RSA_EXPONENT_LEN];
} RSAPUBLICKEYBLOB, *PRSAPUBLICKEYBLOB;

typedef struct Struct_RSAPRIVATEKEYBLOB {
  ULONG AlgID;
  ULONG BitLen;
  BYTE Modulus[MAX_RSA_MODULUS_LEN];
  BYTE PublicExponent[MAX_RSA_EXPONENT_LEN];
  BYTE PrivateExponent[MAX_RSA_MODULUS_LEN];
  BYTE Prime1[MAX_RSA_MODULUS_LEN / 2];
  BYTE Prime2[MAX_RSA_MODULUS_LEN / 2];
  BYTE Prime1Exponent[MAX_RSA_MODULUS_LEN / 2];
  BYTE Prime2Exponent[MAX_RSA_MODULUS_LEN / 2];
  BYTE Coefficient[MAX_RSA_MODULUS_LEN / 2];
} RSAPRIVATEKEYBLOB, *PRSAPRIVATEKEYBLOB;

typedef struct Struct_ECCPUBLICKEYBLOB {
  ULONG BitLen; /* 256 */
  BYTE XCoordinate[ECC_MAX_XCOORDINATE_BITS_LEN / 8];
  BYTE YCoordinate[ECC_MAX_YCOORDINATE_BITS_LEN / 8];
} ECCPUBLICKEYBLOB, *PECCPUBLICKEYBLOB;

typedef struct Struct_ECCPRIVATEKEYBLOB {
  ULONG BitLen;
  BYTE PrivateKey[ECC_MAX_MODULUS_BITS_LEN / 8];
} ECCPRIVATEKEYBLOB, *PECCPRIVATEKEYBLOB;

/* An SM2 ciphertext: C1 = X, Y; C3 = HASH; C2 = Cipher, which has CipherLen octets. */
typedef struct Struct_ECCCIPHERBLOB {
  BYTE XCoordinate[ECC_MAX_XCOORDINATE_BITS_LEN / 8];
  BYTE YCoordinate[ECC_MAX_YCOORDINATE_BITS_LEN / 8];
  BYTE HASH[32];
  ULONG CipherLen;
  BYTE Cipher[1];
} ECCCIPHERBLOB, *PECCCIPHERBLOB;

typedef struct Struct_ECCSIGNATUREBLOB {
  BYTE r[ECC_MAX_XCOORDINATE_BITS_LEN / 8];
  BYTE s[ECC_MAX_XCOORDINATE_BITS_LEN / 8];
} ECCSIGNATUREBLOB, *PECCSIGNATUREBLOB;

typedef struct Struct_BLOCKCIPHERPARAM {
  BYTE IV[MAX_IV_LEN];
  ULONG IVLen;
  ULONG PaddingType;
  ULONG FeedBitLen; /* CFB and OFB only */
} BLOCKCIPHERPARAM, *PBLOCKCIPHERPARAM;

/* A key pair for SKF_ImportECCKeyPair: a symmetric key under the container's signature key, the private key
 * under the symmetric key in ECB mode. Of cbEncryptedPriKey two layouts occur: 32 zero octets and the 32
 * octets of the encrypted key, or the 64 octets of the encrypted field of ECCPRIVATEKEYBLOB. */
typedef struct Struct_ENVELOPEDKEYBLOB {
  ULONG Version; /* 1 */
  ULONG ulSymmAlgID;
  ULONG ulBits;
  BYTE cbEncryptedPriKey[64];
  ECCPUBLICKEYBLOB PubKey;
  ECCCIPHERBLOB ECCCipherBlob;
} ENVELOPEDKEYBLOB, *PENVELOPEDKEYBLOB;

typedef struct Struct_FILEATTRIBUTE {
  CHAR FileName[MAX_FILE_NAME_SIZE];
  ULONG FileSize;
  ULONG ReadRights;
  ULONG WriteRights;
} FILEATTRIBUTE, *PFILEATTRIBUTE;

#pragma pack(pop)

#ifdef __cplusplus
#define HUTONG_SKF_ASSERT(condition) static_assert(condition, #condition)
#else
#define HUTONG_SKF_ASSERT(condition) _Static_assert(condition, #condition)
#endif

HUTONG_SKF_ASSERT(sizeof(BYTE) == 1 && sizeof(CHAR) == 1);
HUTONG_SKF_ASSERT(sizeof(ULONG) == 4 && sizeof(DWORD) == 4 && sizeof(BOOL) == 4);
HUTONG_SKF_ASSERT(sizeof(VERSION) == 2);
HUTONG_SKF_ASSERT(sizeof(DEVINFO) == 294);
HUTONG_SKF_ASSERT(offsetof(DEVINFO, Manufacturer) == 0x02);
HUTONG_SKF_ASSERT(offsetof(DEVINFO, Issuer) == 0x42);
HUTONG_SKF_ASSERT(offsetof(DEVINFO, Label) == 0x82);
HUTONG_SKF_ASSERT(offsetof(DEVINFO, SerialNumber) == 0xA2);
HUTONG_SKF_ASSERT(offsetof(DEVINFO, HWVersion) == 0xC2);
HUTONG_SKF_ASSERT(offsetof(DEVINFO, FirmwareVersion) == 0xC4);
HUTONG_SKF_ASSERT(offsetof(DEVINFO, AlgSymCap) == 0xC6);
HUTONG_SKF_ASSERT(offsetof(DEVINFO, AlgAsymCap) == 0xCA);
HUTONG_SKF_ASSERT(offsetof(DEVINFO, AlgHashCap) == 0xCE);
HUTONG_SKF_ASSERT(offsetof(DEVINFO, DevAuthAlgId) == 0xD2);
HUTONG_SKF_ASSERT(offsetof(DEVINFO, TotalSpace) == 0xD6);
HUTONG_SKF_ASSERT(offsetof(DEVINFO, FreeSpace) == 0xDA);
HUTONG_SKF_ASSERT(offsetof(DEVINFO, MaxECCBufferSize) == 0xDE);
HUTONG_SKF_ASSERT(offsetof(DEVINFO, MaxBufferSize) == 0xE2);
HUTONG_SKF_ASSERT(offsetof(DEVINFO, Reserved) == 0xE6);
HUTONG_SKF_ASSERT(sizeof(RSAPUBLICKEYBLOB) == 268);
HUTONG_SKF_ASSERT(sizeof(RSAPRIVATEKEYBLOB) == 1164);
HUTONG_SKF_ASSERT(sizeof(ECCPUBLICKEYBLOB) == 132);
HUTONG_SKF_ASSERT(sizeof(ECCPRIVATEKEYBLOB) == 68);
HUTONG_SKF_ASSERT(sizeof(ECCCIPHERBLOB) == 165 && offsetof(ECCCIPHERBLOB, Cipher) == 164);
HUTONG_SKF_ASSERT(sizeof(ECCSIGNATUREBLOB) == 128);
HUTONG_SKF_ASSERT(sizeof(BLOCKCIPHERPARAM) == 44);
HUTONG_SKF_ASSERT(sizeof(ENVELOPEDKEYBLOB) == 373 && offsetof(ENVELOPEDKEYBLOB, ECCCipherBlob) == 208);
HUTONG_SKF_ASSERT(sizeof(FILEATTRIBUTE) == 44);

#undef HUTONG_SKF_ASSERT

#endif
