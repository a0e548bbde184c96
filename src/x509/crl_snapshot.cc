#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>

#include "base/stream.h"
#include "x509/crl.h"
#include "x509/internal/crl_body.h"
#include "x509/quirks.h"

namespace hutong::x509 {
namespace {

constexpr std::array<char, 8> kSnapshotMagic = {'H', 'U', 'T', 'C', 'R', 'L', '1', '\n'};
constexpr std::uint32_t kByteOrder = 0x01020304;
constexpr std::size_t kMostOrigin = 4'000;
constexpr std::size_t kAlignment = 64;

/// The beginning of the snapshot, in the machine's byte order. The parts follow in this order, each at the
/// next multiple of kAlignment: origin, quirks (ids, one a line), offsets of issuer changes, directory, keys,
/// list. The file ends with the SM3 of everything before.
struct SnapshotHead {
  std::array<char, 8> magic = kSnapshotMagic;
  std::uint32_t byte_order = kByteOrder;
  std::uint32_t bucket_shift = 0;
  std::uint32_t entries_begin = 0;
  std::uint32_t entries_end = 0;
  std::uint32_t unknown_critical = 0;
  std::uint32_t reserved = 0;
  std::array<std::uint64_t, 6> octets = {};  ///< of each part
};
static_assert(std::is_trivially_copyable_v<SnapshotHead> && sizeof(SnapshotHead) == 80);

template <typename T>
ByteView octets_of(std::span<const T> values) {
  return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()};
}

/// An array of numbers in a mapped file, whose parts are aligned.
template <typename T>
std::span<const T> numbers_in(ByteView part) {
  return {reinterpret_cast<const T*>(part.data()), part.size() / sizeof(T)};
}

std::string text_of(const QuirkSet& quirks) {
  std::string text;
  for (const auto& finding : quirk_findings(quirks, "")) {
    text += std::string(finding.code()) + "\n";
  }
  return text;
}

Error damaged() { return {Errc::kMalformed, "crl_snapshot.damaged", "the snapshot is not what was written"}; }

Result<QuirkSet> quirks_from(std::string_view text) {
  QuirkSet quirks;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const QuirkInfo* quirk = end != text.npos ? find_quirk(text.substr(0, end)) : nullptr;
    if (quirk == nullptr) {
      return damaged();
    }
    quirks.add(quirk->quirk);
    text.remove_prefix(end + 1);
  }
  return quirks;
}

/// Writes parts one after the other and hashes them.
class SnapshotWriter {
 public:
  explicit SnapshotWriter(ByteSink& out) : out_(&out) {}
  Status write(ByteView part) {
    hash_.update(part);
    at_ += part.size();
    HUTONG_CHECK(out_->write(part));
    constexpr std::array<std::uint8_t, kAlignment> kZeros{};
    const std::size_t gap = (kAlignment - at_ % kAlignment) % kAlignment;
    hash_.update(ByteView(kZeros).first(gap));
    at_ += gap;
    return out_->write(ByteView(kZeros).first(gap));
  }
  Status finish() { return out_->write(hash_.finish()); }

 private:
  ByteSink* out_;
  crypto::Sm3 hash_;
  std::size_t at_ = 0;
};

/// Of everything but the digest at the end. Read piece by piece: what was hashed need not stay in memory.
crypto::Sm3Digest digest_of(const MappedFile& file) {
  constexpr std::size_t kPiece = std::size_t{1} << 24;
  crypto::Sm3 hash;
  ByteView left = file.view().first(file.view().size() - crypto::kSm3DigestSize);
  while (!left.empty()) {
    const ByteView piece = left.first(std::min(left.size(), kPiece));
    hash.update(piece);
    file.give_back_pages();
    left = left.subspan(piece.size());
  }
  return hash.finish();
}

/// Cuts a file into the parts that its head names.
Result<std::array<ByteView, 6>> parts_of(ByteView file, const SnapshotHead& head) {
  std::array<ByteView, 6> parts;
  std::size_t at = sizeof(SnapshotHead);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    at = (at + kAlignment - 1) / kAlignment * kAlignment;
    if (at > file.size() || head.octets[i] > file.size() - at) {
      return damaged();
    }
    parts[i] = file.subspan(at, head.octets[i]);
    at += parts[i].size();
  }
  return parts;
}

}  // namespace

Status Crl::write_snapshot(ByteSink& out, std::string_view origin) const {
  const auto entries = body_->entries.parts();
  const std::string quirks = text_of(body_->quirks);
  const std::array<ByteView, 6> parts = {as_bytes(origin.substr(0, kMostOrigin)),
                                         as_bytes(quirks),
                                         octets_of(std::span(entries.issuer_changes)),
                                         octets_of(entries.index.directory()),
                                         octets_of(entries.index.keys()),
                                         der()};
  SnapshotHead head;
  head.bucket_shift = entries.index.bucket_shift();
  head.entries_begin = entries.begin;
  head.entries_end = entries.end;
  head.unknown_critical = entries.unknown_critical ? 1 : 0;
  std::ranges::transform(parts, head.octets.begin(), &ByteView::size);
  SnapshotWriter writer(out);
  HUTONG_CHECK(writer.write(octets_of(std::span<const SnapshotHead>(&head, 1))));
  for (const ByteView part : parts) {
    HUTONG_CHECK(writer.write(part));
  }
  return writer.finish();
}

Result<Crl> Crl::open_snapshot(MappedFile file, std::string_view origin) {
  const ByteView all = file.view();
  if (all.size() < sizeof(SnapshotHead) + crypto::kSm3DigestSize) {
    return damaged();
  }
  SnapshotHead head;
  std::memcpy(&head, all.data(), sizeof head);
  if (head.magic != kSnapshotMagic || head.byte_order != kByteOrder) {
    return Error{Errc::kNotFound, "crl_snapshot.other", "the snapshot is of another form"};
  }
  HUTONG_TRY(const auto parts, parts_of(all, head));
  const auto& [made_from, quirks, issuer_changes, directory, keys, list] = parts;
  if (as_text(made_from) != origin) {
    return Error{Errc::kNotFound, "crl_snapshot.other", "the snapshot is of another list"};
  }
  if (!equal(digest_of(file), all.last(crypto::kSm3DigestSize))) {
    return damaged();
  }
  auto body = std::make_shared<Body>();
  const auto changes = numbers_in<std::uint32_t>(issuer_changes);
  body->entries = internal::CrlEntries::from(
      {.index = internal::CrlIndex(numbers_in<std::uint64_t>(keys), numbers_in<std::uint32_t>(directory),
                                   head.bucket_shift),
       .issuer_changes = {changes.begin(), changes.end()},
       .begin = head.entries_begin,
       .end = head.entries_end,
       .unknown_critical = head.unknown_critical != 0});
  body->has_entries = true;
  body->mapped.emplace(std::move(file));
  QuirkRecorder recorder(QuirkPolicy::everything());
  HUTONG_CHECK(body->read(list, recorder));
  HUTONG_TRY(body->quirks, quirks_from(as_text(quirks)));
  return Crl(std::move(body));
}

}  // namespace hutong::x509
