#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>

#include "cms/cms_findings.h"
#include "cms/enveloped_data.h"
#include "cms/internal/test_identities.h"
#include "cms/sign.h"
#include "cms/verify.h"
#include "x509/extension_builder.h"

#if defined(__SANITIZE_ADDRESS__)
#define HUTONG_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HUTONG_ADDRESS_SANITIZER 1
#endif
#endif

namespace hutong::cms {
namespace {

using test::identity;
using x509::Indication;

#ifdef HUTONG_ADDRESS_SANITIZER
constexpr bool kMemoryIsOurs = false;  // the sanitizer keeps freed memory
constexpr std::uint64_t kLarge = std::uint64_t{8} << 20;
#else
constexpr bool kMemoryIsOurs = true;
constexpr std::uint64_t kLarge = std::uint64_t{256} << 20;
#endif
constexpr std::int64_t kMostGrowthKiB = std::int64_t{16} << 10;

enum class Rewind { kPossible, kImpossible };

/// `size` octets that are nowhere in memory, between a head and a tail that are.
class GeneratedSource final : public ByteSource {
 public:
  GeneratedSource(std::uint64_t size, Rewind rewind, Bytes head = {}, Bytes tail = {})
      : size_(size), rewind_(rewind), head_(std::move(head)), tail_(std::move(tail)) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    std::size_t count = 0;
    for (; count < out.size() && at_ < head_.size() + size_ + tail_.size(); ++count, ++at_) {
      out[count] = octet();
    }
    return count;
  }
  bool can_rewind() const override { return rewind_ == Rewind::kPossible; }
  Status rewind() override {
    if (!can_rewind()) {
      return ByteSource::rewind();
    }
    at_ = 0;
    seed_ = static_cast<std::uint8_t>(seed_ + change_each_time);
    return ok();
  }
  std::uint8_t change_each_time = 0;

 private:
  std::uint8_t octet() const {
    if (at_ < head_.size()) {
      return head_[at_];
    }
    const std::uint64_t inside = at_ - head_.size();
    return inside < size_ ? static_cast<std::uint8_t>(inside * 7 + seed_) : tail_[inside - size_];
  }
  std::uint64_t size_;
  Rewind rewind_;
  Bytes head_;
  Bytes tail_;
  std::uint64_t at_ = 0;
  std::uint8_t seed_ = 0;
};

/// Keeps the beginning and the end of what is written, enough to put a message together again.
class EndsSink final : public ByteSink {
 public:
  static constexpr std::size_t kEnds = 8192;
  Status write(ByteView piece) override {
    append(head, piece.first(std::min(piece.size(), kEnds - head.size())));
    append(tail, piece.last(std::min(piece.size(), kEnds)));
    if (tail.size() > kEnds) {
      tail.erase(tail.begin(), tail.end() - kEnds);
    }
    total += piece.size();
    return ok();
  }
  Bytes head;
  Bytes tail;
  std::uint64_t total = 0;
};

class CountingSink final : public ByteSink {
 public:
  Status write(ByteView piece) override {
    total += piece.size();
    return ok();
  }
  std::uint64_t total = 0;
};

std::int64_t peak_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/// The message around `size` octets of generated content: where the content stands follows from the octets
/// behind it, which are the same for a message of small content.
struct Message {
  Bytes head;
  Bytes tail;
};

class StreamedMessage : public testing::Test {
 protected:
  Message sign_large(Attributes attributes, std::uint64_t size) {
    const auto signer = alice.signer();
    const std::vector<MessageSigner> signers{{signer, alice.certificate}};
    SignOptions options;
    options.attributes = attributes;
    GeneratedSource content(size, Rewind::kPossible);
    EndsSink sink;
    const auto status = sign_attached(content, signers, options, sink);
    if (!status) {
      throw std::runtime_error(std::string(status.error().reason));
    }
    // The content begins with 00 07 0E 15 and is followed by the certificates, [0].
    const Bytes start{0x00, 0x07, 0x0E, 0x15, 0x1C, 0x23};
    const auto found = std::search(sink.head.begin(), sink.head.end(), start.begin(), start.end());
    const auto head_size = static_cast<std::size_t>(found - sink.head.begin());
    const std::uint64_t tail_size = sink.total - head_size - size;
    return {Bytes(sink.head.begin(), found),
            Bytes(sink.tail.end() - static_cast<std::ptrdiff_t>(tail_size), sink.tail.end())};
  }
  Result<SignedMessageReport> judge(ByteSource& message, ByteSink* content = nullptr) {
    VerifyOptions options = trust.at(test::midsummer());
    options.content = content;
    return verify_message(message, options);
  }
  test::Identity alice = identity("signer");
  test::Trust trust;
};

TEST_F(StreamedMessage, LargeContentNeedsNoMemory) {
  sign_large(Attributes::kStandard, 100'000);  // everything allocated once
  const std::int64_t before = peak_kib();
  const std::map<Attributes, std::uint64_t> sizes{{Attributes::kStandard, kLarge},
                                                  {Attributes::kNone, kLarge / 8}};  // read twice
  for (const auto& [attributes, size] : sizes) {
    const Message message = sign_large(attributes, size);
    GeneratedSource source(size, Rewind::kPossible, message.head, message.tail);
    CountingSink content;
    const auto report = judge(source, &content);
    ASSERT_TRUE(report) << report.error().detail;
    EXPECT_EQ(report->indication(), Indication::kValid);
    EXPECT_EQ(report->content_size, size);
    EXPECT_EQ(content.total, size);
  }
  const std::int64_t growth = peak_kib() - before;
  RecordProperty("growth_kib", static_cast<int>(growth));
  if (kMemoryIsOurs) {
    EXPECT_LT(growth, kMostGrowthKiB);
  }
}

TEST_F(StreamedMessage, LargeDetachedContentIsReadOnce) {
  const auto signer = alice.signer();
  const std::vector<MessageSigner> signers{{signer, alice.certificate}};
  for (const Attributes attributes : {Attributes::kStandard, Attributes::kNone}) {
    SignOptions options;
    options.attributes = attributes;
    GeneratedSource to_sign(1 << 20, Rewind::kImpossible);
    const auto signature = sign_detached(to_sign, signers, options);
    ASSERT_TRUE(signature);
    GeneratedSource content(1 << 20, Rewind::kImpossible);
    MemorySource message(*signature);
    const auto report = verify_detached(message, content, trust.at(test::midsummer()));
    ASSERT_TRUE(report) << report.error().detail;
    EXPECT_EQ(report->indication(), Indication::kValid);
  }
}

TEST_F(StreamedMessage, APipeIsEnoughWithAttributes) {
  const Message message = sign_large(Attributes::kStandard, 9 << 20);
  GeneratedSource source(9 << 20, Rewind::kImpossible, message.head, message.tail);
  const auto report = judge(source);
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(report->indication(), Indication::kValid);
}

TEST_F(StreamedMessage, APipeWithoutAttributesIsKeptWhileItIsSmall) {
  const Message small = sign_large(Attributes::kNone, 1 << 20);
  GeneratedSource kept(1 << 20, Rewind::kImpossible, small.head, small.tail);
  EXPECT_EQ(judge(kept)->indication(), Indication::kValid);
  const Message large = sign_large(Attributes::kNone, 9 << 20);
  GeneratedSource dropped(9 << 20, Rewind::kImpossible, large.head, large.tail);
  const auto report = judge(dropped);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->indication(), Indication::kIndeterminate);
  EXPECT_TRUE(report->has("cms.too_large"));
}

TEST_F(StreamedMessage, ASourceThatChangesIsNoticed) {
  const Message message = sign_large(Attributes::kNone, 1 << 20);
  GeneratedSource source(1 << 20, Rewind::kPossible, message.head, message.tail);
  source.change_each_time = 1;
  EXPECT_EQ(judge(source).error().reason, "cms.source_changed");
  const auto signer = alice.signer();
  const std::vector<MessageSigner> signers{{signer, alice.certificate}};
  GeneratedSource content(1 << 20, Rewind::kPossible);
  content.change_each_time = 1;
  CountingSink sink;
  EXPECT_EQ(sign_attached(content, signers, {}, sink).error().reason, "cms.source_changed");
}

TEST_F(StreamedMessage, APipeIsSignedWhileItIsSmall) {
  const auto signer = alice.signer();
  const std::vector<MessageSigner> signers{{signer, alice.certificate}};
  GeneratedSource small(1'000, Rewind::kImpossible);
  CountingSink sink;
  EXPECT_TRUE(sign_attached(small, signers, {}, sink));
  GeneratedSource large(9 << 20, Rewind::kImpossible);
  EXPECT_EQ(sign_attached(large, signers, {}, sink).error().reason, "cms.not_rewindable");
}

/// Hands ciphertext from the writer to the reader through a file.
class StreamedEnvelope : public testing::Test {
 protected:
  void SetUp() override {
    file = std::filesystem::temp_directory_path() / ("hutong_envelope_" + std::to_string(::getpid()));
  }
  void TearDown() override { std::filesystem::remove(file); }
  std::filesystem::path file;
};

TEST_F(StreamedEnvelope, LargeContentNeedsNoMemory) {
  constexpr std::uint64_t kSize = kLarge / 4;
  const auto recipient = identity("recipient");
  const std::vector<x509::Certificate> recipients{recipient.certificate};
  const std::int64_t before = peak_kib();
  {
    auto sink = FileSink::create(file);
    ASSERT_TRUE(sink) << sink.error().detail;
    GeneratedSource content(kSize, Rewind::kPossible);
    const auto status = envelop(content, recipients, {}, *sink);
    ASSERT_TRUE(status) << status.error().detail;
    ASSERT_TRUE(sink->commit());
  }
  auto source = FileSource::open(file);
  ASSERT_TRUE(source);
  CountingSink opened_content;
  const Sm2KeyOpener opener(recipient.key);
  const auto opened = open_envelope(*source, {opener, &recipient.certificate}, opened_content);
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(opened->content_size, kSize);
  EXPECT_EQ(opened_content.total, kSize);
  if (kMemoryIsOurs) {
    EXPECT_LT(peak_kib() - before, kMostGrowthKiB);
  }
}

TEST(Findings, HaveCodesOfTheirOwnAndBothLanguages) {
  std::set<std::string_view> codes;
  for (const x509::FindingKind* kind : findings::table()) {
    EXPECT_TRUE(codes.insert(kind->code).second) << kind->code;
    EXPECT_TRUE(kind->code.starts_with("cms.") || kind->code.starts_with("timestamp.")) << kind->code;
    EXPECT_FALSE(kind->zh.empty() || kind->en.empty()) << kind->code;
    EXPECT_EQ(kind->zh.find("{0}") == std::string_view::npos, kind->en.find("{0}") == std::string_view::npos)
        << kind->code;
  }
  EXPECT_GT(codes.size(), 50U);
}

}  // namespace
}  // namespace hutong::cms
