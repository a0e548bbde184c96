#include <cstring>

#include "crypto/sm4.h"
#include "token/conformance/bench.h"
#include "token/software/blobs.h"

/// Clause 7.6: key pairs, signatures, envelopes, session keys.
namespace hutong::token::conformance {
namespace {

/// A container with a signature key, logged in.
struct KeyTrial {
  DEVHANDLE device;
  HCONTAINER container;
  crypto::Sm2PublicKey key;
};

KeyTrial begin_key_trial(Bench& bench) {
  DEVHANDLE device = bench.connect();
  HCONTAINER container = bench.new_container(bench.ready_application(device));
  return {device, container, bench.new_key(container)};
}

ECCSIGNATUREBLOB sign(Bench& bench, HCONTAINER container, crypto::Sm3Digest digest) {
  ECCSIGNATUREBLOB signature[2] = {};
  bench.require("SKF_ECCSignData", HUTONG_SKF_CALL(bench, SKF_ECCSignData, container, digest.data(),
                                                   static_cast<ULONG>(digest.size()), &signature[0]));
  return signature[0];
}

void signatures(Bench& bench) {
  const KeyTrial trial = begin_key_trial(bench);
  const crypto::Sm3Digest digest = crypto::sm3(as_bytes("trial"));
  const ECCSIGNATUREBLOB first = sign(bench, trial.container, digest);
  const auto read = strict_signature(first);
  bench.require(read.has_value(),
                "SKF_ECCSignData: r or s is not right-aligned in its 64 octets, or out of range");
  bench.expect(trial.key.verify_digest(digest, *read), "SKF_ECCSignData: the signature does not verify");
  const ECCSIGNATUREBLOB second = sign(bench, trial.container, digest);
  bench.expect(std::memcmp(first.r, second.r, sizeof first.r) != 0, "SKF_ECCSignData uses a nonce twice");
  ECCSIGNATUREBLOB unused{};
  crypto::Sm3Digest data = digest;
  bench.expect(HUTONG_SKF_CALL(bench, SKF_ECCSignData, trial.container, data.data(), 31U, &unused) != SAR_OK,
               "SKF_ECCSignData signs 31 octets");
}

void verification(Bench& bench) {
  DEVHANDLE device = bench.connect();
  const auto key = crypto::Sm2PrivateKey::generate();
  ECCPUBLICKEYBLOB key_blob = software::blob_of(key.public_key());
  crypto::Sm3Digest digest = crypto::sm3(as_bytes("trial"));
  ECCSIGNATUREBLOB signature = software::blob_of(key.sign_digest(digest));
  const auto verify = [&] {
    return HUTONG_SKF_CALL(bench, SKF_ECCVerify, device, &key_blob, digest.data(),
                           static_cast<ULONG>(digest.size()), &signature);
  };
  bench.require("SKF_ECCVerify", verify());
  digest[0] ^= 1;
  bench.expect(verify() != SAR_OK, "SKF_ECCVerify takes a signature of another digest");
  digest[0] ^= 1;
  signature.s[sizeof signature.s - 1] ^= 1;
  bench.expect(verify() != SAR_OK, "SKF_ECCVerify takes a signature that was altered");
}

void public_keys(Bench& bench) {
  const KeyTrial trial = begin_key_trial(bench);
  Number length;
  bench.require("SKF_ExportPublicKey without a buffer",
                HUTONG_SKF_CALL(bench, SKF_ExportPublicKey, trial.container, TRUE, nullptr, length.out()));
  bench.expect(length.value() == sizeof(ECCPUBLICKEYBLOB),
               "SKF_ExportPublicKey tells " + std::to_string(length.value()) + " octets, expected 132");
  BYTE memory[1024] = {};
  Number small(100);
  bench.expect("SKF_ExportPublicKey with a buffer that is too small",
               HUTONG_SKF_CALL(bench, SKF_ExportPublicKey, trial.container, TRUE, &memory[0], small.out()),
               {SAR_BUFFER_TOO_SMALL});
  Number enough(sizeof(ECCPUBLICKEYBLOB));
  bench.require("SKF_ExportPublicKey",
                HUTONG_SKF_CALL(bench, SKF_ExportPublicKey, trial.container, TRUE, &memory[0], enough.out()));
  ECCPUBLICKEYBLOB blob;
  std::memcpy(&blob, memory, sizeof blob);
  const auto key = strict_public_key(blob);
  bench.expect(key && *key == trial.key, "SKF_ExportPublicKey gives another key than SKF_GenECCKeyPair");
  bench.expect(
      HUTONG_SKF_CALL(bench, SKF_ExportPublicKey, trial.container, FALSE, &memory[0], enough.out()) != SAR_OK,
      "SKF_ExportPublicKey gives an encryption key that was never imported");
}

enum class FieldForm { kRightHalfAlone, kWholeField };

Bytes envelope(const crypto::Sm2PrivateKey& key, const crypto::Sm2PublicKey& holder, FieldForm form) {
  const Bytes symmetric(crypto::kSm4KeySize, 0x4E);
  const auto sm4 = crypto::Sm4Key::from_octets(symmetric).value();
  ENVELOPEDKEYBLOB head{};
  head.Version = 1;
  head.ulSymmAlgID = SGD_SM4_ECB;
  head.ulBits = 256;
  head.PubKey = software::blob_of(key.public_key());
  Bytes field(sizeof head.cbEncryptedPriKey);
  const std::size_t half = field.size() / 2;
  std::memcpy(field.data() + half, key.expose().expose().data(), half);
  const auto encrypted = form == FieldForm::kWholeField ? std::span(field) : std::span(field).subspan(half);
  sm4.encrypt_blocks(encrypted, encrypted);
  std::memcpy(head.cbEncryptedPriKey, field.data(), field.size());
  const Bytes wrapped =
      cipher_blob(*crypto::sm2_encrypt(holder, symmetric, crypto::Sm2CipherLayout::kC1C3C2NoPrefix));
  Bytes memory(offsetof(ENVELOPEDKEYBLOB, ECCCipherBlob));
  std::memcpy(memory.data(), &head, memory.size());
  append(memory, wrapped);
  return memory;
}

ULONG import_pair(Bench& bench, HCONTAINER container, Bytes blob) {
  return HUTONG_SKF_CALL(bench, SKF_ImportECCKeyPair, container,
                         reinterpret_cast<ENVELOPEDKEYBLOB*>(blob.data()));
}

/// An encryption key pair in the container, in the layout that the library takes.
crypto::Sm2PrivateKey import_new_pair(Bench& bench, const KeyTrial& trial) {
  auto key = crypto::Sm2PrivateKey::generate();
  ULONG result = import_pair(bench, trial.container, envelope(key, trial.key, FieldForm::kRightHalfAlone));
  if (result != SAR_OK) {
    result = import_pair(bench, trial.container, envelope(key, trial.key, FieldForm::kWholeField));
  }
  bench.require("SKF_ImportECCKeyPair in either layout", result);
  return key;
}

void envelopes(Bench& bench) {
  const KeyTrial trial = begin_key_trial(bench);
  const auto key = crypto::Sm2PrivateKey::generate();
  const Bytes good = envelope(key, trial.key, FieldForm::kRightHalfAlone);
  bench.require("SKF_ImportECCKeyPair with 32 zero octets and the encrypted key (table 12)",
                import_pair(bench, trial.container, good));
  ECCPUBLICKEYBLOB blob[2] = {};
  Number length(sizeof(ECCPUBLICKEYBLOB));
  bench.require("SKF_ExportPublicKey", HUTONG_SKF_CALL(bench, SKF_ExportPublicKey, trial.container, FALSE,
                                                       reinterpret_cast<BYTE*>(&blob[0]), length.out()));
  const auto read = strict_public_key(blob[0]);
  bench.expect(read && *read == key.public_key(),
               "SKF_ExportPublicKey does not give the imported encryption key");
}

void altered_envelopes(Bench& bench) {
  const KeyTrial trial = begin_key_trial(bench);
  const auto key = crypto::Sm2PrivateKey::generate();
  const auto altered = [&](std::size_t at) {
    Bytes blob = envelope(key, trial.key, FieldForm::kRightHalfAlone);
    blob[at] = static_cast<std::uint8_t>(blob[at] ^ 1);
    return import_pair(bench, trial.container, std::move(blob));
  };
  constexpr std::size_t kInPrivateKey = 12 + 40;
  constexpr std::size_t kInHash = offsetof(ENVELOPEDKEYBLOB, ECCCipherBlob) + offsetof(ECCCIPHERBLOB, HASH);
  bench.expect(altered(kInPrivateKey) != SAR_OK,
               "SKF_ImportECCKeyPair takes a private key that is not the public key's");
  bench.expect(altered(kInHash) != SAR_OK,
               "SKF_ImportECCKeyPair does not look at the hash of the ciphertext");
}

BLOCKCIPHERPARAM cbc_with_padding() {
  BLOCKCIPHERPARAM parameters{};
  parameters.IVLen = crypto::kSm4BlockSize;
  parameters.IV[0] = 0x77;
  parameters.PaddingType = PADDING_TYPE_PKCS7;
  return parameters;
}

Bytes sm4_cbc(ByteView key, ByteView data) {
  crypto::Sm4Cbc cipher(crypto::Sm4Key::from_octets(key).value(), crypto::Sm4Block{0x77},
                        crypto::Direction::kEncrypt, crypto::Padding::kPkcs7);
  Bytes out = cipher.update(data);
  append(out, cipher.finish().value());
  return out;
}

void session_key_import(Bench& bench) {
  const KeyTrial trial = begin_key_trial(bench);
  const auto pair = import_new_pair(bench, trial);
  const Bytes symmetric(crypto::kSm4KeySize, 0x19);
  Bytes wrapped = cipher_blob(
      *crypto::sm2_encrypt(pair.public_key(), symmetric, crypto::Sm2CipherLayout::kC1C3C2NoPrefix));
  HANDLE key = nullptr;
  bench.require("SKF_ImportSessionKey",
                HUTONG_SKF_CALL(bench, SKF_ImportSessionKey, trial.container, SGD_SM4_CBC, wrapped.data(),
                                length_of(wrapped), &key));
  const Bytes data(100, 0x2F);
  Bytes encrypted = sm4_cbc(symmetric, data);
  bench.require("SKF_DecryptInit", HUTONG_SKF_CALL(bench, SKF_DecryptInit, key, cbc_with_padding()));
  Bytes out(256);
  Number length(256);
  bench.require("SKF_Decrypt", HUTONG_SKF_CALL(bench, SKF_Decrypt, key, encrypted.data(),
                                               length_of(encrypted), out.data(), length.out()));
  out.resize(length.value());
  bench.expect(out == data, "SKF_Decrypt does not give the plaintext of the envelope");
  wrapped[offsetof(ECCCIPHERBLOB, HASH)] ^= 1;
  bench.expect(HUTONG_SKF_CALL(bench, SKF_ImportSessionKey, trial.container, SGD_SM4_CBC, wrapped.data(),
                               length_of(wrapped), &key) != SAR_OK,
               "SKF_ImportSessionKey does not look at the hash of the ciphertext");
}

void session_key_export(Bench& bench) {
  const KeyTrial trial = begin_key_trial(bench);
  const auto peer = crypto::Sm2PrivateKey::generate();
  ECCPUBLICKEYBLOB peer_blob = software::blob_of(peer.public_key());
  Bytes memory(1024);
  auto* blob = reinterpret_cast<ECCCIPHERBLOB*>(memory.data());
  HANDLE key = nullptr;
  bench.require("SKF_ECCExportSessionKey", HUTONG_SKF_CALL(bench, SKF_ECCExportSessionKey, trial.container,
                                                           SGD_SM4_CBC, &peer_blob, blob, &key));
  const auto wrapped = software::ciphertext_from(*blob, crypto::kSm4KeySize);
  bench.require(wrapped.has_value(), "SKF_ECCExportSessionKey: the blob has no 16 octets of ciphertext");
  const auto symmetric = crypto::sm2_decrypt(peer, *wrapped, crypto::Sm2CipherLayout::kC1C3C2NoPrefix);
  bench.require(symmetric.has_value(), "SKF_ECCExportSessionKey: the blob does not decrypt");
  Bytes data(100, 0x2F);
  bench.require("SKF_EncryptInit", HUTONG_SKF_CALL(bench, SKF_EncryptInit, key, cbc_with_padding()));
  Bytes out(256);
  Number length(256);
  bench.require("SKF_Encrypt", HUTONG_SKF_CALL(bench, SKF_Encrypt, key, data.data(), length_of(data),
                                               out.data(), length.out()));
  out.resize(length.value());
  bench.expect(out == sm4_cbc(symmetric->expose(), data),
               "SKF_Encrypt uses another key than the one it exported");
}

void encryption(Bench& bench) {
  DEVHANDLE device = bench.connect();
  const auto peer = crypto::Sm2PrivateKey::generate();
  ECCPUBLICKEYBLOB peer_blob = software::blob_of(peer.public_key());
  Bytes memory(1024);
  Bytes data(77, 0x51);
  auto* blob = reinterpret_cast<ECCCIPHERBLOB*>(memory.data());
  bench.require("SKF_ExtECCEncrypt", HUTONG_SKF_CALL(bench, SKF_ExtECCEncrypt, device, &peer_blob,
                                                     data.data(), length_of(data), blob));
  const auto ciphertext = software::ciphertext_from(*blob, data.size());
  bench.require(ciphertext.has_value(), "SKF_ExtECCEncrypt: the blob has a wrong length");
  const auto plain = crypto::sm2_decrypt(peer, *ciphertext, crypto::Sm2CipherLayout::kC1C3C2NoPrefix);
  bench.expect(plain && equal(plain->expose(), data), "SKF_ExtECCEncrypt: the ciphertext does not decrypt");
}

void agreement(Bench& bench) {
  const KeyTrial trial = begin_key_trial(bench);
  const auto own = import_new_pair(bench, trial);
  const auto peer = crypto::Sm2PrivateKey::generate();
  const auto peer_temporary = crypto::Sm2PrivateKey::generate();
  ECCPUBLICKEYBLOB own_temporary[2] = {};
  BYTE id[] = {'m', 'e'};
  HANDLE handle = nullptr;
  bench.require("SKF_GenerateAgreementDataWithECC",
                HUTONG_SKF_CALL(bench, SKF_GenerateAgreementDataWithECC, trial.container, SGD_SM4_ECB,
                                &own_temporary[0], &id[0], 2U, &handle));
  ECCPUBLICKEYBLOB peer_blob = software::blob_of(peer.public_key());
  ECCPUBLICKEYBLOB peer_temporary_blob = software::blob_of(peer_temporary.public_key());
  BYTE peer_id[] = {'y', 'o', 'u'};
  HANDLE key = nullptr;
  bench.require("SKF_GenerateKeyWithECC", HUTONG_SKF_CALL(bench, SKF_GenerateKeyWithECC, handle, &peer_blob,
                                                          &peer_temporary_blob, &peer_id[0], 3U, &key));
  const auto temporary = strict_public_key(own_temporary[0]);
  bench.require(temporary.has_value(),
                "SKF_GenerateAgreementDataWithECC: the temporary key is not right-aligned");
  const auto shared = crypto::sm2_exchange({.role = crypto::Sm2KeyExchange::Role::kResponder,
                                            .own = peer,
                                            .own_ephemeral = peer_temporary,
                                            .peer = own.public_key(),
                                            .peer_ephemeral = *temporary,
                                            .own_id = "you",
                                            .peer_id = "me"},
                                           crypto::kSm4KeySize);
  bench.require(shared.has_value(), "the key exchange fails");
  BLOCKCIPHERPARAM none{};
  bench.require("SKF_EncryptInit", HUTONG_SKF_CALL(bench, SKF_EncryptInit, key, none));
  Bytes block(crypto::kSm4BlockSize, 0x0C);
  Bytes expected = block;
  crypto::Sm4Key::from_octets(shared->key.expose()).value().encrypt_blocks(expected, expected);
  Number length(length_of(block));
  bench.require("SKF_Encrypt", HUTONG_SKF_CALL(bench, SKF_Encrypt, key, block.data(), length_of(block),
                                               block.data(), length.out()));
  bench.expect(block == expected,
               "SKF_GenerateKeyWithECC: both sides have different keys (the encryption keys count)");
}

}  // namespace

std::vector<Check> key_checks() {
  return {
      {"key.signature",
       "7.6.10",
       {"签名可验证、右对齐、随机数不重复", "signatures verify, are right-aligned, never reuse a nonce"},
       signatures},
      {"key.verification", "7.6.11", {"验签", "verification tells good from bad"}, verification},
      {"key.public_key", "7.6.17", {"导出公钥", "public keys come out"}, public_keys},
      {"key.envelope", "7.6.9", {"加密密钥对导入", "enveloped encryption keys are imported"}, envelopes},
      {"key.altered_envelope",
       "7.6.9",
       {"被改动的密钥对被拒绝", "altered envelopes are refused"},
       altered_envelopes},
      {"key.session_import",
       "7.6.18",
       {"会话密钥导入与解密", "session keys come in and decrypt"},
       session_key_import},
      {"key.session_export",
       "7.6.12",
       {"会话密钥导出与加密", "session keys go out and encrypt"},
       session_key_export},
      {"key.encryption", "7.6.13", {"外部公钥加密", "encryption for a key from outside"}, encryption},
      {"key.agreement", "7.6.14", {"密钥协商", "key agreement"}, agreement},
  };
}

}  // namespace hutong::token::conformance
