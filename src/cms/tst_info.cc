#include "cms/tst_info.h"

#include <array>

#include "asn1/reader.h"
#include "asn1/writer.h"
#include "cms/internal/algorithms.h"
#include "cms/internal/imprint.h"
#include "cms/internal/timestamp_error.h"

namespace hutong::cms {
namespace {

using asn1::Tag;
using asn1::Writer;

constexpr std::size_t kWholeSeconds = 14;  // YYYYMMDDHHMMSS

struct StampTime {
  Time time;
  std::uint32_t microseconds;
};

/// GeneralizedTime with an optional fraction behind a full stop (RFC 3161 2.4.2).
Result<StampTime> read_stamp_time(ByteView content) {
  std::uint32_t microseconds = 0;
  Bytes whole = to_bytes(content.first(std::min(content.size(), kWholeSeconds)));
  whole.push_back('Z');
  if (content.size() > kWholeSeconds + 1) {
    std::uint32_t weight = 100'000;
    const ByteView digits = content.subspan(kWholeSeconds + 1, content.size() - kWholeSeconds - 2);
    for (const std::uint8_t digit : digits) {
      if (digit < '0' || digit > '9') {
        return internal::broken_timestamp("genTime is not a time with a fraction");
      }
      microseconds += weight * static_cast<std::uint32_t>(digit - '0');
      weight /= 10;
    }
    if (content[kWholeSeconds] != '.' || digits.empty()) {
      return internal::broken_timestamp("genTime has a fraction in another form than RFC 3161 allows");
    }
  }
  if (content.empty() || content.back() != 'Z') {
    return internal::broken_timestamp("genTime is not in UTC");
  }
  HUTONG_TRY(const Time time, asn1::generalized_time_from(whole));
  return StampTime{time, microseconds};
}

Result<std::uint16_t> read_part(ByteView content) {
  HUTONG_TRY(const std::uint64_t value, asn1::small_from(content));
  if (value < 1 || value > 999) {
    return internal::broken_timestamp("a part of the accuracy is out of range");
  }
  return static_cast<std::uint16_t>(value);
}

Result<Accuracy> read_accuracy(asn1::Reader reader) {
  Accuracy accuracy;
  if (reader.next_is(Tag::kInteger)) {
    HUTONG_TRY(const std::uint64_t seconds, reader.read_small());
    if (seconds > UINT32_MAX) {
      return internal::broken_timestamp("an accuracy of more than a century");
    }
    accuracy.seconds = static_cast<std::uint32_t>(seconds);
  }
  if (reader.next_is(Tag::kInteger)) {
    HUTONG_TRY(const ByteView millis, reader.read_integer());
    HUTONG_TRY(accuracy.millis, read_part(millis));
    accuracy.untagged_millis = true;
  } else if (reader.next_is(asn1::context(0))) {
    HUTONG_TRY(const ByteView millis, reader.read(asn1::context(0)));
    HUTONG_TRY(accuracy.millis, read_part(millis));
  }
  if (reader.next_is(asn1::context(1))) {
    HUTONG_TRY(const ByteView micros, reader.read(asn1::context(1)));
    HUTONG_TRY(accuracy.micros, read_part(micros));
  }
  HUTONG_CHECK(reader.finish());
  return accuracy;
}

Status read_optional_fields(asn1::Reader& reader, TstInfo& info) {
  if (reader.next_is(Tag::kSequence)) {
    HUTONG_TRY(const asn1::Reader accuracy, reader.enter_sequence());
    HUTONG_TRY(info.accuracy, read_accuracy(accuracy));
  }
  if (reader.next_is(Tag::kBoolean)) {
    HUTONG_TRY(info.ordering, reader.read_boolean());
  }
  if (reader.next_is(Tag::kInteger)) {
    HUTONG_TRY(const ByteView nonce, reader.read_integer());
    HUTONG_TRY(info.nonce, x509::Serial::from_content(nonce));
  }
  HUTONG_TRY(const auto authority, reader.read_optional(asn1::context_constructed(0)));
  if (authority) {
    info.authority = to_bytes(*authority);
  }
  HUTONG_TRY(const auto extensions, reader.read_optional(asn1::context_constructed(1)));
  if (extensions) {
    info.extensions = to_bytes(*extensions);
  }
  return reader.finish();
}

std::string generalized(const TstInfo& info) {
  Writer writer;
  writer.generalized_time(info.time);
  std::string text(as_text(writer.view().subspan(2)));
  if (info.microseconds == 0) {
    return text;
  }
  std::string fraction = std::to_string(1'000'000 + info.microseconds).substr(1);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  text.insert(text.size() - 1, "." + fraction);
  return text;
}

void write_accuracy(Writer& out, const Accuracy& accuracy) {
  out.sequence([&](Writer& body) {
    if (accuracy.seconds) {
      body.small(*accuracy.seconds);
    }
    if (accuracy.millis) {
      body.small(*accuracy.millis, asn1::context(0));
    }
    if (accuracy.micros) {
      body.small(*accuracy.micros, asn1::context(1));
    }
  });
}

}  // namespace

namespace internal {

Result<MessageImprint> read_imprint(asn1::Reader& reader) {
  HUTONG_TRY(asn1::Reader fields, reader.enter_sequence());
  HUTONG_TRY(const asn1::Element algorithm, fields.read_element(Tag::kSequence));
  HUTONG_TRY(const ByteView digest, fields.read_octet_string());
  HUTONG_CHECK(fields.finish());
  MessageImprint imprint;
  const auto known = read_digest_algorithm(algorithm.encoded);
  if (!known) {
    return Error{known.error().code,
                 known.error().code == Errc::kPolicy ? "timestamp.digest_unknown" : "timestamp.structure",
                 known.error().detail};
  }
  imprint.algorithm = *known;
  imprint.digest = to_bytes(digest);
  if (digest.size() != crypto::digest_size(imprint.algorithm)) {
    return internal::broken_timestamp("the imprint does not have the length of its digest");
  }
  return imprint;
}

void write_imprint(Writer& out, const MessageImprint& imprint) {
  out.sequence([&](Writer& body) {
    body.raw(write_digest_algorithm(imprint.algorithm));
    body.octet_string(imprint.digest);
  });
}

}  // namespace internal

MessageImprint imprint_of(ByteView data, crypto::DigestAlgorithm algorithm) {
  return {algorithm, crypto::digest(algorithm, data)};
}

std::chrono::seconds Accuracy::to_seconds() const {
  const bool more = millis.value_or(0) > 0 || micros.value_or(0) > 0;
  return std::chrono::seconds(seconds.value_or(0)) + std::chrono::seconds(more ? 1 : 0);
}

Result<TstInfo> TstInfo::from_der(ByteView der) {
  asn1::Reader outer(der);
  HUTONG_TRY(asn1::Reader reader, outer.enter_sequence());
  HUTONG_CHECK(outer.finish());
  HUTONG_TRY(const std::uint64_t version, reader.read_small());
  if (version != 1) {
    return internal::broken_timestamp("TSTInfo has another version than 1");
  }
  TstInfo info;
  HUTONG_TRY(info.policy, reader.read_oid());
  HUTONG_TRY(info.imprint, internal::read_imprint(reader));
  HUTONG_TRY(const ByteView serial, reader.read_integer());
  HUTONG_TRY(info.serial, x509::Serial::from_content(serial));
  HUTONG_TRY(const ByteView time, reader.read(Tag::kGeneralizedTime));
  HUTONG_TRY(const StampTime stamp, read_stamp_time(time));
  info.time = stamp.time;
  info.microseconds = stamp.microseconds;
  HUTONG_CHECK(read_optional_fields(reader, info));
  return info;
}

Bytes TstInfo::to_der() const {
  Writer out;
  out.sequence([&](Writer& body) {
    body.small(1);
    body.oid(policy);
    internal::write_imprint(body, imprint);
    body.element(Tag::kInteger, serial.content());
    body.text(Tag::kGeneralizedTime, generalized(*this));
    if (accuracy) {
      write_accuracy(body, *accuracy);
    }
    if (ordering) {
      body.boolean(true);
    }
    if (nonce) {
      body.element(Tag::kInteger, nonce->content());
    }
    if (!authority.empty()) {
      body.element(asn1::context_constructed(0), authority);
    }
    if (!extensions.empty()) {
      body.element(asn1::context_constructed(1), extensions);
    }
  });
  return std::move(out).take();
}

}  // namespace hutong::cms
