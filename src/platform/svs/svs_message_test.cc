#include "platform/svs/svs_message.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/encoding.h"
#include "base/file.h"
#include "platform/svs/svs_text.h"
#include "tests/support/support.h"

namespace hutong::platform::svs {
namespace {

using hutong::test::hex;

std::string written(Type type, Choice choice, const Packet& packet, Direction direction) {
  return to_hex(write_message({.type = type, .choice = choice}, packet, direction));
}

/// Every member, or those alone that must be there, with values that show a mix-up.
Packet sample(Type type, Direction direction, bool everything) {
  Packet packet;
  std::uint8_t count = 0;
  for (const MemberRule& rule : rules_of(type, direction)) {
    ++count;
    if (!everything && rule.presence != Presence::kRequired) {
      continue;
    }
    switch (kind_of(rule.member)) {
      case MemberKind::kInteger:
        packet.set(rule.member, std::uint64_t{count});
        break;
      case MemberKind::kBoolean:
        packet.set_flag(rule.member, true);
        break;
      case MemberKind::kOctets:
        packet.set(rule.member, Bytes{count, 0xFB, 0xFF});
        break;
      case MemberKind::kCertificate:
        packet.set(rule.member, Bytes{0x30, 0x03, 0x02, 0x01, count});
        break;
    }
  }
  return packet;
}

TEST(SvsMessage, TheOctetsAreThoseOfTheNorm) {
  Packet name;
  name.set(Member::kIdentification, Bytes{'A'});
  EXPECT_EQ(written(Type::kExportCert, Choice::kDirect, name, Direction::kRequest), "3008020100a003040141");
  EXPECT_EQ(written(Type::kExportCert, Choice::kWrapped, name, Direction::kRequest),
            "300a0201000405a003040141");
  Packet refused;
  refused.set(Member::kRespValue, std::uint64_t{0x0400000C});
  EXPECT_EQ(written(Type::kVerifySignedData, Choice::kDirect, refused, Direction::kResponse),
            "300b020104a40602040400000c");
  const Packet sign = sample(Type::kSignMessage, Direction::kRequest, true);
  EXPECT_EQ(written(Type::kSignMessage, Choice::kDirect, sign, Direction::kRequest),
            "302902010bab24"
            "020101020102040303fbff"  // signMethod, keyIndex, keyValue
            "800104810305fbff"        // signerIDLen [0], signerID [1]
            "020106040307fbff"        // inDataLen, inData
            "8001ff8101ff8201ff");    // originalText [0], certificateChain [1], crl [2]
  const Packet verify = sample(Type::kVerifySignedData, Direction::kRequest, true);
  EXPECT_EQ(written(Type::kVerifySignedData, Choice::kDirect, verify, Direction::kRequest),
            "302d020104a428"
            "020101020102"                // signMethod, type
            "a003020103"                  // cert [0] IMPLICIT: the tag of its SEQUENCE is gone
            "810304fbff820105830306fbff"  // certSN, signerIDLen, signerID
            "020107040308fbff040309fbff02010a");
}

TEST(SvsMessage, TimeStandsUnderItsTag) {
  Packet packet;
  packet.set(Member::kRespValue, std::uint64_t{0});
  const Envelope envelope{.type = Type::kVerifySignedMessage, .time = *from_rfc3339("2026-11-29T08:15:00Z")};
  EXPECT_EQ(to_hex(write_message(envelope, packet, Direction::kResponse)),
            "301902010cac03020100800f" + to_hex(as_bytes("20261129081500Z")));
}

TEST(SvsMessage, EveryPacketIsReadAsItWasWritten) {
  for (std::uint8_t number = 0; number < kTypes; ++number) {
    const Type type = static_cast<Type>(number);
    for (const auto direction : {Direction::kRequest, Direction::kResponse}) {
      for (const bool everything : {true, false}) {
        const Packet packet = sample(type, direction, everything);
        for (const auto choice : {Choice::kDirect, Choice::kWrapped}) {
          const Bytes message = write_message({.type = type, .choice = choice}, packet, direction);
          const auto envelope = read_envelope(message);
          ASSERT_TRUE(envelope) << to_string(type) << envelope.error().reason;
          EXPECT_EQ(envelope->type, type);
          EXPECT_EQ(envelope->choice, choice);
          const auto read = read_packet(type, direction, envelope->packet);
          ASSERT_TRUE(read) << to_string(type) << read.error().detail;
          EXPECT_EQ(*read, packet) << to_string(type);
        }
        const auto form = read_form_packet(type, direction, write_form_packet(type, direction, packet));
        ASSERT_TRUE(form) << form.error().detail;
        EXPECT_EQ(*form, packet) << write_form_packet(type, direction, packet);
        const auto json = read_json_packet(type, direction, write_json_packet(type, direction, packet));
        ASSERT_TRUE(json) << json.error().detail;
        EXPECT_EQ(*json, packet);
      }
    }
  }
}

TEST(SvsMessage, OpenSslCanReadWhatIsWritten) {
  const auto file = std::filesystem::path(testing::TempDir()) / "hutong-svs-message.der";
  for (std::uint8_t number = 0; number < kTypes; ++number) {
    const Type type = static_cast<Type>(number);
    for (const auto direction : {Direction::kRequest, Direction::kResponse}) {
      const Packet packet = sample(type, direction, true);
      ASSERT_TRUE(write_file(file, write_message({.type = type}, packet, direction)));
      const std::string command = "openssl asn1parse -inform DER -in " + file.string() + " > /dev/null";
      EXPECT_EQ(std::system(command.c_str()), 0) << to_string(type);
    }
  }
  std::filesystem::remove(file);
}

TEST(SvsMessage, ADefaultIsNotWrittenAndMayBeRead) {
  Packet packet;
  packet.set(Member::kCert, hex("3003020101"));
  packet.set_flag(Member::kOcsp, false);
  EXPECT_EQ(written(Type::kValidateCert, Choice::kDirect, packet, Direction::kRequest),
            "300a020102a2053003020101");
  const auto explicit_false = read_packet(Type::kValidateCert, Direction::kRequest, hex("3003020101010100"));
  ASSERT_TRUE(explicit_false);
  EXPECT_FALSE(explicit_false->flag(Member::kOcsp));
  EXPECT_TRUE(read_envelope(hex("300b020100020100a003040141"))) << "the version, written out";
}

TEST(SvsMessage, OneOctetStringIsTheMessage) {
  const auto alone = read_packet(Type::kVerifySignedMessage, Direction::kRequest, hex("040141"));
  ASSERT_TRUE(alone);
  EXPECT_FALSE(alone->has(Member::kInData));
  EXPECT_EQ(as_text(alone->octets(Member::kSignedMessage)), "A");
  const auto both = read_packet(Type::kVerifySignedMessage, Direction::kRequest, hex("020101040142040141"));
  ASSERT_TRUE(both);
  EXPECT_EQ(as_text(both->octets(Member::kInData)), "B");
  EXPECT_EQ(as_text(both->octets(Member::kSignedMessage)), "A");
  const auto apart =
      read_packet(Type::kVerifySignedMessage, Direction::kRequest, hex("040142800101810143040141"));
  ASSERT_TRUE(apart);
  EXPECT_EQ(as_text(apart->octets(Member::kInData)), "B");
  EXPECT_EQ(as_text(apart->octets(Member::kSignerId)), "C");
}

TEST(SvsMessage, RefusesWithStableReasons) {
  struct Case {
    std::string_view message;
    std::string_view reason;
  };
  constexpr std::array cases{
      Case{"", "asn1.truncated"},
      Case{"3008020100a0030401", "asn1.truncated"},
      Case{"3008020100a00304014100", "asn1.trailing_data"},
      Case{"300b020101020100a003040141", "svs.version"},
      Case{"300802010da003040141", "svs.type"},
      Case{"3008020101a003040141", "svs.type"},
      Case{"300a0201010405a003040141", "svs.type"},
      Case{"3003020100", "asn1.truncated"},
      Case{"300b0201000406a00304014100", "asn1.trailing_data"},
      Case{"300b020100a003040141800132", "svs.time"},
      Case{"300a020100a0030401410500", "asn1.trailing_data"},
  };
  for (const Case& one : cases) {
    const auto read = read_envelope(hex(one.message));
    ASSERT_FALSE(read) << one.message;
    EXPECT_EQ(read.error().reason, one.reason) << one.message;
  }
  EXPECT_EQ(read_packet(Type::kExportCert, Direction::kRequest, {}).error().reason, "svs.member");
  EXPECT_EQ(read_packet(Type::kExportCert, Direction::kRequest, hex("0401410500")).error().reason,
            "asn1.trailing_data");
  EXPECT_EQ(read_packet(Type::kValidateCert, Direction::kRequest, hex("3000010101")).error().reason,
            "asn1.boolean");
}

TEST(SvsMessage, TimesAsTheNormAndItsExampleWriteThem) {
  const auto read = [](std::string_view text) {
    const auto time = read_svs_time(text);
    return time ? to_rfc3339(*time) : std::string(time.error().reason);
  };
  EXPECT_EQ(read("20131001120000Z"), "2013-10-01T12:00:00Z");
  EXPECT_EQ(read("20131001120000Z+0800"), "2013-10-01T04:00:00Z");
  EXPECT_EQ(read("201310011200+0800"), "2013-10-01T04:00:00Z");
  EXPECT_EQ(read("20131001120000.25-0130"), "2013-10-01T13:30:00Z");
  for (const auto* bad :
       {"", "2013", "20131001120000", "20131301120000Z", "20131001120000.Z", "20131001120000+8",
        "20131001120000Z ", "20131001120000+2460", "99991231235959-1400"}) {
    EXPECT_EQ(read(bad), "svs.time") << bad;
  }
  EXPECT_EQ(write_svs_time(*read_svs_time("20131001120000Z")), "20131001120000Z");
}

TEST(SvsText, OldProgramsAndOtherSpellingsAreRead) {
  const auto blank = read_form_packet(Type::kExportCert, Direction::kRequest, "Identification=+++ ");
  ASSERT_TRUE(blank);
  EXPECT_EQ(to_hex(blank->octets(Member::kIdentification)), "fbefbe") << "a blank was a plus";
  const auto numbers =
      read_json_packet(Type::kParseCert, Direction::kRequest, {{"infoType", 7}, {"cert", "MAMCAQE="}});
  ASSERT_TRUE(numbers);
  EXPECT_EQ(numbers->number(Member::kInfoType), 7U);
  EXPECT_EQ(type_from("SignData"), Type::kSignData);
  EXPECT_EQ(type_from("signData"), Type::kSignData);
  EXPECT_FALSE(type_from("signdata"));
  EXPECT_FALSE(type_from(""));
}

}  // namespace
}  // namespace hutong::platform::svs
