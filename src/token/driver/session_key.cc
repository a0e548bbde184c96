#include "token/driver/session_key.h"

#include <algorithm>
#include <cstring>

#include "token/driver/internal/connection.h"
#include "token/skf.h"

namespace hutong::token {
namespace {

constexpr std::size_t kExtraRoom = 64;  // what a cipher kept back, and padding
constexpr std::size_t kSourcePiece = std::size_t{1} << 20;

}  // namespace

Status SessionKey::start(crypto::Direction direction, ByteView iv, crypto::Padding padding) {
  BLOCKCIPHERPARAM parameters{};
  if (iv.size() > sizeof(parameters.IV)) {
    return Error{Errc::kMalformed, "token.input", "an IV of " + std::to_string(iv.size()) + " octets"};
  }
  std::ranges::copy(iv, parameters.IV);
  parameters.IVLen = static_cast<ULONG>(iv.size());
  parameters.PaddingType = padding == crypto::Padding::kPkcs7 ? PADDING_TYPE_PKCS7 : PADDING_TYPE_NONE;
  direction_ = direction;
  pending_.clear();
  DriverCall call = handle_->prepare(direction == crypto::Direction::kEncrypt ? Function::kEncryptInit
                                                                              : Function::kDecryptInit);
  call.octets({reinterpret_cast<const std::uint8_t*>(&parameters), sizeof(parameters)});
  HUTONG_CHECK(handle_->connection->call(std::move(call)));
  return ok();
}

Result<Bytes> SessionKey::one_update(ByteView piece) const {
  DriverCall call = handle_->prepare(direction_ == crypto::Direction::kEncrypt ? Function::kEncryptUpdate
                                                                               : Function::kDecryptUpdate);
  call.octets(piece).room(piece.size() + kExtraRoom);
  HUTONG_TRY(const DriverAnswer answer, handle_->connection->call(std::move(call)));
  return to_bytes(answer.octets(1));
}

Result<Bytes> SessionKey::update(ByteView piece) {
  if (!pending_.empty()) {
    append(pending_, piece);
    piece = pending_;
  }
  const std::size_t rest = piece.size() % crypto::kSm4BlockSize;  // tokens take whole blocks
  Bytes kept = to_bytes(piece.last(rest));
  ByteView whole = piece.first(piece.size() - rest);
  const std::size_t most = handle_->connection->piece_size();
  Bytes out;
  while (!whole.empty()) {
    const ByteView now = whole.first(std::min(most, whole.size()));
    HUTONG_TRY(Bytes done, one_update(now));
    if (out.empty()) {
      out = std::move(done);
    } else {
      append(out, done);
      wipe(done);
    }
    whole = whole.subspan(now.size());
  }
  pending_ = std::move(kept);
  return out;
}

Result<Bytes> SessionKey::finish() {
  Bytes out;
  if (!pending_.empty()) {
    HUTONG_TRY(out, one_update(pending_));
    pending_.clear();
  }
  DriverCall call = handle_->prepare(direction_ == crypto::Direction::kEncrypt ? Function::kEncryptFinal
                                                                               : Function::kDecryptFinal);
  call.room(kExtraRoom);
  HUTONG_TRY(const DriverAnswer answer, handle_->connection->call(std::move(call)));
  append(out, answer.octets(1));
  return out;
}

Status SessionKey::transform(ByteSource& from, ByteSink& to) {
  Bytes piece(kSourcePiece);
  const ScopedWipe wipe_piece(piece);
  for (;;) {
    HUTONG_TRY(const std::size_t got, from.read(piece));
    HUTONG_TRY(Bytes out, got > 0 ? update(ByteView(piece).first(got)) : finish());
    const ScopedWipe wipe_out(out);
    if (!out.empty()) {
      HUTONG_CHECK(to.write(out));
    }
    if (got == 0) {
      return ok();
    }
  }
}

}  // namespace hutong::token
