#include "x509/quirks.h"

#include <gtest/gtest.h>

#include <set>

#include "base/encoding.h"
#include "x509/serial.h"

namespace hutong::x509 {
namespace {

TEST(Quirks, EveryRowIsComplete) {
  std::set<std::string_view> ids;
  for (const QuirkInfo& info : quirk_table()) {
    EXPECT_TRUE(ids.insert(info.finding.code).second) << info.finding.code;
    EXPECT_EQ(info.finding.severity, Severity::kInfo);
    for (const std::string_view text : {info.finding.clause, info.finding.zh, info.finding.en}) {
      EXPECT_FALSE(text.empty()) << info.finding.code;
      EXPECT_TRUE(is_utf8(text));
    }
    EXPECT_EQ(find_quirk(info.finding.code), &info);
    EXPECT_EQ(QuirkPolicy::standard().allows(info.quirk), info.accepted);
    EXPECT_FALSE(QuirkPolicy::strict().allows(info.quirk));
    EXPECT_TRUE(QuirkPolicy::everything().allows(info.quirk));
  }
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(Quirk::kCount));
  EXPECT_EQ(find_quirk("cert.nothing"), nullptr);
}

TEST(Quirks, RecorderNotesOrRefuses) {
  QuirkRecorder recorder;
  EXPECT_TRUE(recorder.meet(Quirk::kSerialZero));
  const auto refused = recorder.meet(Quirk::kAlgorithmMismatch, "why");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "cert.algorithm_mismatch");
  EXPECT_NE(refused.error().detail.find("why"), std::string::npos);
  EXPECT_EQ(recorder.seen().list(), std::vector<Quirk>{Quirk::kSerialZero});
  const auto findings = quirk_findings(recorder.seen(), "chain[0]");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].code(), "cert.serial_zero");
  EXPECT_EQ(findings[0].where(), "chain[0]");
  EXPECT_EQ(indication_of(findings), Indication::kValid);
}

TEST(Serial, Forms) {
  EXPECT_EQ(Serial::from_hex("69:e2 FE").value().to_hex(), "69e2fe");
  EXPECT_EQ(Serial::from_hex("A5").value().to_hex(), "a5");
  const Serial high = Serial::from_hex("A5").value();
  EXPECT_EQ(to_hex(high.content()), "00a5");
  EXPECT_EQ(Serial::from_hex("00a5").value(), Serial::from_hex("A5").value());
  EXPECT_EQ(Serial::from_hex("123").value().to_hex(), "0123");
  EXPECT_TRUE(Serial::from_hex("").value().is_zero());
  EXPECT_EQ(Serial::from_hex("0").value().to_hex(), "00");
  EXPECT_FALSE(Serial::from_hex("xy"));
  const Bytes negative{0xFF};
  EXPECT_TRUE(Serial::from_content(negative).value().is_negative());
  const Bytes padded{0x00, 0x01};
  EXPECT_FALSE(Serial::from_content(padded));
}

}  // namespace
}  // namespace hutong::x509
