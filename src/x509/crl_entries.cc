#include "x509/internal/crl_entries.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "asn1/oids.h"
#include "x509/internal/extension_reading.h"

namespace hutong::x509::internal {
namespace {

using asn1::Reader;
using asn1::Tag;
namespace oids = asn1::oids;

struct ReadEntry {
  CrlEntry entry;
  std::vector<GeneralName> certificate_issuer;
};

Status read_reason(ByteView value, CrlEntry& entry) {
  Reader reader(value);
  HUTONG_TRY(const std::uint64_t number, reader.read_enumerated());
  HUTONG_CHECK(reader.finish());
  HUTONG_TRY(entry.reason, crl_reason_from(number));
  return ok();
}

Status read_invalidity_date(ByteView value, CrlEntry& entry) {
  Reader reader(value);
  HUTONG_TRY(const ByteView content, reader.read(Tag::kGeneralizedTime));
  HUTONG_CHECK(reader.finish());
  HUTONG_TRY(entry.invalidity_date, asn1::generalized_time_from(content));
  return ok();
}

Status read_certificate_issuer(ByteView value, ReadEntry& into, QuirkRecorder& quirks) {
  HUTONG_TRY(into.certificate_issuer, parse_alternative_names(value, quirks));
  into.entry.names_issuer = true;
  const auto named = [](const GeneralName& name) { return name.directory.has_value(); };
  if (std::ranges::none_of(into.certificate_issuer, named)) {
    return Error{Errc::kMalformed, "crl.certificate_issuer", "certificateIssuer without a directory name"};
  }
  return ok();
}

Status read_entry_extension(const Extension& extension, ReadEntry& into, QuirkRecorder& quirks) {
  if (extension.oid == oids::kReasonCode) {
    return into.entry.reason ? quirks.meet(Quirk::kDuplicateExtension)
                             : read_reason(extension.value, into.entry);
  }
  if (extension.oid == oids::kInvalidityDate) {
    return read_invalidity_date(extension.value, into.entry);
  }
  if (extension.oid == oids::kCertificateIssuer) {
    return read_certificate_issuer(extension.value, into, quirks);
  }
  const bool known = extension.oid == oids::kHoldInstruction;
  into.entry.has_unknown_critical_extension |= extension.critical && !known;
  return ok();
}

/// What follows the date in nearly every entry, but for the reason itself: Extensions of a reasonCode alone.
constexpr std::array<std::uint8_t, 13> kReasonAlone = {0x30, 0x0C, 0x30, 0x0A, 0x06, 0x03, 0x55,
                                                       0x1D, 0x15, 0x04, 0x03, 0x0A, 0x01};

Result<ReadEntry> read_entry(Reader& list, QuirkRecorder& quirks) {
  HUTONG_TRY(Reader fields, list.enter_sequence());
  ReadEntry read;
  HUTONG_TRY(read.entry.serial, fields.read_integer());
  HUTONG_TRY(const asn1::TimeValue date, fields.read_time());
  read.entry.revoked_at = date.time;
  if (fields.at_end()) {
    return read;
  }
  const ByteView rest = fields.rest();
  if (rest.size() == kReasonAlone.size() + 1 && equal(rest.first(kReasonAlone.size()), kReasonAlone)) {
    HUTONG_TRY(read.entry.reason, crl_reason_from(rest.back()));
    return read;
  }
  HUTONG_TRY(Reader extensions, fields.enter_sequence());
  HUTONG_CHECK(fields.finish());
  while (!extensions.at_end()) {
    HUTONG_TRY(const Extension extension, read_extension(extensions, quirks));
    HUTONG_CHECK(read_entry_extension(extension, read, quirks));
  }
  return read;
}

/// The entry at an offset, which was read without complaint before.
ReadEntry entry_at(ByteView der, std::uint32_t offset) {
  QuirkRecorder quirks(QuirkPolicy::everything());
  Reader list(der.subspan(offset));
  return read_entry(list, quirks).value();
}

/// Only the serial of the entry at an offset.
ByteView serial_at(ByteView der, std::uint32_t offset) {
  const auto skip_header = [](ByteView element) {
    return element.subspan(element[1] < 0x80 ? 2 : 2 + (element[1] & 0x7FU));
  };
  const ByteView integer = skip_header(der.subspan(offset));
  const std::size_t header = integer[1] < 0x80 ? 2 : 2 + (integer[1] & 0x7FU);
  std::size_t length = integer[1];
  if (length >= 0x80) {
    length = 0;
    for (const std::uint8_t octet : integer.subspan(2, header - 2)) {
      length = length << 8 | octet;
    }
  }
  return integer.subspan(header, length);
}

}  // namespace

Result<CrlEntries> CrlEntries::read(ByteView der, ByteView content, QuirkRecorder& quirks) {
  CrlEntries entries;
  const auto offset_in_der = [der](ByteView part) {
    return static_cast<std::uint32_t>(part.data() - der.data());
  };
  entries.begin_ = offset_in_der(content);
  entries.end_ = static_cast<std::uint32_t>(entries.begin_ + content.size());
  Reader list(content);
  while (!list.at_end()) {
    const std::uint32_t offset = offset_in_der(list.rest());
    HUTONG_TRY(const ReadEntry read, read_entry(list, quirks));
    if (entries.index_.size() == 0) {
      entries.index_.reserve(content.size() / (offset_in_der(list.rest()) - offset));
    }
    entries.index_.add(read.entry.serial, offset);
    if (read.entry.names_issuer) {
      entries.issuer_changes_.push_back(offset);
    }
    entries.unknown_critical_ |= read.entry.has_unknown_critical_extension;
  }
  entries.index_.finish([der](std::uint32_t offset) { return serial_at(der, offset); });
  return entries;
}

CrlEntries CrlEntries::from(Parts parts) {
  CrlEntries entries;
  entries.index_ = std::move(parts.index);
  entries.issuer_changes_ = std::move(parts.issuer_changes);
  entries.begin_ = parts.begin;
  entries.end_ = parts.end;
  entries.unknown_critical_ = parts.unknown_critical;
  return entries;
}

CrlEntries::Parts CrlEntries::parts() const {
  return {.index = CrlIndex(index_.keys(), index_.directory(), index_.bucket_shift()),
          .issuer_changes = issuer_changes_,
          .begin = begin_,
          .end = end_,
          .unknown_critical = unknown_critical_};
}

std::size_t CrlEntries::octets() const {
  return index_.octets() + issuer_changes_.capacity() * sizeof(issuer_changes_[0]);
}

bool CrlEntries::applies_to(ByteView der, std::uint32_t offset, const Name& name,
                            const Name& list_issuer) const {
  const auto after = std::ranges::upper_bound(issuer_changes_, offset);
  if (after == issuer_changes_.begin()) {
    return name == list_issuer;
  }
  const ReadEntry change = entry_at(der, *std::prev(after));
  return std::ranges::any_of(change.certificate_issuer, [&name](const GeneralName& issuer) {
    return issuer.directory && *issuer.directory == name;
  });
}

std::optional<CrlEntry> CrlEntries::find(ByteView der, ByteView serial, const Name& certificate_issuer,
                                         const Name& list_issuer) const {
  for (const std::uint64_t key :
       index_.find(serial, [der](std::uint32_t at) { return serial_at(der, at); })) {
    const std::uint32_t offset = CrlIndex::offset_of(key);
    if (applies_to(der, offset, certificate_issuer, list_issuer)) {
      return entry_at(der, offset).entry;
    }
  }
  return std::nullopt;
}

void CrlEntries::for_each(ByteView der, const Name& list_issuer,
                          const std::function<bool(const CrlEntry&, const Name&)>& visit) const {
  QuirkRecorder quirks(QuirkPolicy::everything());
  Reader list(der.subspan(begin_, end_ - begin_));
  Name issuer = list_issuer;
  while (!list.at_end()) {
    const ReadEntry read = read_entry(list, quirks).value();
    for (const GeneralName& name : read.certificate_issuer) {
      if (name.directory) {
        issuer = *name.directory;
        break;
      }
    }
    if (!visit(read.entry, issuer)) {
      return;
    }
  }
}

}  // namespace hutong::x509::internal
