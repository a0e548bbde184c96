#include "platform/svs/svs_message.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "asn1/reader.h"
#include "asn1/writer.h"

namespace hutong::platform::svs {
namespace {

using asn1::context;
using asn1::context_constructed;
using asn1::Reader;
using asn1::Tag;
using asn1::Writer;

constexpr std::uint8_t kTimeTag = 0;
constexpr std::uint8_t kTokenTag = 1;
constexpr std::uint8_t kAttributesTag = 2;

Error malformed(std::string_view reason, std::string detail) {
  return {Errc::kMalformed, reason, std::move(detail)};
}

Tag universal_tag(MemberKind kind) {
  switch (kind) {
    case MemberKind::kInteger:
      return Tag::kInteger;
    case MemberKind::kBoolean:
      return Tag::kBoolean;
    case MemberKind::kOctets:
      return Tag::kOctetString;
    case MemberKind::kCertificate:
      break;
  }
  return Tag::kSequence;
}

Tag tag_of(const MemberRule& rule) {
  const MemberKind kind = kind_of(rule.member);
  if (rule.tag < 0) {
    return universal_tag(kind);
  }
  const auto number = static_cast<std::uint8_t>(rule.tag);
  return kind == MemberKind::kCertificate ? context_constructed(number) : context(number);
}

std::size_t octet_strings_left(Reader reader) {
  std::size_t count = 0;
  while (!reader.at_end()) {
    count += reader.next_is(Tag::kOctetString) ? 1 : 0;
    if (!reader.read_any()) {
      break;
    }
  }
  return count;
}

/// VerifySignedMessageReq has two octet strings of which the first may be absent: one alone is the second.
bool is_absent(const Reader& reader, const MemberRule& rule) {
  const Tag tag = tag_of(rule);
  return !reader.next_is(tag) || (rule.presence == Presence::kOptional && rule.member == Member::kInData &&
                                  octet_strings_left(reader) < 2);
}

/// IMPLICIT tagging took the tag of the SEQUENCE away.
Bytes as_sequence(ByteView content) {
  Writer out;
  out.element(Tag::kSequence, content);
  return std::move(out).take();
}

Status take_member(Reader& reader, const MemberRule& rule, Packet& packet) {
  if (is_absent(reader, rule)) {
    return rule.presence == Presence::kRequired
               ? Status(malformed("svs.member", std::string(to_string(rule.member)) + " is missing"))
               : ok();
  }
  HUTONG_TRY(const ByteView content, reader.read(tag_of(rule)));
  switch (kind_of(rule.member)) {
    case MemberKind::kInteger: {
      HUTONG_TRY(const auto number, asn1::small_from(content));
      packet.set(rule.member, number);
      break;
    }
    case MemberKind::kBoolean:
      if (content.size() != 1 || (content[0] != 0x00 && content[0] != 0xFF)) {
        return malformed("asn1.boolean", std::string(to_string(rule.member)));
      }
      packet.set_flag(rule.member, content[0] != 0);
      break;
    case MemberKind::kOctets:
      packet.set(rule.member, to_bytes(content));
      break;
    case MemberKind::kCertificate:
      packet.set(rule.member, as_sequence(content));
      break;
  }
  return ok();
}

void write_member(const MemberRule& rule, const Packet& packet, Writer& out) {
  const bool written =
      packet.has(rule.member) && (rule.presence != Presence::kDefaultFalse || packet.flag(rule.member));
  if (!written) {
    return;
  }
  switch (kind_of(rule.member)) {
    case MemberKind::kInteger:
      out.small(*packet.number(rule.member), tag_of(rule));
      break;
    case MemberKind::kBoolean: {
      const Bytes content{static_cast<std::uint8_t>(packet.flag(rule.member) ? 0xFF : 0x00)};
      out.element(tag_of(rule), content);
      break;
    }
    case MemberKind::kOctets:
      out.element(tag_of(rule), packet.octets(rule.member));
      break;
    case MemberKind::kCertificate: {
      Reader whole(packet.octets(rule.member));
      const auto content = whole.read(Tag::kSequence);
      out.element(tag_of(rule), content ? *content : ByteView());
      break;
    }
  }
}

Status read_choice(Reader& reader, Envelope& envelope) {
  const Tag tag = context_constructed(static_cast<std::uint8_t>(envelope.type));
  HUTONG_TRY(const auto element, reader.read_any());
  envelope.request = element.encoded;
  envelope.choice = element.tag == Tag::kOctetString ? Choice::kWrapped : Choice::kDirect;
  if (envelope.choice == Choice::kDirect) {
    envelope.packet = element.content;
    return element.tag == tag ? ok()
                              : Status(malformed("svs.type", "the packet is not that of the type named"));
  }
  Reader wrapped(element.content);
  if (!wrapped.next_is(tag)) {
    return malformed("svs.type", "the packet is not that of the type named");
  }
  HUTONG_TRY(envelope.packet, wrapped.read(tag));
  return wrapped.finish();
}

/// version INTEGER DEFAULT v1 (0), then the type, which is an INTEGER as well.
Result<Type> read_type(Reader& reader) {
  HUTONG_TRY(auto number, reader.read_small());
  if (reader.next_is(Tag::kInteger)) {
    if (number != 0) {
      return malformed("svs.version", "version " + std::to_string(number) + " is unknown");
    }
    HUTONG_TRY(number, reader.read_small());
  }
  if (number >= kTypes) {
    return malformed("svs.type", "type " + std::to_string(number) + " is unknown");
  }
  return static_cast<Type>(number);
}

/// Digits at the front of `text`, which are taken away; nothing when there are fewer than `count`.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  int number = 0;
  if (text.size() < count || !std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(count),
                                          [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  std::from_chars(text.data(), text.data() + count, number);
  text.remove_prefix(count);
  return number;
}

/// "Z", "+0800", "Z+0800"; how far local time is ahead.
std::optional<std::chrono::minutes> read_zone(std::string_view text) {
  const bool zulu = text.starts_with('Z');
  text.remove_prefix(zulu ? 1 : 0);
  if (text.empty()) {
    return zulu ? std::optional(std::chrono::minutes(0)) : std::nullopt;
  }
  const char sign = text.front();
  text.remove_prefix(1);
  const auto hours = take_digits(text, 2);
  const auto minutes = take_digits(text, 2);
  if ((sign != '+' && sign != '-') || !hours || !minutes || !text.empty() || *hours > 14 || *minutes > 59) {
    return std::nullopt;
  }
  const std::chrono::minutes offset(*hours * 60 + *minutes);
  return sign == '+' ? offset : -offset;
}

}  // namespace

Result<Time> read_svs_time(std::string_view text) {
  const Error wrong_time = malformed("svs.time", "a time is YYYYMMDDhhmm[ss[.s…]] with Z or an offset");
  CivilTime civil{};
  for (int* part : {&civil.year, &civil.month, &civil.day, &civil.hour, &civil.minute}) {
    const auto digits = take_digits(text, part == &civil.year ? 4 : 2);
    if (!digits) {
      return wrong_time;
    }
    *part = *digits;
  }
  if (const auto second = take_digits(text, 2)) {
    civil.second = *second;
    if (text.starts_with('.')) {
      const auto end = text.find_first_not_of("0123456789", 1);
      if (end == 1) {
        return wrong_time;
      }
      text.remove_prefix(std::min(end, text.size()));
    }
  }
  const auto offset = read_zone(text);
  const auto time = from_civil(civil);
  if (!offset || !time) {
    return wrong_time;
  }
  const int year = to_civil(*time - *offset).year;
  return year >= 1 && year <= 9999 ? Result<Time>(*time - *offset) : Result<Time>(wrong_time);
}

std::string write_svs_time(Time time) {
  Writer out;
  out.generalized_time(time);
  Reader reader(out.view());
  const auto content = reader.read(Tag::kGeneralizedTime);
  return std::string(as_text(content.value()));
}

Result<Envelope> read_envelope(ByteView message) {
  Reader outer(message);
  HUTONG_TRY(auto reader, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  Envelope envelope;
  HUTONG_TRY(envelope.type, read_type(reader));
  HUTONG_CHECK(read_choice(reader, envelope));
  HUTONG_TRY(const auto time, reader.read_optional(context(kTimeTag)));
  if (time) {
    HUTONG_TRY(const auto read, read_svs_time(as_text(*time)));
    envelope.time = read;
  }
  HUTONG_TRY(const auto token, reader.read_optional(context_constructed(kTokenTag)));
  if (token) {
    envelope.time_stamp_token = as_sequence(*token);
  }
  HUTONG_TRY(const auto attributes, reader.read_optional(context_constructed(kAttributesTag)));
  static_cast<void>(attributes);  // extAttributes: whatever the business agreed on, nothing to us
  HUTONG_CHECK(reader.finish());
  return envelope;
}

Bytes write_message(const Envelope& envelope, const Packet& packet, Direction direction) {
  Writer choice;
  choice.constructed(context_constructed(static_cast<std::uint8_t>(envelope.type)), [&](Writer& members) {
    for (const MemberRule& rule : rules_of(envelope.type, direction)) {
      write_member(rule, packet, members);
    }
  });
  Writer out;
  out.sequence([&](Writer& body) {
    body.small(static_cast<std::uint64_t>(envelope.type));
    if (envelope.choice == Choice::kWrapped) {
      body.octet_string(choice.view());
    } else {
      body.raw(choice.view());
    }
    if (envelope.time) {
      body.generalized_time(*envelope.time, context(kTimeTag));
    }
  });
  return std::move(out).take();
}

Result<Packet> read_packet(Type type, Direction direction, ByteView content) {
  Reader reader(content);
  Packet packet;
  for (const MemberRule& rule : rules_of(type, direction)) {
    HUTONG_CHECK(take_member(reader, rule, packet));
  }
  HUTONG_CHECK(reader.finish());
  return packet;
}

}  // namespace hutong::platform::svs
