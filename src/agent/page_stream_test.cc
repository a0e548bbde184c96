#include "agent/page_stream.h"

#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "agent/frame.h"
#include "base/stream.h"

namespace hutong::agent {
namespace {

using std::chrono::milliseconds;
using Verdict = PageStream::Verdict;

TEST(StreamFrameTest, IsReadAsWritten) {
  const Bytes data{1, 2, 3};
  const Bytes written = data_frame(0x01020304, data);
  const auto read = read_frame(written);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id, 0x01020304U);
  EXPECT_EQ(read->kind, StreamKind::kData);
  EXPECT_TRUE(equal(read->rest, data));
  EXPECT_EQ(read_frame(credit_frame(7, 0xFFFFFFFF))->credit, 0xFFFFFFFFU);
  EXPECT_EQ(read_frame(bare_frame(7, StreamKind::kCancel))->kind, StreamKind::kCancel);
}

TEST(StreamFrameTest, WhatIsNoneIsRefused) {
  EXPECT_FALSE(read_frame({}));
  EXPECT_FALSE(read_frame(Bytes{0, 0, 0, 1}));
  EXPECT_FALSE(read_frame(Bytes{0, 0, 0, 1, 0})) << "data of no octets";
  EXPECT_FALSE(read_frame(Bytes{0, 0, 0, 1, 5}));
  EXPECT_FALSE(read_frame(Bytes{0, 0, 0, 1, 1, 0})) << "an end with a rest";
  EXPECT_FALSE(read_frame(Bytes{0, 0, 0, 1, 2, 0, 0, 1})) << "credit of three octets";
  EXPECT_FALSE(read_frame(data_frame(1, Bytes(kMostFrameData + 1))));
  EXPECT_TRUE(read_frame(data_frame(1, Bytes(kMostFrameData))));
}

/// The page's side: keeps what the agent sends.
class PageStreamTest : public testing::Test {
 protected:
  std::shared_ptr<PageStream> make(const StreamWish& wish, milliseconds stall = std::chrono::seconds(20)) {
    return std::make_shared<PageStream>(1, wish,
                                        FrameSink{.send = [this](Bytes frame) { take(std::move(frame)); },
                                                  .waiting = [] { return std::size_t{0}; }},
                                        stall);
  }
  void take(Bytes frame) {
    const std::lock_guard lock(lock_);
    frames_.push_back(std::move(frame));
  }
  std::size_t count(StreamKind kind) {
    const std::lock_guard lock(lock_);
    return static_cast<std::size_t>(std::ranges::count_if(
        frames_, [kind](const Bytes& frame) { return read_frame(frame)->kind == kind; }));
  }
  std::uint64_t granted() {
    const std::lock_guard lock(lock_);
    std::uint64_t sum = 0;
    for (const Bytes& frame : frames_) {
      sum += read_frame(frame)->credit;
    }
    return sum;
  }
  void wait_for(StreamKind kind, std::size_t number) {
    while (count(kind) < number) {
      std::this_thread::sleep_for(milliseconds(1));
    }
  }
  static Verdict send(PageStream& stream, ByteView data) {
    return stream.on_frame(*read_frame(data_frame(1, data)));
  }
  static Verdict send(PageStream& stream, StreamKind kind) {
    return stream.on_frame({.id = 1, .kind = kind, .rest = {}});
  }

  std::mutex lock_;
  std::vector<Bytes> frames_;
};

TEST_F(PageStreamTest, ReadsWhatThePageSendsWithinItsCredit) {
  const auto stream = make({.size = 3'000'000});
  MemorySink sink(4'000'000);
  std::jthread worker([&] { EXPECT_TRUE(copy_all(stream->source(), sink)); });
  const Bytes piece(100'000, 7);
  for (std::uint64_t sent = 0; sent < 3'000'000; sent += piece.size()) {
    while (granted() < sent + piece.size()) {
      std::this_thread::sleep_for(milliseconds(1));
    }
    ASSERT_EQ(send(*stream, piece), Verdict::kFine);
  }
  ASSERT_EQ(send(*stream, StreamKind::kEnd), Verdict::kFine);
  worker.join();
  EXPECT_EQ(sink.content(), Bytes(3'000'000, 7));
  EXPECT_LE(granted(), 3'000'000U + PageStream::kWindow);
}

TEST_F(PageStreamTest, DataWithoutCreditIsABreach) {
  const auto stream = make({});
  EXPECT_EQ(send(*stream, Bytes{1}), Verdict::kBreach) << "nobody reads yet";
  const auto other = make({});
  std::jthread worker([&] {
    Bytes out(10);
    EXPECT_TRUE(other->source().read(out));
  });
  wait_for(StreamKind::kCredit, 1);
  for (std::size_t sent = 0; sent < PageStream::kWindow; sent += kMostFrameData) {
    ASSERT_EQ(send(*other, Bytes(kMostFrameData)), Verdict::kFine);
  }
  EXPECT_EQ(send(*other, Bytes{1}), Verdict::kBreach);
  EXPECT_EQ(send(*other, StreamKind::kRewind), Verdict::kBreach) << "nobody asked";
}

TEST_F(PageStreamTest, IsReadTwiceWhenThePageCan) {
  const auto stream = make({.size = 4, .rewindable = true});
  EXPECT_TRUE(stream->source().can_rewind());
  EXPECT_EQ(stream->source().size(), 4U);
  MemorySink first(10);
  MemorySink second(10);
  std::latch tried(1);
  std::jthread worker([&] {
    EXPECT_TRUE(copy_all(stream->source(), first));
    EXPECT_TRUE(stream->source().rewind());
    tried.wait();
    EXPECT_TRUE(copy_all(stream->source(), second));
  });
  wait_for(StreamKind::kCredit, 1);
  send(*stream, Bytes{1, 2, 3, 4});
  send(*stream, StreamKind::kEnd);
  wait_for(StreamKind::kRewind, 1);
  EXPECT_EQ(send(*stream, Bytes{9}), Verdict::kFine) << "of the first pass, on its way";
  send(*stream, StreamKind::kEnd);
  EXPECT_EQ(send(*stream, StreamKind::kRewind), Verdict::kFine);
  EXPECT_EQ(send(*stream, Bytes{9}), Verdict::kBreach) << "the credit starts at nothing again";
  tried.count_down();
  wait_for(StreamKind::kCredit, 2);
  send(*stream, Bytes{5, 6, 7, 8});
  send(*stream, StreamKind::kEnd);
  worker.join();
  EXPECT_EQ(first.content(), (Bytes{1, 2, 3, 4}));
  EXPECT_EQ(second.content(), (Bytes{5, 6, 7, 8}));
}

TEST_F(PageStreamTest, ThatCannotBeSentAgainSaysSo) {
  const auto stream = make({});
  EXPECT_FALSE(stream->source().can_rewind());
  EXPECT_EQ(stream->source().rewind().error().reason, "stream.rewind");
}

TEST_F(PageStreamTest, WritesWhatThePageTakes) {
  const auto stream = make({});
  std::jthread worker([&] { EXPECT_TRUE(stream->sink().write(Bytes(600'000, 3))); });
  std::this_thread::sleep_for(milliseconds(20));
  EXPECT_EQ(count(StreamKind::kData), 0U) << "without credit nothing leaves";
  stream->on_frame({.id = 1, .kind = StreamKind::kCredit, .rest = {}, .credit = 300'000});
  wait_for(StreamKind::kData, 2);
  stream->on_frame({.id = 1, .kind = StreamKind::kCredit, .rest = {}, .credit = 300'000});
  worker.join();
  stream->end_output();
  EXPECT_EQ(count(StreamKind::kEnd), 1U);
}

TEST_F(PageStreamTest, EndsWithThePageAndWithPatience) {
  Bytes out(10);
  const auto cancelled = make({});
  send(*cancelled, StreamKind::kCancel);
  EXPECT_EQ(cancelled->source().read(out).error().reason, "agent.cancelled");
  EXPECT_EQ(cancelled->sink().write(out).error().reason, "agent.cancelled");
  const auto closed = make({});
  std::jthread worker([&] { EXPECT_EQ(closed->source().read(out).error().reason, "agent.cancelled"); });
  wait_for(StreamKind::kCredit, 1);
  closed->on_closed();
  worker.join();
  const auto stalled = make({}, milliseconds(30));
  EXPECT_EQ(stalled->source().read(out).error().reason, "agent.stream_stalled");
  EXPECT_EQ(stalled->sink().write(out).error().reason, "agent.stream_stalled");
}

}  // namespace
}  // namespace hutong::agent
