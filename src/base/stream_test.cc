#include "base/stream.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "base/file.h"

namespace hutong {
namespace {

std::filesystem::path scratch(std::string_view name) {
  return std::filesystem::temp_directory_path() /
         ("hutong_stream_" + std::to_string(::getpid()) + "_" + std::string(name));
}

TEST(MemorySource, GivesPiecesAndRewinds) {
  MemorySource source(as_bytes("abcdef"));
  Bytes piece(4);
  EXPECT_EQ(source.read(piece).value(), 4U);
  EXPECT_EQ(source.read(piece).value(), 2U);
  EXPECT_EQ(source.read(piece).value(), 0U);
  ASSERT_TRUE(source.rewind());
  EXPECT_EQ(source.read(piece).value(), 4U);
  EXPECT_EQ(as_text(piece), "abcd");
}

TEST(MemorySink, RefusesMoreThanItsLimit) {
  MemorySink sink(4);
  EXPECT_TRUE(sink.write(as_bytes("abc")));
  const auto status = sink.write(as_bytes("de"));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().reason, "stream.too_large");
  EXPECT_EQ(as_text(sink.content()), "abc");
}

TEST(FileSink, AppearsOnlyWhenCommitted) {
  const auto path = scratch("sink");
  {
    auto dropped = FileSink::create(path);
    ASSERT_TRUE(dropped);
    ASSERT_TRUE(dropped->write(as_bytes("half")));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  auto kept = FileSink::create(path);
  ASSERT_TRUE(kept);
  MemorySource content(as_bytes("whole"));
  EXPECT_EQ(copy_all(content, *kept).value(), 5U);
  ASSERT_TRUE(kept->commit());
  auto source = FileSource::open(path);
  ASSERT_TRUE(source);
  EXPECT_EQ(source->size(), 5U);
  for (int round = 0; round < 2; ++round) {
    MemorySink back(100);
    ASSERT_TRUE(copy_all(*source, back));
    EXPECT_EQ(as_text(back.content()), "whole");
    ASSERT_TRUE(source->rewind());
  }
  std::filesystem::remove(path);
}

TEST(FileSource, NamesTheReasonWhenThereIsNoFile) {
  EXPECT_EQ(FileSource::open(scratch("missing")).error().reason, "file.not_found");
  EXPECT_EQ(FileSource::open(std::filesystem::temp_directory_path()).error().reason, "file.unreadable");
}

}  // namespace
}  // namespace hutong
