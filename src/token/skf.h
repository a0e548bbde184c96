/* The application interface of smart tokens (智能密码钥匙密码应用接口), GM/T 0016-2012 = GB/T 35291-2017, as
 * it is met in vendors' libraries. For C and for C++. Names and layouts are the norm's; clause numbers are
 * those of GM/T 0016-2012.
 *
 * - Structures are packed to one octet and integers are little-endian: so do real tokens; the norm is silent.
 * - ULONG is 32 bit everywhere. Some libraries for 64-bit Linux were built with an eight-octet ULONG: whoever
 * calls a library of others passes zeroed eight-octet storage for every ULONG* and reads the low four.
 * - Coordinates, private keys, r and s are big-endian, right-aligned in their 64 octets.
 * - On Windows, functions are __stdcall and exported undecorated (a .def file); elsewhere DEVAPI is empty.
 * BOOL has 32 bit on both. LPSTR is NUL-terminated UTF-8 by the norm.
 *
 * HUTONG_SKF_FUNCTIONS(F) and HUTONG_SKF_EXTENSIONS(F) list every function as F(name, (parameters)), so that
 * tables of names and of pointers are made from one list. For each there is a prototype and a function type
 * NAMEFunction. */
#ifndef HUTONG_TOKEN_SKF_H
#define HUTONG_TOKEN_SKF_H

#include <stddef.h>
#include <stdint.h>

#ifdef _WIN32
#include <windows.h>
#define DEVAPI __stdcall
#define SKF_EXPORT
#else
#define DEVAPI
#define SKF_EXPORT __attribute__((visibility("default")))
typedef uint8_t BYTE;
typedef char CHAR;
typedef uint16_t USHORT;
typedef uint16_t WORD;
typedef uint32_t ULONG;
typedef uint32_t DWORD;
typedef uint32_t UINT;
typedef int32_t LONG;
typedef int32_t BOOL;
typedef CHAR* LPSTR;
typedef void* HANDLE;
#endif
typedef HANDLE DEVHANDLE;
typedef HANDLE HAPPLICATION;
typedef HANDLE HCONTAINER;

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif

#define ADMIN_TYPE 0U /* 6.2: the two kinds of PIN */
#define USER_TYPE 1U

#define MAX_RSA_MODULUS_LEN 256
#define MAX_RSA_EXPONENT_LEN 4
#define ECC_MAX_XCOORDINATE_BITS_LEN 512
#define ECC_MAX_YCOORDINATE_BITS_LEN 512
#define ECC_MAX_MODULUS_BITS_LEN 512
#define MAX_IV_LEN 32
#define MAX_FILE_NAME_SIZE 32
#define MAX_FILE_CONTAINER_NAME_SIZE 64

/* Rights of files and of their creation, 6.4.13 */
#define SECURE_NEVER_ACCOUNT 0x00000000U
#define SECURE_ADM_ACCOUNT 0x00000001U
#define SECURE_USER_ACCOUNT 0x00000010U
#define SECURE_ANYONE_ACCOUNT 0x000000FFU

/* States of SKF_GetDevState, events of SKF_WaitForDevEvent */
#define DEV_ABSENT_STATE 0U
#define DEV_PRESENT_STATE 1U
#define DEV_UNKNOWN_STATE 2U
#define DEV_INSERTED_EVENT 1U
#define DEV_REMOVED_EVENT 2U

/* Types of containers, 7.5.7 */
#define CONTAINER_TYPE_UNDEFINED 0U
#define CONTAINER_TYPE_RSA 1U
#define CONTAINER_TYPE_ECC 2U

#define PADDING_TYPE_NONE 0U /* BLOCKCIPHERPARAM.PaddingType */
#define PADDING_TYPE_PKCS7 1U

/* Algorithms, GM/T 0006-2012 */
#define SGD_SM1_ECB 0x00000101U
#define SGD_SM1_CBC 0x00000102U
#define SGD_SM1_CFB 0x00000104U
#define SGD_SM1_OFB 0x00000108U
#define SGD_SM1_MAC 0x00000110U
#define SGD_SSF33_ECB 0x00000201U
#define SGD_SSF33_CBC 0x00000202U
#define SGD_SSF33_CFB 0x00000204U
#define SGD_SSF33_OFB 0x00000208U
#define SGD_SSF33_MAC 0x00000210U
#define SGD_SM4_ECB 0x00000401U
#define SGD_SM4_CBC 0x00000402U
#define SGD_SM4_CFB 0x00000404U
#define SGD_SM4_OFB 0x00000408U
#define SGD_SM4_MAC 0x00000410U
#define SGD_ZUC_EEA3 0x00000801U
#define SGD_ZUC_EIA3 0x00000802U
#define SGD_RSA 0x00010000U
#define SGD_SM2 0x00020100U
#define SGD_SM2_1 0x00020200U /* signature */
#define SGD_SM2_2 0x00020400U /* key exchange */
#define SGD_SM2_3 0x00020800U /* encryption */
#define SGD_SM3 0x00000001U
#define SGD_SHA1 0x00000002U
#define SGD_SHA256 0x00000004U
/* The numbers of the draft of 2010, which many libraries still use; AlgAsymCap without 0x0800 tells. */
#define SGD_SM2_1_DRAFT 0x00020100U
#define SGD_SM2_2_DRAFT 0x00020200U
#define SGD_SM2_3_DRAFT 0x00020400U

/* Results, annex A; texts in token/skf_text.h */
#define SAR_OK 0x00000000U
#define SAR_FAIL 0x0A000001U
#define SAR_UNKNOWNERR 0x0A000002U
#define SAR_NOTSUPPORTYETERR 0x0A000003U
#define SAR_FILEERR 0x0A000004U
#define SAR_INVALIDHANDLEERR 0x0A000005U
#define SAR_INVALIDPARAMERR 0x0A000006U
#define SAR_READFILEERR 0x0A000007U
#define SAR_WRITEFILEERR 0x0A000008U
#define SAR_NAMELENERR 0x0A000009U
#define SAR_KEYUSAGEERR 0x0A00000AU
#define SAR_MODULUSLENERR 0x0A00000BU
#define SAR_NOTINITIALIZEERR 0x0A00000CU
#define SAR_OBJERR 0x0A00000DU
#define SAR_MEMORYERR 0x0A00000EU
#define SAR_TIMEOUTERR 0x0A00000FU
#define SAR_INDATALENERR 0x0A000010U
#define SAR_INDATAERR 0x0A000011U
#define SAR_GENRANDERR 0x0A000012U
#define SAR_HASHOBJERR 0x0A000013U
#define SAR_HASHERR 0x0A000014U
#define SAR_GENRSAKEYERR 0x0A000015U
#define SAR_RSAMODULUSLENERR 0x0A000016U
#define SAR_CSPIMPRTPUBKEYERR 0x0A000017U
#define SAR_RSAENCERR 0x0A000018U
#define SAR_RSADECERR 0x0A000019U
#define SAR_HASHNOTEQUALERR 0x0A00001AU
#define SAR_KEYNOTFOUNTERR 0x0A00001BU
#define SAR_CERTNOTFOUNTERR 0x0A00001CU
#define SAR_NOTEXPORTERR 0x0A00001DU
#define SAR_DECRYPTPADERR 0x0A00001EU
#define SAR_MACLENERR 0x0A00001FU
#define SAR_BUFFER_TOO_SMALL 0x0A000020U
#define SAR_KEYINFOTYPEERR 0x0A000021U
#define SAR_NOT_EVENTERR 0x0A000022U
#define SAR_DEVICE_REMOVED 0x0A000023U
#define SAR_PIN_INCORRECT 0x0A000024U
#define SAR_PIN_LOCKED 0x0A000025U
#define SAR_PIN_INVALID 0x0A000026U
#define SAR_PIN_LEN_RANGE 0x0A000027U
#define SAR_USER_ALREADY_LOGGED_IN 0x0A000028U
#define SAR_USER_PIN_NOT_INITIALIZED 0x0A000029U
#define SAR_USER_TYPE_INVALID 0x0A00002AU
#define SAR_APPLICATION_NAME_INVALID 0x0A00002BU
#define SAR_APPLICATION_EXISTS 0x0A00002CU
#define SAR_USER_NOT_LOGGED_IN 0x0A00002DU
#define SAR_APPLICATION_NOT_EXISTS 0x0A00002EU
#define SAR_FILE_ALREADY_EXIST 0x0A00002FU
#define SAR_NO_ROOM 0x0A000030U
#define SAR_FILE_NOT_EXIST 0x0A000031U
#define SAR_REACH_MAX_CONTAINER_COUNT 0x0A000032U
/* Of the later edition, as public headers give them */
#define SAR_AUTH_BLOCKED 0x0A000033U
#define SAR_CERTNOUSAGEERR 0x0A000034U
#define SAR_INVALIDCONTAINERERR 0x0A000035U
#define SAR_CONTAINER_NOT_EXISTS 0x0A000036U
#define SAR_CONTAINER_EXISTS 0x0A000037U
#define SAR_CERTUSAGEERR 0x0A000038U
#define SAR_KEYNOUSAGEERR 0x0A000039U
#define SAR_FILEATTRIBUTEERR 0x0A00003AU
#define SAR_DEVNOAUTH 0x0A00003BU

#include "token/skf_functions.h"
#include "token/skf_structures.h"

#endif
