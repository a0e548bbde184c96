#include "crypto/pem.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include "crypto/internal/openssl.h"

namespace hutong::crypto {
namespace {

constexpr std::string_view kBlock =
    "-----BEGIN CERTIFICATE-----\n"
    "AAECAwQFBgc=\n"
    "-----END CERTIFICATE-----\n";
const Bytes kDer = {0, 1, 2, 3, 4, 5, 6, 7};

std::string_view reason(std::string_view text) {
  const auto blocks = read_pem(text);
  return blocks ? "" : blocks.error().reason;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

void expect_one_block(std::string_view text) {
  const auto blocks = read_pem(text);
  ASSERT_TRUE(blocks) << blocks.error().reason << ": " << blocks.error().detail;
  ASSERT_EQ(blocks->size(), 1U);
  EXPECT_EQ((*blocks)[0].label, "CERTIFICATE");
  EXPECT_EQ((*blocks)[0].der, kDer);
  EXPECT_TRUE(looks_like_pem(as_bytes(text)));
}

TEST(Pem, IsReadAsItIsUsuallyWritten) { expect_one_block(kBlock); }

TEST(Pem, MayEndItsLinesInAnyWay) {
  expect_one_block(replaced(std::string(kBlock), "\n", "\r\n"));
  expect_one_block(replaced(std::string(kBlock), "\n", "\r"));
  expect_one_block(kBlock.substr(0, kBlock.size() - 1));
  expect_one_block(replaced(std::string(kBlock), "\n", "\n\n"));
}

TEST(Pem, MayHaveBlanksAndBreaksAnywhereInTheBody) {
  expect_one_block(replaced(std::string(kBlock), "\n", " \t\n  "));
  expect_one_block(replaced(std::string(kBlock), "AAEC", "A\nA E\tC\r\n"));
  expect_one_block(replaced(std::string(kBlock), "gc=", "gc"));  // padding forgotten
}

TEST(Pem, MayHaveTextAround) {
  expect_one_block("Bag Attributes\n    friendlyName: me\nsubject=CN = x\n" + std::string(kBlock));
  expect_one_block(std::string(kBlock) + "behind\n-----\n");
  expect_one_block("\xEF\xBB\xBF" + std::string(kBlock));
  expect_one_block(std::string("\0\xFF\n", 3) + std::string(kBlock));
}

TEST(Pem, MayHoldSeveralBlocks) {
  const std::string text = std::string(kBlock) + "between\n" + write_pem("EC PARAMETERS", Bytes{6, 1, 0}) +
                           write_pem("PRIVATE KEY", Bytes(100, 7));
  const auto blocks = read_pem(text);
  ASSERT_TRUE(blocks);
  ASSERT_EQ(blocks->size(), 3U);
  EXPECT_EQ((*blocks)[1].label, "EC PARAMETERS");
  EXPECT_EQ((*blocks)[2].der, Bytes(100, 7));
}

TEST(Pem, BeginOnlyAtTheStartOfALine) {
  EXPECT_EQ(reason("see -----BEGIN CERTIFICATE----- there\n"), "pem.no_block");
  EXPECT_FALSE(looks_like_pem(as_bytes("see -----BEGIN CERTIFICATE----- there\n")));
}

TEST(Pem, IsRefusedWhenBroken) {
  const std::string block(kBlock);
  EXPECT_EQ(reason(""), "pem.no_block");
  EXPECT_EQ(reason("AAECAwQFBgc="), "pem.no_block");
  EXPECT_EQ(reason(block.substr(0, block.find("-----END"))), "pem.no_end");
  EXPECT_EQ(reason("-----BEGIN CERTIFICATE-----"), "pem.no_end");
  EXPECT_EQ(reason(block.substr(0, block.find("-----END")) + block), "pem.no_end");
  EXPECT_EQ(reason(replaced(block, "END CERTIFICATE", "END PRIVATE KEY")), "pem.label");
  EXPECT_EQ(reason(replaced(block, "BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE")), "pem.label");
  EXPECT_EQ(reason(replaced(block, "END CERTIFICATE-----", "END CERTIFICATE----")), "pem.label");
  EXPECT_EQ(reason(replaced(block, "CERTIFICATE", "")), "pem.label");
  EXPECT_EQ(reason(replaced(block, "CERTIFICATE", std::string(65, 'X'))), "pem.label");
  EXPECT_EQ(reason(replaced(block, "CERTIFICATE", "\x01")), "pem.label");
  EXPECT_EQ(reason(replaced(block, "AAEC", "AA*C")), "pem.base64");
  EXPECT_EQ(reason(replaced(block, "AAEC", "-----")), "pem.base64");
  EXPECT_EQ(reason(replaced(block, "AAECAwQFBgc=", "AAECA")), "pem.base64");
  EXPECT_EQ(reason(replaced(block, "AAECAwQFBgc=", "")), "pem.base64");
  EXPECT_EQ(reason(block + block.substr(0, 40)), "pem.no_end");
}

TEST(Pem, WithHeadersIsRefused) {
  const auto blocks = read_pem(
      replaced(std::string(kBlock), "AAEC", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAEC"));
  ASSERT_FALSE(blocks);
  EXPECT_EQ(blocks.error().reason, "pem.headers");
  EXPECT_EQ(blocks.error().code, Errc::kPolicy);
}

TEST(Pem, OfMoreThanTwentyThousandBlocksIsRefused) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) {
    text += kBlock;
  }
  EXPECT_EQ(read_pem(text)->size(), 20'000U);
  text += kBlock;
  const auto blocks = read_pem(text);
  ASSERT_FALSE(blocks);
  EXPECT_EQ(blocks.error().reason, "pem.too_many");
  EXPECT_EQ(blocks.error().code, Errc::kLimit);
}

TEST(Pem, IsLookedForInTheFirst64KiBOnly) {
  const std::string early = std::string(65'000, '\n') + std::string(kBlock);
  const std::string late = std::string(65'536, '\n') + std::string(kBlock);
  EXPECT_TRUE(looks_like_pem(as_bytes(early)));
  EXPECT_FALSE(looks_like_pem(as_bytes(late)));
  EXPECT_FALSE(looks_like_pem({}));
  EXPECT_FALSE(looks_like_pem(Bytes(100'000)));
}

TEST(Pem, IsWrittenInLinesOf64) {
  EXPECT_EQ(write_pem("X", Bytes(48, 0)),
            "-----BEGIN X-----\n" + std::string(64, 'A') + "\n-----END X-----\n");
  EXPECT_EQ(write_pem("X", Bytes(49, 0)),
            "-----BEGIN X-----\n" + std::string(64, 'A') + "\nAA==\n-----END X-----\n");
}

TEST(Pem, OfOursIsReadByOpenSsl) {
  const Bytes der(200, 0x30);
  const std::string text = write_pem("PRIVATE KEY", der);
  const ossl::Owned<BIO, BIO_free> in(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  char* label = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  ASSERT_EQ(PEM_read_bio(in.get(), &label, &header, &data, &size), 1);
  EXPECT_STREQ(label, "PRIVATE KEY");
  EXPECT_EQ(Bytes(data, data + size), der);
  OPENSSL_free(label);
  OPENSSL_free(header);
  OPENSSL_free(data);
}

TEST(Pem, IsReadBackAtEverySize) {
  for (std::size_t size = 1; size < 200; ++size) {
    Bytes der(size);
    for (std::size_t i = 0; i < size; ++i) {
      der[i] = static_cast<std::uint8_t>(i * 37 + size);
    }
    const auto blocks = read_pem(write_pem("CMS", der));
    ASSERT_TRUE(blocks);
    EXPECT_EQ((*blocks)[0].der, der);
  }
}

}  // namespace
}  // namespace hutong::crypto
