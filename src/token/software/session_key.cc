#include "token/software/session_key.h"

#include <algorithm>

namespace hutong::token::software {
namespace {

constexpr ULONG kFamilyMask = 0xFFFFFF00;
constexpr ULONG kSm1Family = 0x100;
constexpr ULONG kSsf33Family = 0x200;
constexpr ULONG kZucFamily = 0x800;

Result<crypto::Padding> padding_from(ULONG type) {
  switch (type) {
    case PADDING_TYPE_NONE:
      return crypto::Padding::kNone;
    case PADDING_TYPE_PKCS7:
      return crypto::Padding::kPkcs7;
    default:
      return refusal(SAR_INVALIDPARAMERR);
  }
}

}  // namespace

Status check_symmetric_algorithm(ULONG algorithm) {
  if (algorithm == SGD_SM4_ECB || algorithm == SGD_SM4_CBC || algorithm == SGD_SM4_MAC) {
    return ok();
  }
  const ULONG family = algorithm & kFamilyMask;
  const bool of_others = family == kSm1Family || family == kSsf33Family || family == kZucFamily ||
                         algorithm == SGD_SM4_CFB || algorithm == SGD_SM4_OFB;
  return refusal(of_others ? SAR_NOTSUPPORTYETERR : SAR_INVALIDPARAMERR);
}

Result<CipherStream> CipherStream::create(const crypto::Sm4Key& key, ULONG algorithm,
                                          const BLOCKCIPHERPARAM& parameters, crypto::Direction direction) {
  HUTONG_TRY(const crypto::Padding padding, padding_from(parameters.PaddingType));
  if (algorithm == SGD_SM4_ECB) {
    return CipherStream(crypto::Sm4Ecb(key.clone(), direction, padding), direction, padding);
  }
  if (algorithm != SGD_SM4_CBC) {
    return refusal(SAR_KEYUSAGEERR);
  }
  if (parameters.IVLen != crypto::kSm4BlockSize) {
    return refusal(SAR_INVALIDPARAMERR);
  }
  crypto::Sm4Block iv;
  std::copy_n(parameters.IV, iv.size(), iv.begin());
  return CipherStream(crypto::Sm4Cbc(key.clone(), iv, direction, padding), direction, padding);
}

std::size_t CipherStream::update_room(std::size_t size) const {
  const std::size_t all = pending_ + size;
  const std::size_t whole = all - all % crypto::kSm4BlockSize;
  const bool holds_back = direction_ == crypto::Direction::kDecrypt && padding_ == crypto::Padding::kPkcs7;
  return holds_back && whole == all && whole != 0 ? whole - crypto::kSm4BlockSize : whole;
}

Result<std::size_t> CipherStream::whole_room(std::size_t size) const {
  const std::size_t all = pending_ + size;
  if (direction_ == crypto::Direction::kEncrypt && padding_ == crypto::Padding::kPkcs7) {
    return all - all % crypto::kSm4BlockSize + crypto::kSm4BlockSize;
  }
  if (all % crypto::kSm4BlockSize != 0) {
    return refusal(SAR_INDATALENERR);
  }
  return all;
}

Bytes CipherStream::update(ByteView chunk) {
  Bytes out = std::visit([&](auto& mode) { return mode.update(chunk); }, mode_);
  pending_ += chunk.size();
  pending_ -= out.size();
  return out;
}

Result<Bytes> CipherStream::finish() {
  pending_ = 0;
  return std::visit([](auto& mode) { return mode.finish(); }, mode_);
}

CipherStream CipherStream::clone() const {
  CipherStream copy(std::visit([](const auto& mode) { return Mode(mode.clone()); }, mode_), direction_,
                    padding_);
  copy.pending_ = pending_;
  return copy;
}

Result<HANDLE> add_session_key(ByteView octets, ULONG algorithm, HANDLE device) {
  HUTONG_CHECK(check_symmetric_algorithm(algorithm));
  HUTONG_TRY(auto key, crypto::Sm4Key::from_octets(octets));
  return handles().add(std::make_shared<SessionKey>(std::move(key), algorithm), device);
}

HANDLE device_handle_of(HCONTAINER container) { return handles().parent(handles().parent(container)); }

}  // namespace hutong::token::software
