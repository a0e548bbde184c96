#include "platform/svs/svs_packet.h"

#include <array>

namespace hutong::platform::svs {
namespace {

constexpr std::array<std::string_view, kTypes> kTypeNames{"exportCert",
                                                          "parseCert",
                                                          "validateCert",
                                                          "signData",
                                                          "verifySignedData",
                                                          "signDataInit",
                                                          "signDataUpdate",
                                                          "signDataFinal",
                                                          "verifySignedDataInit",
                                                          "verifySignedDataUpdate",
                                                          "verifySignedDataFinal",
                                                          "signMessage",
                                                          "verifySignedMessage"};

struct MemberFacts {
  std::string_view name;
  MemberKind kind;
};
/// In the order of the enumeration.
constexpr std::array kMembers{
    MemberFacts{"identification", MemberKind::kOctets},
    MemberFacts{"cert", MemberKind::kCertificate},
    MemberFacts{"infoType", MemberKind::kInteger},
    MemberFacts{"info", MemberKind::kOctets},
    MemberFacts{"ocsp", MemberKind::kBoolean},
    MemberFacts{"state", MemberKind::kInteger},
    MemberFacts{"signMethod", MemberKind::kInteger},
    MemberFacts{"keyIndex", MemberKind::kInteger},
    MemberFacts{"keyValue", MemberKind::kOctets},
    MemberFacts{"signerIDLen", MemberKind::kInteger},
    MemberFacts{"signerID", MemberKind::kOctets},
    MemberFacts{"signerPublicKey", MemberKind::kOctets},
    MemberFacts{"inDataLen", MemberKind::kInteger},
    MemberFacts{"inData", MemberKind::kOctets},
    MemberFacts{"type", MemberKind::kInteger},
    MemberFacts{"certSN", MemberKind::kOctets},
    MemberFacts{"signature", MemberKind::kOctets},
    MemberFacts{"verifyLevel", MemberKind::kInteger},
    MemberFacts{"SessionID", MemberKind::kOctets},
    MemberFacts{"originalText", MemberKind::kBoolean},
    MemberFacts{"certificateChain", MemberKind::kBoolean},
    MemberFacts{"crl", MemberKind::kBoolean},
    MemberFacts{"signedMessage", MemberKind::kOctets},
    MemberFacts{"respValue", MemberKind::kInteger},
};

constexpr MemberRule need(Member member) { return {.member = member}; }
constexpr MemberRule may(Member member, std::int8_t tag = -1) {
  return {.member = member, .presence = Presence::kOptional, .tag = tag};
}

constexpr std::array kExportCertReq{need(Member::kIdentification)};
constexpr std::array kParseCertReq{need(Member::kInfoType), need(Member::kCert)};
constexpr std::array kValidateCertReq{
    need(Member::kCert), MemberRule{.member = Member::kOcsp, .presence = Presence::kDefaultFalse}};
constexpr std::array kSignDataReq{need(Member::kSignMethod), need(Member::kKeyIndex),
                                  need(Member::kKeyValue),   may(Member::kSignerIdLen, 0),
                                  may(Member::kSignerId, 1), need(Member::kInDataLen),
                                  need(Member::kInData)};
constexpr std::array kVerifySignedDataReq{need(Member::kSignMethod),    need(Member::kType),
                                          may(Member::kCert, 0),        may(Member::kCertSn, 1),
                                          may(Member::kSignerIdLen, 2), may(Member::kSignerId, 3),
                                          need(Member::kInDataLen),     need(Member::kInData),
                                          need(Member::kSignature),     need(Member::kVerifyLevel)};
constexpr std::array kInitReq{need(Member::kSignMethod), may(Member::kSignerPublicKey, 0),
                              may(Member::kSignerIdLen, 1), may(Member::kSignerId, 2)};
constexpr std::array kUpdateReq{need(Member::kSessionId), need(Member::kInDataLen), need(Member::kInData)};
constexpr std::array kSignDataFinalReq{need(Member::kKeyIndex), need(Member::kKeyValue),
                                       need(Member::kSessionId)};
constexpr std::array kVerifySignedDataFinalReq{need(Member::kType),      may(Member::kCert, 0),
                                               may(Member::kCertSn, 1),  need(Member::kSessionId),
                                               need(Member::kSignature), need(Member::kVerifyLevel)};
constexpr std::array kSignMessageReq{
    need(Member::kSignMethod),    need(Member::kKeyIndex),       need(Member::kKeyValue),
    may(Member::kSignerIdLen, 0), may(Member::kSignerId, 1),     need(Member::kInDataLen),
    need(Member::kInData),        may(Member::kOriginalText, 0), may(Member::kCertificateChain, 1),
    may(Member::kCrl, 2)};
constexpr std::array kVerifySignedMessageReq{may(Member::kInDataLen), may(Member::kInData),
                                             may(Member::kSignerIdLen, 0), may(Member::kSignerId, 1),
                                             need(Member::kSignedMessage)};

constexpr std::array kPlainResp{need(Member::kRespValue)};
constexpr std::array kExportCertResp{need(Member::kRespValue), may(Member::kCert)};
constexpr std::array kParseCertResp{need(Member::kRespValue), may(Member::kInfo)};
constexpr std::array kValidateCertResp{need(Member::kRespValue), may(Member::kState)};
constexpr std::array kSignatureResp{need(Member::kRespValue), may(Member::kSignature)};
constexpr std::array kSessionResp{need(Member::kRespValue), may(Member::kSessionId)};
constexpr std::array kSignMessageResp{need(Member::kRespValue), may(Member::kSignedMessage)};

using Rules = std::span<const MemberRule>;
constexpr std::array<Rules, kTypes> kRequests{Rules(kExportCertReq),
                                              Rules(kParseCertReq),
                                              Rules(kValidateCertReq),
                                              Rules(kSignDataReq),
                                              Rules(kVerifySignedDataReq),
                                              Rules(kInitReq),
                                              Rules(kUpdateReq),
                                              Rules(kSignDataFinalReq),
                                              Rules(kInitReq),
                                              Rules(kUpdateReq),
                                              Rules(kVerifySignedDataFinalReq),
                                              Rules(kSignMessageReq),
                                              Rules(kVerifySignedMessageReq)};
constexpr std::array<Rules, kTypes> kResponses{
    Rules(kExportCertResp), Rules(kParseCertResp), Rules(kValidateCertResp), Rules(kSignatureResp),
    Rules(kPlainResp),      Rules(kSessionResp),   Rules(kSessionResp),      Rules(kSignatureResp),
    Rules(kSessionResp),    Rules(kSessionResp),   Rules(kPlainResp),        Rules(kSignMessageResp),
    Rules(kPlainResp)};

const MemberFacts& facts_of(Member member) { return kMembers.at(static_cast<std::size_t>(member)); }

constexpr char small_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string_view to_string(Type type) { return kTypeNames.at(static_cast<std::size_t>(type)); }

std::optional<Type> type_from(std::string_view name) {
  for (std::uint8_t number = 0; number < kTypes; ++number) {
    const std::string_view known = kTypeNames.at(number);
    if (!name.empty() && small_letter(name[0]) == known[0] && name.substr(1) == known.substr(1)) {
      return static_cast<Type>(number);
    }
  }
  return std::nullopt;
}

std::string_view to_string(Member member) { return facts_of(member).name; }
MemberKind kind_of(Member member) { return facts_of(member).kind; }

std::span<const MemberRule> rules_of(Type type, Direction direction) {
  const auto number = static_cast<std::size_t>(type);
  return direction == Direction::kRequest ? kRequests.at(number) : kResponses.at(number);
}

std::optional<std::uint64_t> Packet::number(Member member) const {
  const auto found = values_.find(member);
  return found == values_.end() ? std::nullopt : std::optional(std::get<std::uint64_t>(found->second));
}

bool Packet::flag(Member member) const {
  const auto found = values_.find(member);
  return found != values_.end() && std::get<bool>(found->second);
}

ByteView Packet::octets(Member member) const& {
  const auto found = values_.find(member);
  return found == values_.end() ? ByteView() : ByteView(std::get<Bytes>(found->second));
}

}  // namespace hutong::platform::svs
