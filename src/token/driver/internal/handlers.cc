#include "token/driver/internal/handlers.h"

#include <string>

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

/// EncryptInit and DecryptInit take a structure by value, whose size the driver's ULONG decides.
FrameWriter cipher_init(void* symbol, Function function, Arguments& in, Session& session) {
  return session.layout.number_size == sizeof(std::uint64_t)
             ? invoke<Key, CipherParameters<std::uint64_t>>(symbol, function, in, session)
             : invoke<Key, CipherParameters<std::uint32_t>>(symbol, function, in, session);
}

/// In the order of the numbers, and each with the parameters of GM/T 0016 clause 7 in their order.
constexpr std::array<Handler, kFunctionCount> kHandlers{
    invoke<NewOctets, NewNumber>,                  // WaitForDevEvent
    nullptr,                                       // CancelWaitForDevEvent: a wait has a process of its own
    invoke<Number, NewOctets>,                     // EnumDev
    invoke<Text, NewHandle<HandleKind::kDevice>>,  // ConnectDev
    invoke<ClosedHandle<HandleKind::kDevice>>,     // DisConnectDev
    invoke<Text, NewNumber>,                       // GetDevState
    invoke<Device, Text>,                          // SetLabel
    invoke<Device, NewDeviceInfo>,                 // GetDevInfo
    invoke<Device, Number>,                        // LockDev
    invoke<Device>,                                // UnlockDev
    invoke<Device, Octets, NewOctets>,             // Transmit
    invoke<Device, Octets>,                        // ChangeDevAuthKey
    invoke<Device, Octets>,                        // DevAuth
    invoke<Application, Number, Text, Text, NewNumber>,            // ChangePIN
    invoke<Application, Number, NewNumber, NewNumber, NewNumber>,  // GetPINInfo
    invoke<Application, Number, Text, NewNumber>,                  // VerifyPIN
    invoke<Application, Text, Text, NewNumber>,                    // UnblockPIN
    invoke<Application>,                                           // ClearSecureState
    invoke<Device, Text, Text, Number, Text, Number, Number, NewHandle<HandleKind::kApplication>>,
    invoke<Device, NewOctets>,                                      // EnumApplication
    invoke<Device, Text>,                                           // DeleteApplication
    invoke<Device, Text, NewHandle<HandleKind::kApplication>>,      // OpenApplication
    invoke<ClosedHandle<HandleKind::kApplication>>,                 // CloseApplication
    invoke<Application, Text, Number, Number, Number>,              // CreateFile
    invoke<Application, Text>,                                      // DeleteFile
    invoke<Application, NewOctets>,                                 // EnumFiles
    invoke<Application, Text, NewStructure<file_attribute_shape>>,  // GetFileInfo
    invoke<Application, Text, Number, Number, NewOctets>,           // ReadFile
    invoke<Application, Text, Number, Octets>,                      // WriteFile
    invoke<Application, Text, NewHandle<HandleKind::kContainer>>,   // CreateContainer
    invoke<Application, Text>,                                      // DeleteContainer
    invoke<Application, Text, NewHandle<HandleKind::kContainer>>,   // OpenContainer
    invoke<ClosedHandle<HandleKind::kContainer>>,                   // CloseContainer
    invoke<Application, NewOctets>,                                 // EnumContainer
    invoke<Container, NewNumber>,                                   // GetContainerType
    invoke<Container, Number, Octets>,                              // ImportCertificate
    invoke<Container, Number, NewOctets>,                           // ExportCertificate
    invoke<Device, NewFixedOctets>,                                 // GenRandom
    invoke<Container, Number, NewStructure<rsa_public_key_shape>>,  // GenRSAKeyPair
    invoke<Container, Number, Octets, Octets>,                      // ImportRSAKeyPair
    invoke<Container, Octets, NewOctets>,                           // RSASignData
    invoke<Device, RsaPublicKey, Octets, Octets>,                   // RSAVerify
    invoke<Container, Number, RsaPublicKey, NewOctets, NewKey>,     // RSAExportSessionKey
    invoke<Container, Number, NewEccPublicKey>,                     // GenECCKeyPair
    invoke<Container, Structure<enveloped_key_shape>>,              // ImportECCKeyPair
    invoke<Container, Octets, NewStructure<ecc_signature_shape>>,   // ECCSignData
    invoke<Device, EccPublicKey, Octets, EccSignature>,             // ECCVerify
    invoke<Container, Number, EccPublicKey, NewCipher, NewKey>,     // ECCExportSessionKey
    invoke<Device, EccPublicKey, Octets, NewCipher>,                // ExtECCEncrypt
    invoke<Container, Number, NewEccPublicKey, Octets, NewHandle<HandleKind::kAgreement>>,
    invoke<Container, Number, EccPublicKey, EccPublicKey, NewEccPublicKey, Octets, Octets, NewKey>,
    invoke<Agreement, EccPublicKey, EccPublicKey, Octets, NewKey>,               // GenerateKeyWithECC
    invoke<Container, Number, NewPublicKey>,                                     // ExportPublicKey
    invoke<Container, Number, WrappedKey, NewKey>,                               // ImportSessionKey
    cipher_init,                                                                 // EncryptInit
    invoke<Key, Octets, NewOctets>,                                              // Encrypt
    invoke<Key, Octets, NewOctets>,                                              // EncryptUpdate
    invoke<Key, NewOctets>,                                                      // EncryptFinal
    cipher_init,                                                                 // DecryptInit
    invoke<Key, Octets, NewOctets>,                                              // Decrypt
    invoke<Key, Octets, NewOctets>,                                              // DecryptUpdate
    invoke<Key, NewOctets>,                                                      // DecryptFinal
    invoke<Device, Number, EccPublicKey, Octets, NewHandle<HandleKind::kHash>>,  // DigestInit
    invoke<Hash, Octets, NewOctets>,                                             // Digest
    invoke<Hash, Octets>,                                                        // DigestUpdate
    invoke<Hash, NewOctets>,                                                     // DigestFinal
    invoke<Key, CipherParametersAt, NewHandle<HandleKind::kMac>>,                // MacInit
    invoke<Mac, Octets, NewOctets>,                                              // Mac
    invoke<Mac, Octets>,                                                         // MacUpdate
    invoke<Mac, NewOctets>,                                                      // MacFinal
    invoke<ClosedHandle<HandleKind::kKey, HandleKind::kHash, HandleKind::kMac, HandleKind::kAgreement>>,
    invoke<Device, OctetsAt, Number, NewKey>,  // SetSymmKey
};

}  // namespace

Handler handler_of(Function function) { return kHandlers[static_cast<std::size_t>(function) - 1]; }

FrameWriter fault_result(std::uint32_t code, CallFault fault, std::string_view text) {
  FrameWriter out(FrameKind::kResult, code);
  out.number(static_cast<std::uint32_t>(fault)).text(text);
  return out;
}

}  // namespace hutong::token::host
