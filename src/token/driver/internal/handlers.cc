#include "token/driver/internal/handlers.h"

#include <string>
#include <type_traits>
#include <utility>

#include "token/skf.h"

namespace hutong::token::host {
namespace {

using Device = Handle<HandleKind::kDevice>;
using Application = Handle<HandleKind::kApplication>;
using Container = Handle<HandleKind::kContainer>;
using Key = Handle<HandleKind::kKey>;
using Hash = Handle<HandleKind::kHash>;
using Mac = Handle<HandleKind::kMac>;
using Agreement = Handle<HandleKind::kAgreement>;
using NewKey = NewHandle<HandleKind::kKey>;
using EccPublicKey = Structure<ecc_public_key_shape>;
using EccSignature = Structure<ecc_signature_shape>;
using NewEccPublicKey = NewStructure<ecc_public_key_shape>;
using RsaPublicKey = Structure<rsa_public_key_shape>;
using CipherParametersAt = Structure<cipher_parameters_shape>;

/// The first thing that is wrong with what the driver left behind.
template <typename... Roles>
Damage first_damage(std::uint32_t code, const std::tuple<Roles...>& roles) {
  Damage first;
  const auto look = [&](const auto& role) {
    if (first.fault == CallFault::kNone) {
      first = role.check(code);
    }
  };
  std::apply([&](const auto&... role) { (look(role), ...); }, roles);
  return first;
}

std::string describe(Function function, const Damage& damage) {
  return std::string(to_string(function)) +
         (damage.fault == CallFault::kOverrun ? " wrote outside of a buffer, by octets: "
                                              : " claims a length that does not fit: ") +
         std::to_string(damage.octets);
}

template <typename... Roles>
FrameWriter invoke(void* symbol, Function function, Arguments& in, Session& session) {
  session.parent = 0;
  std::tuple<Roles...> roles;
  CallFault fault = CallFault::kNone;
  const auto take = [&](auto& role) { fault = fault == CallFault::kNone ? role.take(in, session) : fault; };
  std::apply([&](auto&... role) { (take(role), ...); }, roles);
  if (fault == CallFault::kNone && !in.at_end()) {
    fault = CallFault::kArguments;
  }
  if (fault != CallFault::kNone) {
    return fault_result(0, fault, to_string(function));
  }
  const auto parameters =
      std::apply([](auto&... role) { return std::tuple_cat(std::tuple<>(), role.parameters()...); }, roles);
  const std::uint32_t code = std::apply(
      [symbol](auto... parameter) {
        return reinterpret_cast<std::uint32_t (*)(decltype(parameter)...)>(symbol)(parameter...);
      },
      parameters);
  if (const Damage damage = first_damage(code, roles); damage.fault != CallFault::kNone) {
    return fault_result(code, damage.fault, describe(function, damage));
  }
  FrameWriter out(FrameKind::kResult, code);
  out.number(static_cast<std::uint32_t>(CallFault::kNone)).text({});
  std::apply([&](auto&... role) { (role.give(code, session, out), ...); }, roles);
  return out;
}

/// Whether what is passed for a parameter is of the kind that the norm's prototype has there.
template <typename Passed, typename Declared>
constexpr bool same_kind() {
  return std::is_pointer_v<Declared>    ? std::is_pointer_v<Passed>
         : std::is_integral_v<Declared> ? std::is_integral_v<Passed>
                                        : std::is_class_v<Passed>;
}
template <typename Passed, typename CFunction>
struct Fits : std::false_type {};
template <typename... Passed, typename Code, typename... Declared>
requires(sizeof...(Passed) == sizeof...(Declared)) struct Fits<std::tuple<Passed...>, Code (*)(Declared...)>
    : std::bool_constant<(same_kind<Passed, Declared>() && ...)> {
};

/// The handler of a function of token/skf.h, whose parameters the roles must make up.
template <typename CFunction, typename... Roles>
constexpr Handler calls() {
  using Passed = decltype(std::tuple_cat(std::tuple<>(), std::declval<Roles&>().parameters()...));
  static_assert(Fits<Passed, CFunction>::value, "the roles are not the parameters");
  return invoke<Roles...>;
}

/// EncryptInit and DecryptInit take a structure by value, whose size the driver's ULONG decides.
template <typename CFunction>
FrameWriter cipher_init(void* symbol, Function function, Arguments& in, Session& session) {
  return session.layout.number_size == sizeof(std::uint64_t)
             ? calls<CFunction, Key, CipherParameters<std::uint64_t>>()(symbol, function, in, session)
             : calls<CFunction, Key, CipherParameters<std::uint32_t>>()(symbol, function, in, session);
}

/// In the order of the numbers, and each with the parameters of GM/T 0016 clause 7 in their order.
constexpr std::array<Handler, kFunctionCount> kHandlers{
    calls<SKF_WaitForDevEventFunction, NewOctets, NewNumber>(),
    nullptr,  // SKF_CancelWaitForDevEvent: a wait has a process of its own
    calls<SKF_EnumDevFunction, Number, NewOctets>(),
    calls<SKF_ConnectDevFunction, Text, NewHandle<HandleKind::kDevice>>(),
    calls<SKF_DisConnectDevFunction, ClosedHandle<HandleKind::kDevice>>(),
    calls<SKF_GetDevStateFunction, Text, NewNumber>(),
    calls<SKF_SetLabelFunction, Device, Text>(),
    calls<SKF_GetDevInfoFunction, Device, NewDeviceInfo>(),
    calls<SKF_LockDevFunction, Device, Number>(),
    calls<SKF_UnlockDevFunction, Device>(),
    calls<SKF_TransmitFunction, Device, Octets, NewOctets>(),
    calls<SKF_ChangeDevAuthKeyFunction, Device, Octets>(),
    calls<SKF_DevAuthFunction, Device, Octets>(),
    calls<SKF_ChangePINFunction, Application, Number, Text, Text, NewNumber>(),
    calls<SKF_GetPINInfoFunction, Application, Number, NewNumber, NewNumber, NewNumber>(),
    calls<SKF_VerifyPINFunction, Application, Number, Text, NewNumber>(),
    calls<SKF_UnblockPINFunction, Application, Text, Text, NewNumber>(),
    calls<SKF_ClearSecureStateFunction, Application>(),
    calls<SKF_CreateApplicationFunction, Device, Text, Text, Number, Text, Number, Number,
          NewHandle<HandleKind::kApplication>>(),
    calls<SKF_EnumApplicationFunction, Device, NewOctets>(),
    calls<SKF_DeleteApplicationFunction, Device, Text>(),
    calls<SKF_OpenApplicationFunction, Device, Text, NewHandle<HandleKind::kApplication>>(),
    calls<SKF_CloseApplicationFunction, ClosedHandle<HandleKind::kApplication>>(),
    calls<SKF_CreateFileFunction, Application, Text, Number, Number, Number>(),
    calls<SKF_DeleteFileFunction, Application, Text>(),
    calls<SKF_EnumFilesFunction, Application, NewOctets>(),
    calls<SKF_GetFileInfoFunction, Application, Text, NewStructure<file_attribute_shape>>(),
    calls<SKF_ReadFileFunction, Application, Text, Number, Number, NewOctets>(),
    calls<SKF_WriteFileFunction, Application, Text, Number, Octets>(),
    calls<SKF_CreateContainerFunction, Application, Text, NewHandle<HandleKind::kContainer>>(),
    calls<SKF_DeleteContainerFunction, Application, Text>(),
    calls<SKF_OpenContainerFunction, Application, Text, NewHandle<HandleKind::kContainer>>(),
    calls<SKF_CloseContainerFunction, ClosedHandle<HandleKind::kContainer>>(),
    calls<SKF_EnumContainerFunction, Application, NewOctets>(),
    calls<SKF_GetContainerTypeFunction, Container, NewNumber>(),
    calls<SKF_ImportCertificateFunction, Container, Number, Octets>(),
    calls<SKF_ExportCertificateFunction, Container, Number, NewOctets>(),
    calls<SKF_GenRandomFunction, Device, NewFixedOctets>(),
    calls<SKF_GenRSAKeyPairFunction, Container, Number, NewStructure<rsa_public_key_shape>>(),
    calls<SKF_ImportRSAKeyPairFunction, Container, Number, Octets, Octets>(),
    calls<SKF_RSASignDataFunction, Container, Octets, NewOctets>(),
    calls<SKF_RSAVerifyFunction, Device, RsaPublicKey, Octets, Octets>(),
    calls<SKF_RSAExportSessionKeyFunction, Container, Number, RsaPublicKey, NewOctets, NewKey>(),
    calls<SKF_GenECCKeyPairFunction, Container, Number, NewEccPublicKey>(),
    calls<SKF_ImportECCKeyPairFunction, Container, Structure<enveloped_key_shape>>(),
    calls<SKF_ECCSignDataFunction, Container, Octets, NewStructure<ecc_signature_shape>>(),
    calls<SKF_ECCVerifyFunction, Device, EccPublicKey, Octets, EccSignature>(),
    calls<SKF_ECCExportSessionKeyFunction, Container, Number, EccPublicKey, NewCipher, NewKey>(),
    calls<SKF_ExtECCEncryptFunction, Device, EccPublicKey, Octets, NewCipher>(),
    calls<SKF_GenerateAgreementDataWithECCFunction, Container, Number, NewEccPublicKey, Octets,
          NewHandle<HandleKind::kAgreement>>(),
    calls<SKF_GenerateAgreementDataAndKeyWithECCFunction, Container, Number, EccPublicKey, EccPublicKey,
          NewEccPublicKey, Octets, Octets, NewKey>(),
    calls<SKF_GenerateKeyWithECCFunction, Agreement, EccPublicKey, EccPublicKey, Octets, NewKey>(),
    calls<SKF_ExportPublicKeyFunction, Container, Number, NewPublicKey>(),
    calls<SKF_ImportSessionKeyFunction, Container, Number, WrappedKey, NewKey>(),
    cipher_init<SKF_EncryptInitFunction>,
    calls<SKF_EncryptFunction, Key, Octets, NewOctets>(),
    calls<SKF_EncryptUpdateFunction, Key, Octets, NewOctets>(),
    calls<SKF_EncryptFinalFunction, Key, NewOctets>(),
    cipher_init<SKF_DecryptInitFunction>,
    calls<SKF_DecryptFunction, Key, Octets, NewOctets>(),
    calls<SKF_DecryptUpdateFunction, Key, Octets, NewOctets>(),
    calls<SKF_DecryptFinalFunction, Key, NewOctets>(),
    calls<SKF_DigestInitFunction, Device, Number, EccPublicKey, Octets, NewHandle<HandleKind::kHash>>(),
    calls<SKF_DigestFunction, Hash, Octets, NewOctets>(),
    calls<SKF_DigestUpdateFunction, Hash, Octets>(),
    calls<SKF_DigestFinalFunction, Hash, NewOctets>(),
    calls<SKF_MacInitFunction, Key, CipherParametersAt, NewHandle<HandleKind::kMac>>(),
    calls<SKF_MacFunction, Mac, Octets, NewOctets>(),
    calls<SKF_MacUpdateFunction, Mac, Octets>(),
    calls<SKF_MacFinalFunction, Mac, NewOctets>(),
    calls<SKF_CloseHandleFunction,
          ClosedHandle<HandleKind::kKey, HandleKind::kHash, HandleKind::kMac, HandleKind::kAgreement>>(),
    calls<SKF_SetSymmKeyFunction, Device, OctetsAt, Number, NewKey>(),
};

}  // namespace

Handler handler_of(Function function) { return kHandlers[static_cast<std::size_t>(function) - 1]; }

FrameWriter fault_result(std::uint32_t code, CallFault fault, std::string_view text) {
  FrameWriter out(FrameKind::kResult, code);
  out.number(static_cast<std::uint32_t>(fault)).text(text);
  return out;
}

}  // namespace hutong::token::host
