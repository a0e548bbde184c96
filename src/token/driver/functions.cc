#include "token/driver/functions.h"

#include <array>

namespace hutong::token {
namespace {

constexpr Presence kMust = Presence::kRequired;
constexpr Presence kMay = Presence::kOptional;

/// In the order of the numbers.
constexpr std::array<FunctionName, kFunctionCount> kNames{{
    {"SKF_WaitForDevEvent", {}, kMay},
    {"SKF_CancelWaitForDevEvent", {}, kMay},
    {"SKF_EnumDev", {}, kMust},
    {"SKF_ConnectDev", {}, kMust},
    {"SKF_DisConnectDev", "SKF_DisconnectDev", kMust},
    {"SKF_GetDevState", {}, kMay},
    {"SKF_SetLabel", {}, kMay},
    {"SKF_GetDevInfo", {}, kMust},
    {"SKF_LockDev", {}, kMay},
    {"SKF_UnlockDev", {}, kMay},
    {"SKF_Transmit", {}, kMay},
    {"SKF_ChangeDevAuthKey", {}, kMay},
    {"SKF_DevAuth", {}, kMay},
    {"SKF_ChangePIN", {}, kMay},
    {"SKF_GetPINInfo", {}, kMay},
    {"SKF_VerifyPIN", {}, kMust},
    {"SKF_UnblockPIN", {}, kMay},
    {"SKF_ClearSecureState", "SKF_ClearSecueState", kMay},
    {"SKF_CreateApplication", {}, kMay},
    {"SKF_EnumApplication", {}, kMust},
    {"SKF_DeleteApplication", {}, kMay},
    {"SKF_OpenApplication", {}, kMust},
    {"SKF_CloseApplication", {}, kMust},
    {"SKF_CreateFile", {}, kMay},
    {"SKF_DeleteFile", {}, kMay},
    {"SKF_EnumFiles", {}, kMay},
    {"SKF_GetFileInfo", {}, kMay},
    {"SKF_ReadFile", {}, kMay},
    {"SKF_WriteFile", {}, kMay},
    {"SKF_CreateContainer", {}, kMay},
    {"SKF_DeleteContainer", {}, kMay},
    {"SKF_OpenContainer", {}, kMust},
    {"SKF_CloseContainer", {}, kMust},
    {"SKF_EnumContainer", {}, kMust},
    {"SKF_GetContainerType", {}, kMay},
    {"SKF_ImportCertificate", {}, kMay},
    {"SKF_ExportCertificate", {}, kMust},
    {"SKF_GenRandom", {}, kMay},
    {"SKF_GenRSAKeyPair", {}, kMay},
    {"SKF_ImportRSAKeyPair", {}, kMay},
    {"SKF_RSASignData", {}, kMay},
    {"SKF_RSAVerify", {}, kMay},
    {"SKF_RSAExportSessionKey", {}, kMay},
    {"SKF_GenECCKeyPair", {}, kMay},
    {"SKF_ImportECCKeyPair", {}, kMay},
    {"SKF_ECCSignData", {}, kMay},
    {"SKF_ECCVerify", {}, kMay},
    {"SKF_ECCExportSessionKey", {}, kMay},
    {"SKF_ExtECCEncrypt", {}, kMay},
    {"SKF_GenerateAgreementDataWithECC", {}, kMay},
    {"SKF_GenerateAgreementDataAndKeyWithECC", {}, kMay},
    {"SKF_GenerateKeyWithECC", {}, kMay},
    {"SKF_ExportPublicKey", {}, kMay},
    {"SKF_ImportSessionKey", {}, kMay},
    {"SKF_EncryptInit", {}, kMay},
    {"SKF_Encrypt", {}, kMay},
    {"SKF_EncryptUpdate", {}, kMay},
    {"SKF_EncryptFinal", {}, kMay},
    {"SKF_DecryptInit", {}, kMay},
    {"SKF_Decrypt", {}, kMay},
    {"SKF_DecryptUpdate", {}, kMay},
    {"SKF_DecryptFinal", {}, kMay},
    {"SKF_DigestInit", {}, kMay},
    {"SKF_Digest", {}, kMay},
    {"SKF_DigestUpdate", {}, kMay},
    {"SKF_DigestFinal", {}, kMay},
    {"SKF_MacInit", {}, kMay},
    {"SKF_Mac", {}, kMay},
    {"SKF_MacUpdate", {}, kMay},
    {"SKF_MacFinal", {}, kMay},
    {"SKF_CloseHandle", {}, kMay},
    {"SKF_SetSymmKey", {}, kMay},
}};
static_assert(kNames.back().exported == "SKF_SetSymmKey", "every number has its name");

}  // namespace

const FunctionName* find_function(std::uint32_t number) {
  return number >= 1 && number <= kFunctionCount ? &kNames[number - 1] : nullptr;
}

std::string_view to_string(Function function) {
  const FunctionName* name = find_function(static_cast<std::uint32_t>(function));
  return name != nullptr ? name->exported : "SKF_?";
}

}  // namespace hutong::token
