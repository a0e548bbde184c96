#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "base/encoding.h"
#include "crypto/sm4.h"
#include "tests/support/support.h"

namespace hutong::crypto {
namespace {

using Seal = Result<Bytes> (*)(ByteView key, ByteView nonce, ByteView data, ByteView text,
                               std::size_t tag_size);

struct Aead {
  Seal encrypt;
  Seal decrypt;
};
Aead aead(std::string_view mode) {
  return mode == "gcm" ? Aead{sm4_gcm_encrypt, sm4_gcm_decrypt} : Aead{sm4_ccm_encrypt, sm4_ccm_decrypt};
}

class Sm4AeadVectors : public testing::TestWithParam<test::Vector> {};
TEST_P(Sm4AeadVectors, EncryptsDecryptsAndNoticesEveryChangedBit) {
  const test::Vector& vector = GetParam();
  const Aead mode = aead(vector.text("mode"));
  const Bytes key = vector.hex("key");
  const Bytes nonce = vector.hex("nonce");
  const Bytes data = vector.hex("aad");
  const Bytes plaintext = vector.hex("plaintext");
  Bytes sealed = vector.hex("ciphertext");
  append(sealed, vector.hex("tag"));
  EXPECT_EQ(to_hex(mode.encrypt(key, nonce, data, plaintext, 16).value()), to_hex(sealed));
  EXPECT_EQ(mode.decrypt(key, nonce, data, sealed, 16).value(), plaintext);
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    Bytes changed = sealed;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1U << bit % 8);
    const auto opened = mode.decrypt(key, nonce, data, changed, 16);
    ASSERT_FALSE(opened) << bit;
    EXPECT_EQ(opened.error().code, Errc::kCryptoFail);
    EXPECT_EQ(opened.error().reason, "sm4.tag");
  }
  EXPECT_FALSE(mode.decrypt(key, nonce, ByteView(data).first(data.size() - 1), sealed, 16));
}
INSTANTIATE_TEST_SUITE_P(Rfc8998, Sm4AeadVectors,
                         testing::ValuesIn(test::load_vectors("crypto/sm4_aead.vec")),
                         [](const auto& vector) { return vector.param.name; });

/// Both directions of one Wycheproof case: a valid one must come out to the octet, an invalid one must be
/// refused.
void check_wycheproof_case(const Aead& mode, const nlohmann::json& test, std::size_t tag_size) {
  const auto field = [&test](const char* name) { return test::hex(test.at(name).get<std::string>()); };
  const Bytes key = field("key");
  const Bytes nonce = field("iv");
  const Bytes data = field("aad");
  const Bytes plaintext = field("msg");
  Bytes sealed = field("ct");
  append(sealed, field("tag"));
  const auto opened = mode.decrypt(key, nonce, data, sealed, tag_size);
  const auto encrypted = mode.encrypt(key, nonce, data, plaintext, tag_size);
  if (test.at("result") == "valid") {
    ASSERT_TRUE(opened) << test.dump();
    ASSERT_TRUE(encrypted) << test.dump();
    EXPECT_EQ(opened.value(), plaintext) << test.dump();
    EXPECT_EQ(encrypted.value(), sealed) << test.dump();
  } else {
    EXPECT_FALSE(opened) << test.dump();
    EXPECT_TRUE(!encrypted || encrypted.value() != sealed) << test.dump();
  }
}

void run_wycheproof(const Aead& mode, std::string_view file) {
  const auto suite = nlohmann::json::parse(test::read(test::corpus_path(file)));
  int count = 0;
  for (const auto& group : suite.at("testGroups")) {
    for (const auto& test : group.at("tests")) {
      check_wycheproof_case(mode, test, group.at("tagSize").get<std::size_t>() / 8);
      ++count;
    }
  }
  EXPECT_EQ(count, suite.at("numberOfTests").get<int>());
}

TEST(Sm4Gcm, Wycheproof) {
  HUTONG_NEED_CORPUS();
  run_wycheproof(aead("gcm"), "wycheproof/sm4_gcm_test.json");
}

TEST(Sm4Ccm, Wycheproof) {
  HUTONG_NEED_CORPUS();
  run_wycheproof(aead("ccm"), "wycheproof/sm4_ccm_test.json");
}

TEST(Sm4Gcm, StreamsInChunksOfAnySize) {
  const Bytes key(16, 0x42);
  const Bytes data(333, 0x17);
  const Bytes plaintext(3001, 0x99);
  for (const std::size_t nonce_size : {1U, 12U, 16U, 61U}) {
    const Bytes nonce(nonce_size, 0x05);
    const Bytes expected = sm4_gcm_encrypt(key, nonce, data, plaintext).value();
    for (const std::size_t chunk : {1U, 15U, 16U, 17U, 1025U}) {
      auto gcm = Sm4Gcm::create(std::move(Sm4Key::from_octets(key)).value(), nonce, Direction::kEncrypt);
      ASSERT_TRUE(gcm);
      for (std::size_t at = 0; at < data.size(); at += chunk) {
        ASSERT_TRUE(gcm->add_data(ByteView(data).subspan(at, std::min(chunk, data.size() - at))));
      }
      Bytes sealed;
      for (std::size_t at = 0; at < plaintext.size(); at += chunk) {
        append(sealed,
               gcm->update(ByteView(plaintext).subspan(at, std::min(chunk, plaintext.size() - at))).value());
      }
      append(sealed, gcm->finish_encrypt().value());
      EXPECT_EQ(sealed, expected) << nonce_size << " " << chunk;
    }
  }
}

TEST(Sm4Gcm, ClonesGoOnByThemselvesAndInPlace) {
  const Bytes plaintext(100, 0x99);
  const Bytes sealed = sm4_gcm_encrypt(Bytes(16), Bytes(12), Bytes(5), plaintext).value();
  auto gcm =
      Sm4Gcm::create(std::move(Sm4Key::from_octets(Bytes(16))).value(), Bytes(12), Direction::kDecrypt);
  ASSERT_TRUE(gcm && gcm->add_data(Bytes(5)));
  Bytes opened(sealed.begin(), sealed.begin() + 100);
  ASSERT_TRUE(gcm->update(ByteView(opened).first(37), std::span(opened).first(37)));
  Sm4Gcm copy = gcm->clone();
  EXPECT_EQ(copy.update(ByteView(opened).subspan(37)).value(), Bytes(63, 0x99));
  EXPECT_TRUE(copy.finish_decrypt(ByteView(sealed).last(16)));
  ASSERT_TRUE(gcm->update(ByteView(opened).subspan(37), std::span(opened).subspan(37)));
  EXPECT_EQ(opened, plaintext);
  EXPECT_EQ(gcm->finish_decrypt(Bytes(16)).error().reason, "sm4.tag");
}

TEST(Sm4Gcm, RefusesWrongOrderAndSizes) {
  const Bytes key(16);
  auto gcm = Sm4Gcm::create(std::move(Sm4Key::from_octets(key)).value(), Bytes(12), Direction::kEncrypt);
  ASSERT_TRUE(gcm->update(Bytes(3)));
  EXPECT_EQ(gcm->add_data(Bytes(1)).error().reason, "sm4.order");
  EXPECT_EQ(sm4_gcm_encrypt(key, {}, {}, Bytes(4)).error().reason, "sm4.nonce");
  EXPECT_EQ(sm4_gcm_encrypt(key, Bytes(12), {}, Bytes(4), 11).error().reason, "sm4.tag");
  EXPECT_EQ(sm4_gcm_encrypt(key, Bytes(12), {}, Bytes(4), 17).error().reason, "sm4.tag");
  EXPECT_EQ(sm4_gcm_encrypt(Bytes(15), Bytes(12), {}, Bytes(4)).error().reason, "sm4.key");
  EXPECT_EQ(sm4_gcm_decrypt(key, Bytes(12), {}, Bytes(15)).error().reason, "sm4.length");
  EXPECT_EQ(gcm->finish_decrypt(Bytes(11)).error().reason, "sm4.tag");
}

TEST(Sm4Gcm, TruncatedTagsOfTwelveOctetsAndMoreOpen) {
  const Bytes key(16, 1);
  for (std::size_t tag_size = 12; tag_size <= 16; ++tag_size) {
    const Bytes sealed = sm4_gcm_encrypt(key, Bytes(12), Bytes(5), Bytes(20, 7), tag_size).value();
    EXPECT_EQ(sealed.size(), 20 + tag_size);
    EXPECT_EQ(sm4_gcm_decrypt(key, Bytes(12), Bytes(5), sealed, tag_size).value(), Bytes(20, 7));
  }
}

TEST(Sm4Ccm, RefusesTextsThatTheNonceCannotCount) {
  const Bytes key(16);
  EXPECT_TRUE(sm4_ccm_encrypt(key, Bytes(13), {}, Bytes(65535)));
  EXPECT_EQ(sm4_ccm_encrypt(key, Bytes(13), {}, Bytes(65536)).error().reason, "sm4.length");
}

TEST(Sm4Ccm, LongAssociatedDataChangesItsLengthForm) {
  const Bytes key(16, 3);
  for (const std::size_t size : {0xFEFFU, 0xFF00U, 0x10001U}) {
    const Bytes data(size, 0x21);
    const Bytes sealed = sm4_ccm_encrypt(key, Bytes(12), data, Bytes(9, 1), 8).value();
    EXPECT_EQ(sm4_ccm_decrypt(key, Bytes(12), data, sealed, 8).value(), Bytes(9, 1));
    EXPECT_FALSE(sm4_ccm_decrypt(key, Bytes(12), Bytes(size, 0x20), sealed, 8));
  }
}

}  // namespace
}  // namespace hutong::crypto
