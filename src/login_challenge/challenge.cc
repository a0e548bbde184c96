#include "login_challenge/challenge.h"

#include <algorithm>
#include <array>

#include "asn1/reader.h"
#include "asn1/writer.h"
#include "base/encoding.h"

namespace hutong::login_challenge {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::uint8_t kFirstPrintable = 0x20;
constexpr std::uint8_t kDelete = 0x7F;

bool is_presentable(std::string_view text) {
  return !text.empty() && text.size() <= kMostText && is_utf8(text) &&
         std::ranges::none_of(as_bytes(text),
                              [](std::uint8_t octet) { return octet < kFirstPrintable || octet == kDelete; });
}

Status check_values(const Challenge& challenge) {
  if (!is_presentable(challenge.origin) || !is_presentable(challenge.audience) ||
      !is_presentable(challenge.purpose)) {
    return Error{Errc::kMalformed, "challenge.value",
                 "origin, audience and purpose are lines of 1 to 200 octets of UTF-8"};
  }
  if (challenge.nonce.size() < kLeastNonce || challenge.nonce.size() > kMostNonce) {
    return Error{Errc::kMalformed, "challenge.value", "a nonce has 16 to 64 octets"};
  }
  return ok();
}

Result<std::string> read_text(asn1::Reader& reader) {
  HUTONG_TRY(const ByteView text, reader.read(asn1::Tag::kUtf8String));
  return std::string(as_text(text));
}

}  // namespace

Result<Bytes> to_der(const Challenge& challenge) {
  HUTONG_CHECK(check_values(challenge));
  asn1::Writer out;
  out.sequence([&challenge](asn1::Writer& body) {
    body.small(kVersion);
    body.text(asn1::Tag::kUtf8String, challenge.origin);
    body.text(asn1::Tag::kUtf8String, challenge.audience);
    body.octet_string(challenge.nonce);
    body.generalized_time(challenge.time);
    body.text(asn1::Tag::kUtf8String, challenge.purpose);
  });
  return std::move(out).take();
}

Result<Challenge> read_challenge(ByteView der) {
  asn1::Reader outer(der);
  HUTONG_TRY(auto body, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  HUTONG_TRY(const std::uint64_t version, body.read_small());
  if (version != kVersion) {
    return Error{Errc::kMalformed, "challenge.structure", "another version than 1"};
  }
  Challenge challenge;
  HUTONG_TRY(challenge.origin, read_text(body));
  HUTONG_TRY(challenge.audience, read_text(body));
  HUTONG_TRY(const ByteView nonce, body.read_octet_string());
  challenge.nonce = to_bytes(nonce);
  HUTONG_TRY(const ByteView time, body.read(asn1::Tag::kGeneralizedTime));
  HUTONG_TRY(challenge.time, asn1::generalized_time_from(time));
  HUTONG_TRY(challenge.purpose, read_text(body));
  HUTONG_CHECK(body.finish());
  HUTONG_CHECK(check_values(challenge));
  return challenge;
}

Result<Bytes> sign(const Challenge& challenge, const cms::MessageSigner& signer, Time signing_time) {
  HUTONG_TRY(const Bytes der, to_der(challenge));
  cms::SignOptions options;
  options.content_type = kContentType;
  options.signing_time = signing_time;
  return cms::sign_attached(der, {&signer, 1}, options);
}

void ReservedContent::update(ByteView piece) {
  static const Bytes mark = [] {
    asn1::Writer type;
    type.oid(kContentType);
    return std::move(type).take();
  }();
  if (!begun_ && !piece.empty()) {
    begun_ = true;
    is_set_ = piece[0] == static_cast<std::uint8_t>(asn1::Tag::kSet);
  }
  if (!is_set_ || found_) {
    return;
  }
  const std::size_t joint = std::min(piece.size(), mark.size() - 1);
  append(tail_, piece.first(joint));
  found_ = as_text(tail_).find(as_text(mark)) != std::string_view::npos ||
           as_text(piece).find(as_text(mark)) != std::string_view::npos;
  if (piece.size() > joint) {
    tail_ = to_bytes(piece.last(joint));
  } else if (tail_.size() >= mark.size()) {
    tail_.erase(tail_.begin(), tail_.end() - static_cast<std::ptrdiff_t>(mark.size() - 1));
  }
}

bool is_reserved(ByteView message) {
  ReservedContent watch;
  watch.update(message);
  return watch.found();
}

}  // namespace hutong::login_challenge
