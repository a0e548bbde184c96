#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "base/bytes.h"

/// The packets of a signature verification server (签名验签服务器, GB/T 38629 clause 7.5), as data: which
/// members each has, in which order, under which tag. The three forms on the wire (svs_message.h, svs_text.h)
/// read and write by these tables.
namespace hutong::platform::svs {

/// Tables 1 and 2: the number of a request and of its answer.
enum class Type : std::uint8_t {
  kExportCert,
  kParseCert,
  kValidateCert,
  kSignData,
  kVerifySignedData,
  kSignDataInit,
  kSignDataUpdate,
  kSignDataFinal,
  kVerifySignedDataInit,
  kVerifySignedDataUpdate,
  kVerifySignedDataFinal,
  kSignMessage,
  kVerifySignedMessage,
};
inline constexpr std::uint8_t kTypes = 13;
std::string_view to_string(Type type);  ///< "exportCert" …
/// By name; the first letter may be large, as in the paths of Annex A. Nothing for another name.
std::optional<Type> type_from(std::string_view name);

enum class Member : std::uint8_t {
  kIdentification,
  kCert,
  kInfoType,
  kInfo,
  kOcsp,
  kState,
  kSignMethod,
  kKeyIndex,
  kKeyValue,
  kSignerIdLen,
  kSignerId,
  kSignerPublicKey,
  kInDataLen,
  kInData,
  kType,
  kCertSn,
  kSignature,
  kVerifyLevel,
  kSessionId,
  kOriginalText,
  kCertificateChain,
  kCrl,
  kSignedMessage,
  kRespValue,
};
std::string_view to_string(Member member);  ///< as the norm spells it: "signerIDLen", "SessionID"

enum class MemberKind : std::uint8_t { kInteger, kBoolean, kOctets, kCertificate };
MemberKind kind_of(Member member);

enum class Presence : std::uint8_t { kRequired, kOptional, kDefaultFalse };
struct MemberRule {
  Member member;
  Presence presence = Presence::kRequired;
  std::int8_t tag = -1;  ///< [tag] IMPLICIT; -1: the universal tag
};
enum class Direction : std::uint8_t { kRequest, kResponse };
/// The members of a packet, in order.
std::span<const MemberRule> rules_of(Type type, Direction direction);

/// The values of one packet.
class Packet {
 public:
  void set(Member member, std::uint64_t number) { values_[member] = number; }
  void set_flag(Member member, bool flag) { values_[member] = flag; }
  void set(Member member, Bytes octets) { values_[member] = std::move(octets); }

  bool has(Member member) const { return values_.contains(member); }
  std::optional<std::uint64_t> number(Member member) const;
  bool flag(Member member) const;  ///< false when absent
  /// Of octets and certificates; empty when absent.
  ByteView octets(Member member) const&;
  ByteView octets(Member member) const&& = delete;
  friend bool operator==(const Packet&, const Packet&) = default;

 private:
  std::map<Member, std::variant<std::uint64_t, bool, Bytes>> values_;
};

}  // namespace hutong::platform::svs
