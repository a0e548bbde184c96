#include <algorithm>

#include "crypto/sm3.h"
#include "crypto/sm4.h"
#include "token/conformance/bench.h"
#include "token/software/blobs.h"

/// Clause 7.6: SM4, SM3, MAC.
namespace hutong::token::conformance {
namespace {

constexpr std::size_t kBlock = crypto::kSm4BlockSize;
const Bytes& trial_key() {
  static const Bytes key(crypto::kSm4KeySize, 0x63);
  return key;
}

HANDLE set_key(Bench& bench, DEVHANDLE device, ULONG algorithm) {
  if (bench.skf.SKF_SetSymmKey == nullptr) {
    bench.require("SKF_SetSymmKey, which the norm does not demand,", SAR_NOTSUPPORTYETERR);
  }
  HANDLE key = nullptr;
  bench.require("SKF_SetSymmKey",
                HUTONG_SKF_CALL(bench, SKF_SetSymmKey, device, octets(trial_key()), algorithm, &key));
  return key;
}

BLOCKCIPHERPARAM parameters(ULONG padding) {
  BLOCKCIPHERPARAM chosen{};
  chosen.IVLen = kBlock;
  chosen.IV[kBlock - 1] = 0x0F;
  chosen.PaddingType = padding;
  return chosen;
}

Bytes reference(ByteView data, crypto::Padding padding) {
  crypto::Sm4Block iv{};
  iv.back() = 0x0F;
  crypto::Sm4Cbc cipher(crypto::Sm4Key::from_octets(trial_key()).value(), iv, crypto::Direction::kEncrypt,
                        padding);
  Bytes out = cipher.update(data);
  append(out, cipher.finish().value());
  return out;
}

void at_once(Bench& bench) {
  HANDLE key = set_key(bench, bench.connect(), SGD_SM4_CBC);
  for (const std::size_t size : {std::size_t{16}, std::size_t{45}}) {
    const bool whole = size % kBlock == 0;
    Bytes data(size, 0x31);
    const Bytes expected = reference(data, whole ? crypto::Padding::kNone : crypto::Padding::kPkcs7);
    const auto how = parameters(whole ? PADDING_TYPE_NONE : PADDING_TYPE_PKCS7);
    bench.require("SKF_EncryptInit", HUTONG_SKF_CALL(bench, SKF_EncryptInit, key, how));
    Number length;
    bench.require("SKF_Encrypt without a buffer", HUTONG_SKF_CALL(bench, SKF_Encrypt, key, data.data(),
                                                                  length_of(data), nullptr, length.out()));
    bench.expect(length.value() >= expected.size(), "SKF_Encrypt tells too small a length");
    Bytes out(128, 0xA5);
    Number small(8);
    bench.expect(
        "SKF_Encrypt with a buffer that is too small",
        HUTONG_SKF_CALL(bench, SKF_Encrypt, key, data.data(), length_of(data), out.data(), small.out()),
        {SAR_BUFFER_TOO_SMALL});
    bench.expect(out[8] == 0xA5, "SKF_Encrypt writes beyond a buffer that is too small");
    Number enough(128);
    bench.require("SKF_Encrypt", HUTONG_SKF_CALL(bench, SKF_Encrypt, key, data.data(), length_of(data),
                                                 out.data(), enough.out()));
    out.resize(enough.value());
    bench.expect(out == expected, "SKF_Encrypt: not SM4-CBC");
    bench.require("SKF_DecryptInit", HUTONG_SKF_CALL(bench, SKF_DecryptInit, key, how));
    Bytes back(128);
    Number back_length(128);
    bench.require("SKF_Decrypt", HUTONG_SKF_CALL(bench, SKF_Decrypt, key, out.data(), length_of(out),
                                                 back.data(), back_length.out()));
    back.resize(back_length.value());
    bench.expect(back == data, "SKF_Decrypt does not give the plaintext");
  }
}

void in_pieces(Bench& bench) {
  HANDLE key = set_key(bench, bench.connect(), SGD_SM4_CBC);
  Bytes data(100, 0x32);
  bench.require("SKF_EncryptInit",
                HUTONG_SKF_CALL(bench, SKF_EncryptInit, key, parameters(PADDING_TYPE_PKCS7)));
  Bytes out;
  Bytes piece(128);
  for (std::size_t at = 0; at < data.size(); at += 30) {
    const std::size_t size = std::min<std::size_t>(30, data.size() - at);
    Number length(128);
    bench.require("SKF_EncryptUpdate", HUTONG_SKF_CALL(bench, SKF_EncryptUpdate, key, data.data() + at,
                                                       static_cast<ULONG>(size), piece.data(), length.out()));
    append(out, ByteView(piece).first(length.value()));
  }
  Number length(128);
  bench.require("SKF_EncryptFinal",
                HUTONG_SKF_CALL(bench, SKF_EncryptFinal, key, piece.data(), length.out()));
  append(out, ByteView(piece).first(length.value()));
  bench.expect(out == reference(data, crypto::Padding::kPkcs7),
               "SKF_EncryptUpdate and SKF_EncryptFinal: not SM4-CBC");
}

void electronic_codebook(Bench& bench) {
  HANDLE key = set_key(bench, bench.connect(), SGD_SM4_ECB);
  BLOCKCIPHERPARAM none{};
  Bytes data(48, 0x33);
  Bytes expected = data;
  crypto::Sm4Key::from_octets(trial_key()).value().encrypt_blocks(expected, expected);
  bench.require("SKF_EncryptInit", HUTONG_SKF_CALL(bench, SKF_EncryptInit, key, none));
  Bytes out(48);
  Number length(48);
  bench.require("SKF_Encrypt",
                HUTONG_SKF_CALL(bench, SKF_Encrypt, key, data.data(), 48U, out.data(), length.out()));
  bench.expect(out == expected, "SKF_Encrypt: not SM4-ECB");
}

void mac(Bench& bench) {
  HANDLE key = set_key(bench, bench.connect(), SGD_SM4_MAC);
  BLOCKCIPHERPARAM how = parameters(PADDING_TYPE_NONE);
  Bytes data(64, 0x34);
  HANDLE handle = nullptr;
  bench.require("SKF_MacInit", HUTONG_SKF_CALL(bench, SKF_MacInit, key, &how, &handle));
  Bytes out(64);
  Number length(64);
  bench.require("SKF_Mac",
                HUTONG_SKF_CALL(bench, SKF_Mac, handle, data.data(), 64U, out.data(), length.out()));
  out.resize(length.value());
  const Bytes encrypted = reference(data, crypto::Padding::kNone);
  bench.expect(equal(out, ByteView(encrypted).last(kBlock)), "SKF_Mac: not the last block of SM4-CBC");
}

void hash(Bench& bench) {
  DEVHANDLE device = bench.connect();
  Bytes data = to_bytes(as_bytes("abc"));
  HANDLE handle = nullptr;
  bench.require("SKF_DigestInit",
                HUTONG_SKF_CALL(bench, SKF_DigestInit, device, SGD_SM3, nullptr, nullptr, 0U, &handle));
  Number length;
  bench.require("SKF_Digest without a buffer",
                HUTONG_SKF_CALL(bench, SKF_Digest, handle, data.data(), 3U, nullptr, length.out()));
  bench.expect(length.value() == crypto::kSm3DigestSize, "SKF_Digest tells a wrong length");
  Bytes out(64);
  Number enough(64);
  bench.require("SKF_Digest",
                HUTONG_SKF_CALL(bench, SKF_Digest, handle, data.data(), 3U, out.data(), enough.out()));
  out.resize(enough.value());
  bench.expect(equal(out, crypto::sm3(data)), "SKF_Digest: not SM3");
  bench.expect("SKF_CloseHandle", HUTONG_SKF_CALL(bench, SKF_CloseHandle, handle), {SAR_OK});
  bench.expect(HUTONG_SKF_CALL(bench, SKF_DigestUpdate, handle, data.data(), 3U) != SAR_OK,
               "SKF_DigestUpdate goes on with a handle that was closed");
}

void hash_with_identifier(Bench& bench) {
  DEVHANDLE device = bench.connect();
  const auto key = crypto::Sm2PrivateKey::generate();
  ECCPUBLICKEYBLOB blob = software::blob_of(key.public_key());
  BYTE id[] = {'a', 'l', 'i', 'c', 'e'};
  HANDLE handle = nullptr;
  bench.require("SKF_DigestInit",
                HUTONG_SKF_CALL(bench, SKF_DigestInit, device, SGD_SM3, &blob, &id[0], 5U, &handle));
  Bytes data(150, 0x35);
  bench.require("SKF_DigestUpdate", HUTONG_SKF_CALL(bench, SKF_DigestUpdate, handle, data.data(), 100U));
  bench.require("SKF_DigestUpdate", HUTONG_SKF_CALL(bench, SKF_DigestUpdate, handle, data.data() + 100, 50U));
  Bytes out(64);
  Number length(64);
  bench.require("SKF_DigestFinal", HUTONG_SKF_CALL(bench, SKF_DigestFinal, handle, out.data(), length.out()));
  out.resize(length.value());
  crypto::Sm3 expected;
  expected.update(key.public_key().z(id));
  expected.update(data);
  bench.expect(equal(out, expected.finish()), "SKF_DigestInit: Z is not hashed first");
}

}  // namespace

std::vector<Check> cipher_checks() {
  return {
      {"cipher.cbc", "7.6.20", {"SM4-CBC 一次加解密", "SM4-CBC at once"}, at_once},
      {"cipher.stream", "7.6.21", {"SM4-CBC 分段加密", "SM4-CBC in pieces"}, in_pieces},
      {"cipher.ecb", "7.6.20", {"SM4-ECB", "SM4-ECB"}, electronic_codebook},
      {"cipher.mac", "7.6.32", {"消息鉴别码", "message authentication codes"}, mac},
      {"hash.sm3", "7.6.28", {"SM3 与句柄关闭", "SM3, and the closing of handles"}, hash},
      {"hash.identifier", "7.6.27", {"带标识的 SM3 预处理", "SM3 after Z"}, hash_with_identifier},
  };
}

}  // namespace hutong::token::conformance
