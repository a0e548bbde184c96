#include <algorithm>

#include "token/software/boundary.h"
#include "token/software/session_key.h"

/// Clauses 7.6.19 to 7.6.26: encrypting and decrypting with session keys.
namespace hutong::token::software {
namespace {

using Stream = std::optional<CipherStream>;

/// The key of a handle, held for the time of a call.
struct KeyInUse {
  std::shared_ptr<SessionKey> key;
  std::unique_lock<std::mutex> lock;
  Stream& stream(crypto::Direction direction) const {
    return direction == crypto::Direction::kEncrypt ? key->encryption : key->decryption;
  }
};

Result<KeyInUse> use_key(HANDLE handle) {
  HUTONG_TRY(auto key, handles().find<SessionKey>(handle));
  std::unique_lock lock(key->mutex);
  return KeyInUse{std::move(key), std::move(lock)};
}

Status begin(HANDLE handle, const BLOCKCIPHERPARAM& parameters, crypto::Direction direction) {
  HUTONG_TRY(const auto in_use, use_key(handle));
  HUTONG_TRY(auto stream,
             CipherStream::create(in_use.key->key, in_use.key->algorithm, parameters, direction));
  in_use.stream(direction) = std::move(stream);
  return ok();
}

/// All at once. Works on a copy, so that a call that only asks for the size, or whose buffer is too small,
/// leaves the stream as it was.
Status run_whole(HANDLE handle, crypto::Direction direction, ByteView in, BYTE* out, ULONG* out_size) {
  HUTONG_CHECK(need(out_size));
  HUTONG_TRY(const auto in_use, use_key(handle));
  Stream& stream = in_use.stream(direction);
  if (!stream) {
    return refusal(SAR_NOTINITIALIZEERR);
  }
  HUTONG_TRY(const std::size_t room, stream->whole_room(in.size()));
  if (out == nullptr) {
    *out_size = static_cast<ULONG>(room);
    return ok();
  }
  CipherStream attempt = stream->clone();
  Bytes result = attempt.update(in);
  HUTONG_TRY(Bytes rest, attempt.finish());
  append(result, rest);
  const ScopedWipe wipe_rest(rest);
  const ScopedWipe wipe_result(result);
  HUTONG_CHECK(hand_over(result, out, out_size));
  stream.reset();
  return ok();
}

Status run_update(HANDLE handle, crypto::Direction direction, ByteView in, BYTE* out, ULONG* out_size) {
  HUTONG_TRY(const auto in_use, use_key(handle));
  Stream& stream = in_use.stream(direction);
  if (!stream) {
    return refusal(SAR_NOTINITIALIZEERR);
  }
  HUTONG_TRY(const Room room, make_room(stream->update_room(in.size()), out, out_size));
  if (room == Room::kEnough) {
    Bytes result = stream->update(in);
    const ScopedWipe wipe_result(result);
    std::copy_n(result.data(), result.size(), out);  // one memmove, which ranges::copy of g++ 12 is not
  }
  return ok();
}

Status run_final(HANDLE handle, crypto::Direction direction, BYTE* out, ULONG* out_size) {
  HUTONG_CHECK(need(out_size));
  HUTONG_TRY(const auto in_use, use_key(handle));
  Stream& stream = in_use.stream(direction);
  if (!stream) {
    return refusal(SAR_NOTINITIALIZEERR);
  }
  CipherStream attempt = stream->clone();
  HUTONG_TRY(Bytes rest, attempt.finish());
  const ScopedWipe wipe_rest(rest);
  HUTONG_TRY(const Room room, make_room(rest.size(), out, out_size));
  if (room == Room::kEnough) {
    std::ranges::copy(rest, out);
    stream.reset();
  }
  return ok();
}

Status run(Status (*step)(HANDLE, crypto::Direction, ByteView, BYTE*, ULONG*), HANDLE handle,
           crypto::Direction direction, const BYTE* in, ULONG in_size, BYTE* out, ULONG* out_size) {
  HUTONG_TRY(const ByteView octets, given(in, in_size));
  return step(handle, direction, octets, out, out_size);
}

}  // namespace
}  // namespace hutong::token::software

using namespace hutong;
using namespace hutong::token::software;
using crypto::Direction;

ULONG DEVAPI SKF_EncryptInit(HANDLE hKey, BLOCKCIPHERPARAM EncryptParam) {
  return guarded([&] { return begin(hKey, EncryptParam, Direction::kEncrypt); });
}

ULONG DEVAPI SKF_Encrypt(HANDLE hKey, BYTE* pbData, ULONG ulDataLen, BYTE* pbEncryptedData,
                         ULONG* pulEncryptedLen) {
  return guarded([&] {
    return run(run_whole, hKey, Direction::kEncrypt, pbData, ulDataLen, pbEncryptedData, pulEncryptedLen);
  });
}

ULONG DEVAPI SKF_EncryptUpdate(HANDLE hKey, BYTE* pbData, ULONG ulDataLen, BYTE* pbEncryptedData,
                               ULONG* pulEncryptedLen) {
  return guarded([&] {
    return run(run_update, hKey, Direction::kEncrypt, pbData, ulDataLen, pbEncryptedData, pulEncryptedLen);
  });
}

ULONG DEVAPI SKF_EncryptFinal(HANDLE hKey, BYTE* pbEncryptedData, ULONG* pulEncryptedDataLen) {
  return guarded([&] { return run_final(hKey, Direction::kEncrypt, pbEncryptedData, pulEncryptedDataLen); });
}

ULONG DEVAPI SKF_DecryptInit(HANDLE hKey, BLOCKCIPHERPARAM DecryptParam) {
  return guarded([&] { return begin(hKey, DecryptParam, Direction::kDecrypt); });
}

ULONG DEVAPI SKF_Decrypt(HANDLE hKey, BYTE* pbEncryptedData, ULONG ulEncryptedLen, BYTE* pbData,
                         ULONG* pulDataLen) {
  return guarded([&] {
    return run(run_whole, hKey, Direction::kDecrypt, pbEncryptedData, ulEncryptedLen, pbData, pulDataLen);
  });
}

ULONG DEVAPI SKF_DecryptUpdate(HANDLE hKey, BYTE* pbEncryptedData, ULONG ulEncryptedLen, BYTE* pbData,
                               ULONG* pulDataLen) {
  return guarded([&] {
    return run(run_update, hKey, Direction::kDecrypt, pbEncryptedData, ulEncryptedLen, pbData, pulDataLen);
  });
}

ULONG DEVAPI SKF_DecryptFinal(HANDLE hKey, BYTE* pbDecryptedData, ULONG* pulDecryptedDataLen) {
  return guarded([&] { return run_final(hKey, Direction::kDecrypt, pbDecryptedData, pulDecryptedDataLen); });
}
