#include "crypto/internal/self_test_kernels.h"
#include "crypto/internal/self_test_vectors.h"
#include "crypto/sm3.h"
#include "crypto/sm4.h"

namespace hutong::crypto::internal {
namespace {

bool hmac_works() {
  constexpr auto kKey = octets("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F");
  constexpr auto kMac = octets("A8F95CF26F204957E7CA73C9602A25DDA35F168B28103B51DFC968C810416B63");
  return hmac_sm3(kKey, as_bytes("abc")) == kMac;
}

bool hash_works() {
  return sm3(as_bytes("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd")) == kTestSm3Digest;
}

Sm4Key test_key() { return std::move(Sm4Key::from_octets(kTestSm4Key)).value(); }

bool ecb_works() {
  return equal(Sm4Ecb(test_key(), Direction::kEncrypt, Padding::kNone).update(kTestSm4Key),
               kTestSm4Ciphertext) &&
         equal(Sm4Ecb(test_key(), Direction::kDecrypt, Padding::kNone).update(kTestSm4Ciphertext),
               kTestSm4Key);
}

bool cbc_works() {
  const auto run = [](Direction direction, ByteView in) {
    return Sm4Cbc(test_key(), kTestSm4Iv, direction, Padding::kNone).update(in);
  };
  return equal(run(Direction::kEncrypt, kTestCbcPlaintext), kTestCbcCiphertext) &&
         equal(run(Direction::kDecrypt, kTestCbcCiphertext), kTestCbcPlaintext);
}

/// The same message in CTR (draft-ribose-cfrg-sm4 A.2), GCM and CCM (RFC 8998 appendix A).
constexpr auto kText = octets(
    "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
    "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA");

bool ctr_works() {
  constexpr auto kPlaintext = octets(
      "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
      "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFAAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB");
  constexpr auto kExpected = octets(
      "AC3236CB970CC20791364C395A1342D1A3CBC1878C6F30CD074CCE385CDD70C7"
      "F234BC0E24C11980FD1286310CE37B926E02FCD0FAA0BAF38B2933851D824514");
  return equal(Sm4Ctr(test_key(), kTestSm4Iv).update(kPlaintext), kExpected);
}

using Seal = Result<Bytes> (*)(ByteView key, ByteView nonce, ByteView data, ByteView text,
                               std::size_t tag_size);

/// Encrypts, decrypts, and refuses a changed tag.
bool aead_works(Seal encrypt, Seal decrypt, ByteView expected) {
  constexpr auto kNonce = octets("00001234567800000000ABCD");
  constexpr auto kData = octets("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
  const auto sealed = encrypt(kTestSm4Key, kNonce, kData, kText, kSm4BlockSize);
  if (!sealed || !equal(*sealed, expected)) {
    return false;
  }
  const auto opened = decrypt(kTestSm4Key, kNonce, kData, expected, kSm4BlockSize);
  Bytes changed = *sealed;
  changed.back() ^= 1;
  return opened && equal(*opened, kText) && !decrypt(kTestSm4Key, kNonce, kData, changed, kSm4BlockSize);
}

bool gcm_works() {
  return aead_works(sm4_gcm_encrypt, sm4_gcm_decrypt,
                    octets("17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
                           "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
                           "83DE3541E4C2B58177E065A9BF7B62EC"));
}

bool ccm_works() {
  return aead_works(sm4_ccm_encrypt, sm4_ccm_decrypt,
                    octets("48AF93501FA62ADBCD414CCE6034D895DDA1BF8F132F042098661572E7483094"
                           "FD12E518CE062C98ACEE28D95DF4416BED31A2F04476C18BB40C84A74B97DC5B"
                           "16842D4FA186F56AB33256971FA110F4"));
}

}  // namespace

SelfTestReport test_symmetric_functions() {
  const std::string_view sm3_name = sm3_kernel().name;
  const std::string_view sm4_name = sm4_kernel().name;
  return {{{"SM3 of a message", sm3_name, hash_works()},
           {"HMAC-SM3", sm3_name, hmac_works()},
           {"SM4-ECB", sm4_name, ecb_works()},
           {"SM4-CBC", sm4_name, cbc_works()},
           {"SM4-CTR", sm4_name, ctr_works()},
           {"SM4-GCM", sm4_name, gcm_works()},
           {"SM4-CCM", sm4_name, ccm_works()}}};
}

}  // namespace hutong::crypto::internal
