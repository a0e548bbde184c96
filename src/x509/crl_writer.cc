#include "x509/crl_writer.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "asn1/oids.h"
#include "x509/internal/extension_writing.h"

namespace hutong::x509 {
namespace {

using asn1::Tag;
using asn1::Writer;
namespace oids = asn1::oids;

constexpr std::size_t kReasonCodes = 11;
constexpr std::size_t kMostHeader = 10;  ///< tag and length of anything

Bytes entry_extension(const asn1::Oid& oid, bool critical, const Writer& value) {
  return to_der(ExtensionValue{oid, critical, to_bytes(value.view())});
}

Bytes encode_reason(std::size_t number) {
  Writer value;
  value.small(number, Tag::kEnumerated);
  return entry_extension(oids::kReasonCode, false, value);
}

/// A SEQUENCE with the reason alone: a list has few reasons and many entries.
const Bytes& reason_extensions(CrlReason reason) {
  static const std::array<Bytes, kReasonCodes> encoded = [] {
    std::array<Bytes, kReasonCodes> all;
    for (std::size_t number = 0; number < kReasonCodes; ++number) {
      Writer extensions;
      extensions.element(Tag::kSequence, encode_reason(number));
      all.at(number) = to_bytes(extensions.view());
    }
    return all;
  }();
  return encoded.at(static_cast<std::size_t>(reason));
}

void write_entry_extensions(Writer& out, const RevokedCertificate& entry) {
  if (entry.reason && *entry.reason != CrlReason::kUnspecified) {
    out.raw(encode_reason(static_cast<std::size_t>(*entry.reason)));
  }
  if (entry.invalidity_date) {
    Writer value;
    value.generalized_time(*entry.invalidity_date);
    out.raw(entry_extension(oids::kInvalidityDate, false, value));
  }
  if (entry.certificate_issuer) {
    Writer value;
    value.sequence([&entry](Writer& names) { names.raw(directory_name(*entry.certificate_issuer)); });
    out.raw(entry_extension(oids::kCertificateIssuer, true, value));
  }
}

void write_entry(Writer& list, const RevokedCertificate& entry) {
  Writer extensions;
  write_entry_extensions(extensions, entry);
  list.sequence([&](Writer& fields) {
    fields.element(Tag::kInteger, entry.serial.content());
    fields.time(entry.revoked_at);
    if (!extensions.view().empty()) {
      fields.element(Tag::kSequence, extensions.view());
    }
  });
}

void append_digits(Bytes& out, int two_digits) {
  out.push_back(static_cast<std::uint8_t>('0' + two_digits / 10));
  out.push_back(static_cast<std::uint8_t>('0' + two_digits % 10));
}

/// What Writer::time() writes.
void append_time(Bytes& out, Time time) {
  constexpr std::uint8_t kUtcTimeSize = 13;
  const CivilTime c = to_civil(time);
  if (c.year < 1950 || c.year > 2049) {
    Writer other;
    other.time(time);
    append(out, other.view());
    return;
  }
  out.push_back(static_cast<std::uint8_t>(Tag::kUtcTime));
  out.push_back(kUtcTimeSize);
  for (const int two_digits : {c.year % 100, c.month, c.day, c.hour, c.minute, c.second}) {
    append_digits(out, two_digits);
  }
  out.push_back('Z');
}

/// The entry of most lists, a serial, a time and perhaps a reason, without a detour: it is the million of
/// them that takes time. Anything longer goes the usual way.
void append_entry(Bytes& out, const RevokedCertificate& entry) {
  constexpr std::size_t kMostSerial = 64;
  const ByteView serial = entry.serial.content();
  if (entry.invalidity_date || entry.certificate_issuer || serial.size() > kMostSerial) {
    Writer list;
    write_entry(list, entry);
    append(out, list.view());
    return;
  }
  out.push_back(static_cast<std::uint8_t>(Tag::kSequence));
  out.push_back(0);
  const std::size_t start = out.size();
  out.push_back(static_cast<std::uint8_t>(Tag::kInteger));
  out.push_back(static_cast<std::uint8_t>(serial.size()));
  append(out, serial);
  append_time(out, entry.revoked_at);
  if (entry.reason && *entry.reason != CrlReason::kUnspecified) {
    append(out, reason_extensions(*entry.reason));
  }
  out[start - 1] = static_cast<std::uint8_t>(out.size() - start);
}

/// What stands before the entries.
void write_head(Writer& fields, const TbsCrl& tbs, const crypto::SignatureAlgorithm& algorithm) {
  constexpr std::uint64_t kVersion2 = 1;
  fields.small(kVersion2);
  fields.raw(algorithm.to_der());
  fields.raw(tbs.issuer.der());
  fields.time(tbs.this_update);
  if (tbs.next_update) {
    fields.time(*tbs.next_update);
  }
}

void write_tail(Writer& fields, const TbsCrl& tbs) {
  if (!tbs.extensions.empty()) {
    fields.constructed(asn1::context_constructed(0),
                       [&tbs](Writer& wrapped) { internal::write_extensions(wrapped, tbs.extensions); });
  }
}

/// Tag and length of a SEQUENCE whose content stands elsewhere.
Bytes sequence_header(std::size_t length) {
  Bytes header{static_cast<std::uint8_t>(Tag::kSequence)};
  if (length < 0x80) {
    header.push_back(static_cast<std::uint8_t>(length));
    return header;
  }
  Bytes octets;
  for (; length != 0; length >>= 8) {
    octets.insert(octets.begin(), static_cast<std::uint8_t>(length));
  }
  header.push_back(static_cast<std::uint8_t>(0x80 | octets.size()));
  append(header, octets);
  return header;
}

/// TBSCertList from its parts, behind `gap` octets that are left free.
Bytes assemble(std::size_t gap, ByteView head, std::span<const Bytes> entries, ByteView tail,
               std::size_t room_behind) {
  std::size_t size = 0;
  for (const Bytes& piece : entries) {
    size += piece.size();
  }
  const Bytes entries_header = size == 0 ? Bytes() : sequence_header(size);
  const std::size_t length = head.size() + entries_header.size() + size + tail.size();
  const Bytes header = sequence_header(length);
  Bytes out;
  out.reserve(gap + header.size() + length + room_behind);
  out.resize(gap);
  append(out, header);
  append(out, head);
  append(out, entries_header);
  for (const Bytes& piece : entries) {
    append(out, piece);
  }
  append(out, tail);
  return out;
}

}  // namespace

Bytes to_der(const TbsCrl& tbs, const crypto::SignatureAlgorithm& algorithm) {
  Writer head;
  Bytes entries;
  Writer tail;
  write_head(head, tbs, algorithm);
  for (const RevokedCertificate& entry : tbs.entries) {
    append_entry(entries, entry);
  }
  write_tail(tail, tbs);
  return assemble(0, head.view(), {&entries, 1}, tail.view(), 0);
}

Result<CrlDer> sign(const TbsCrl& tbs, const crypto::Signer& signer) {
  HUTONG_TRY(Bytes der, CrlWriter(tbs).sign(signer));
  return CrlDer(std::move(der));
}

CrlWriter::CrlWriter(TbsCrl frame) : frame_(std::move(frame)) {
  for (const RevokedCertificate& entry : frame_.entries) {
    add(entry);
  }
  frame_.entries = {};
}

void CrlWriter::add(const RevokedCertificate& entry) {
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  constexpr std::size_t kRoomForEntry = 256;  // an entry of the longer kind may make a piece grow
  if (pieces_.empty() || pieces_.back().size() + kRoomForEntry > kPiece) {
    pieces_.emplace_back().reserve(kPiece);
  }
  append_entry(pieces_.back(), entry);
}

Result<Bytes> CrlWriter::sign(const crypto::Signer& signer) && {
  constexpr std::size_t kRoomForSignature = 1'024;
  Writer head;
  Writer tail;
  write_head(head, frame_, signer.algorithm());
  write_tail(tail, frame_);
  Bytes out = assemble(kMostHeader, head.view(), pieces_, tail.view(), kRoomForSignature);
  pieces_.clear();
  HUTONG_TRY(const Bytes signature, signer.sign(ByteView(out).subspan(kMostHeader)));
  Writer end;
  end.raw(signer.algorithm().to_der());
  end.bit_string(signature);
  append(out, end.view());
  const Bytes header = sequence_header(out.size() - kMostHeader);
  const auto begin = out.begin() + static_cast<std::ptrdiff_t>(kMostHeader - header.size());
  std::ranges::copy(header, begin);
  out.erase(out.begin(), begin);
  return out;
}

}  // namespace hutong::x509
