#pragma once

#include <cstdint>
#include <string_view>

namespace hutong::token {

/// The functions of GM/T 0016 by number, as they are named in a call to a driver's process
/// (docs/tokens-driver-protocol.md). The numbers are part of the protocol: append only.
enum class Function : std::uint16_t {
  kWaitForDevEvent = 1,
  kCancelWaitForDevEvent,
  kEnumDev,
  kConnectDev,
  kDisConnectDev,
  kGetDevState,
  kSetLabel,
  kGetDevInfo,
  kLockDev,
  kUnlockDev,
  kTransmit,
  kChangeDevAuthKey,
  kDevAuth,
  kChangePin,
  kGetPinInfo,
  kVerifyPin,
  kUnblockPin,
  kClearSecureState,
  kCreateApplication,
  kEnumApplication,
  kDeleteApplication,
  kOpenApplication,
  kCloseApplication,
  kCreateFile,
  kDeleteFile,
  kEnumFiles,
  kGetFileInfo,
  kReadFile,
  kWriteFile,
  kCreateContainer,
  kDeleteContainer,
  kOpenContainer,
  kCloseContainer,
  kEnumContainer,
  kGetContainerType,
  kImportCertificate,
  kExportCertificate,
  kGenRandom,
  kGenRsaKeyPair,
  kImportRsaKeyPair,
  kRsaSignData,
  kRsaVerify,
  kRsaExportSessionKey,
  kGenEccKeyPair,
  kImportEccKeyPair,
  kEccSignData,
  kEccVerify,
  kEccExportSessionKey,
  kExtEccEncrypt,
  kGenerateAgreementDataWithEcc,
  kGenerateAgreementDataAndKeyWithEcc,
  kGenerateKeyWithEcc,
  kExportPublicKey,
  kImportSessionKey,
  kEncryptInit,
  kEncrypt,
  kEncryptUpdate,
  kEncryptFinal,
  kDecryptInit,
  kDecrypt,
  kDecryptUpdate,
  kDecryptFinal,
  kDigestInit,
  kDigest,
  kDigestUpdate,
  kDigestFinal,
  kMacInit,
  kMac,
  kMacUpdate,
  kMacFinal,
  kCloseHandle,
  kSetSymmKey,
};
inline constexpr std::uint16_t kFunctionCount = static_cast<std::uint16_t>(Function::kSetSymmKey);

/// What a driver must export to be of any use; everything else is resolved when it is first called.
enum class Presence : std::uint8_t { kRequired, kOptional };

/// How a function is called in a library.
struct FunctionName {
  std::string_view exported;   ///< "SKF_EnumDev"
  std::string_view otherwise;  ///< the spelling of the norm's tables, when it differs; else empty
  Presence presence;
};
/// Null for a number that is none of ours.
const FunctionName* find_function(std::uint32_t number);
/// "SKF_EnumDev".
std::string_view to_string(Function function);

}  // namespace hutong::token
