#include "token/conformance/bench.h"

#include <algorithm>
#include <cstring>

#include "crypto/sm4.h"
#include "token/conformance/suite.h"
#include "token/skf_text.h"
#include "token/software/blobs.h"

namespace hutong::token::conformance {
namespace {

constexpr std::size_t kFieldSize = 64;
constexpr std::size_t kLeftHalf = 32;

Error misaligned() { return {Errc::kMalformed, "token.alignment", "a number is not right-aligned"}; }

bool right_aligned(const BYTE (&field)[kFieldSize]) {
  return std::all_of(field, field + kLeftHalf, [](BYTE octet) { return octet == 0; });
}

}  // namespace

void Bench::begin_call(const char* name, bool present) {
  if (!present) {
    require(false, std::string(name) + ": the library has no such function");
  }
  std::strncpy(running_.data(), name, running_.size() - 1);
}

void Bench::end_call() { running_.front() = '\0'; }

void Bench::expect(bool holds, std::string note) {
  if (!holds) {
    notes_.push_back(std::move(note));
  }
}

void Bench::expect(std::string_view what, ULONG result, std::initializer_list<ULONG> allowed) {
  if (std::ranges::find(allowed, result) != allowed.end()) {
    return;
  }
  std::string note = std::string(what) + ": " + skf_result_label(result) + ", expected ";
  for (const ULONG* one = allowed.begin(); one != allowed.end(); ++one) {
    note += (one == allowed.begin() ? "" : " or ") + skf_result_label(*one);
  }
  notes_.push_back(std::move(note));
}

void Bench::require(bool holds, std::string note) {
  if (!holds) {
    notes_.push_back(std::move(note));
    throw EndOfCheck{};
  }
}

void Bench::require(std::string_view what, ULONG result) {
  if (result == SAR_NOTSUPPORTYETERR) {
    unsupported_ = notes_.empty();
    notes_.push_back(std::string(what) + ": " + skf_result_label(result));
    throw EndOfCheck{};
  }
  expect(what, result, {SAR_OK});
  if (result != SAR_OK) {
    throw EndOfCheck{};
  }
}

Verdict Bench::verdict() const {
  if (unsupported_) {
    return Verdict::kUnsupported;
  }
  return notes_.empty() ? Verdict::kPassed : Verdict::kFailed;
}

DEVHANDLE Bench::connect() {
  DEVHANDLE device = nullptr;
  require("SKF_ConnectDev", HUTONG_SKF_CALL(*this, SKF_ConnectDev, text(device_name.c_str()), &device));
  require(device != nullptr, "SKF_ConnectDev: success without a handle");
  return device;
}

ULONG Bench::prove_device(DEVHANDLE device, ByteView key) {
  constexpr ULONG kChallengeSize = 8;
  Bytes block(crypto::kSm4BlockSize);
  require("SKF_GenRandom", HUTONG_SKF_CALL(*this, SKF_GenRandom, device, block.data(), kChallengeSize));
  std::fill(block.begin() + kChallengeSize, block.end(), std::uint8_t{0});
  const auto sm4 = crypto::Sm4Key::from_octets(key);
  require(sm4.has_value(), "the device key must have 16 octets");
  sm4->encrypt_blocks(block, block);
  return HUTONG_SKF_CALL(*this, SKF_DevAuth, device, block.data(), length_of(block));
}

void Bench::authenticate(DEVHANDLE device) { require("SKF_DevAuth", prove_device(device, device_key())); }

HAPPLICATION Bench::new_application(DEVHANDLE device) {
  authenticate(device);
  const std::string name(kApplication);
  HUTONG_SKF_CALL(*this, SKF_DeleteApplication, device, text(name.c_str()));
  HAPPLICATION application = nullptr;
  require("SKF_CreateApplication",
          HUTONG_SKF_CALL(*this, SKF_CreateApplication, device, text(name.c_str()), text(kTrialAdminPin),
                          kTrialTries, text(kTrialUserPin), kTrialTries, SECURE_USER_ACCOUNT, &application));
  return application;
}

void Bench::log_in(HAPPLICATION application) {
  Number left;
  require("SKF_VerifyPIN",
          HUTONG_SKF_CALL(*this, SKF_VerifyPIN, application, USER_TYPE, text(kTrialUserPin), left.out()));
}

HAPPLICATION Bench::ready_application(DEVHANDLE device) {
  HAPPLICATION application = new_application(device);
  log_in(application);
  return application;
}

HCONTAINER Bench::new_container(HAPPLICATION application, const char* name) {
  HCONTAINER container = nullptr;
  require("SKF_CreateContainer",
          HUTONG_SKF_CALL(*this, SKF_CreateContainer, application, text(name), &container));
  return container;
}

crypto::Sm2PublicKey Bench::new_key(HCONTAINER container) {
  ECCPUBLICKEYBLOB blob{};
  ULONG result = HUTONG_SKF_CALL(*this, SKF_GenECCKeyPair, container, SGD_SM2_1, &blob);
  if (result == SAR_NOTSUPPORTYETERR || result == SAR_INVALIDPARAMERR) {
    result = HUTONG_SKF_CALL(*this, SKF_GenECCKeyPair, container, SGD_SM2_1_DRAFT, &blob);
  }
  require("SKF_GenECCKeyPair", result);
  const auto key = strict_public_key(blob);
  require(key.has_value(),
          "SKF_GenECCKeyPair: the public key is no point of the curve in right-aligned fields");
  return *key;
}

ULONG Bench::tries_left(HAPPLICATION application, ULONG kind) {
  Number most;
  Number left;
  BOOL factory[2] = {};
  require("SKF_GetPINInfo",
          HUTONG_SKF_CALL(*this, SKF_GetPINInfo, application, kind, most.out(), left.out(), &factory[0]));
  return left.value();
}

Result<crypto::Sm2PublicKey> strict_public_key(const ECCPUBLICKEYBLOB& blob) {
  if (!right_aligned(blob.XCoordinate) || !right_aligned(blob.YCoordinate)) {
    return misaligned();
  }
  return software::public_key_from(blob);
}

Result<crypto::Sm2Signature> strict_signature(const ECCSIGNATUREBLOB& blob) {
  if (!right_aligned(blob.r) || !right_aligned(blob.s)) {
    return misaligned();
  }
  return software::signature_from(blob);
}

Bytes cipher_blob(ByteView c1c3c2_without_prefix) {
  constexpr std::size_t kC1AndC3 = 96;
  Bytes memory(offsetof(ECCCIPHERBLOB, Cipher) + c1c3c2_without_prefix.size() - kC1AndC3);
  software::write_blob(c1c3c2_without_prefix, reinterpret_cast<ECCCIPHERBLOB*>(memory.data()));
  return memory;
}

}  // namespace hutong::token::conformance
