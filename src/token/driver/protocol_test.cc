#include "token/driver/protocol.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace hutong::token {
namespace {

/// The example of docs/tokens-driver-protocol.md.
constexpr std::string_view kExample =
    "48440103 07000000 19000000"  // HD, version 1, call, number 7, 25 octets
    "23000000"                    // SKF_GetContainerType
    "01 06000000"                 // number
    "02 2a000000"                 // handle
    "03 01000000 78"              // octets
    "04 00100000";                // room

TEST(DriverProtocol, WritesTheDocumentedOctets) {
  FrameWriter writer(FrameKind::kCall, 35);
  writer.number(6).handle(42).text("x").room(4096);
  EXPECT_EQ(to_hex(writer.finish(7).value()), to_hex(from_hex(kExample).value()));
}

TEST(DriverProtocol, ReadsWhatItWrites) {
  FrameWriter writer(FrameKind::kResult, 0x0A000024);
  const Bytes large(100'000, 0x42);
  writer.number(3).octets(large).absent().handle(9);
  const ByteView frame = writer.finish(1).value();
  const auto header = read_header(frame.first(kFrameHeaderSize));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->kind, FrameKind::kResult);
  EXPECT_EQ(header->number, 1U);
  ASSERT_EQ(header->length, frame.size() - kFrameHeaderSize);
  const auto message = read_message(frame.subspan(kFrameHeaderSize));
  ASSERT_TRUE(message);
  EXPECT_EQ(message->code, 0x0A000024U);
  ASSERT_EQ(message->values.size(), 4U);
  EXPECT_EQ(message->values[0].number, 3U);
  EXPECT_TRUE(equal(message->values[1].octets, large));
  EXPECT_EQ(message->values[2].kind, ValueKind::kAbsent);
  EXPECT_EQ(message->values[3].kind, ValueKind::kHandle);
}

TEST(DriverProtocol, RefusesHeadersOfOthers) {
  const Bytes good = from_hex(kExample.substr(0, 26)).value();
  ASSERT_TRUE(read_header(good));
  const auto refused = [&](std::size_t at, std::uint8_t octet) {
    Bytes changed = good;
    changed.at(at) = octet;
    return std::string(read_header(changed).error().reason);
  };
  EXPECT_EQ(refused(0, 'X'), "token.frame");
  EXPECT_EQ(refused(2, 2), "token.frame_version");
  EXPECT_EQ(refused(3, 0), "token.frame");
  EXPECT_EQ(refused(3, 5), "token.frame");
  EXPECT_EQ(refused(11, 1), "token.frame_length");
  EXPECT_EQ(read_header(ByteView(good).first(11)).error().reason, "token.frame");
}

TEST(DriverProtocol, RefusesBodiesThatEndEarlyOrHoldTooMuch) {
  const Bytes frame = from_hex(kExample).value();
  const ByteView body = ByteView(frame).subspan(kFrameHeaderSize);
  ASSERT_TRUE(read_message(body));
  for (const std::size_t size : {0U, 3U, 5U, 8U, 13U, 15U, 19U, 22U}) {
    EXPECT_EQ(read_message(body.first(size)).error().reason, "token.frame") << size;
  }
  Bytes unknown = to_bytes(body);
  unknown.push_back(9);
  EXPECT_EQ(read_message(unknown).error().reason, "token.frame");
  Bytes many(4);
  many.insert(many.end(), kMostValues, static_cast<std::uint8_t>(ValueKind::kAbsent));
  EXPECT_TRUE(read_message(many));
  many.push_back(static_cast<std::uint8_t>(ValueKind::kAbsent));
  EXPECT_EQ(read_message(many).error().reason, "token.frame_values");
  FrameWriter large(FrameKind::kCall, 1);
  large.octets(Bytes(kMostFrameBody));
  EXPECT_EQ(large.finish(1).error().reason, "token.frame_length");
}

}  // namespace
}  // namespace hutong::token
