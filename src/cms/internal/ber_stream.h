#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "asn1/tag.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/stream.h"

namespace hutong::cms::internal {

/// Reads BER (X.690 clause 8) front to back from a source, holding one buffer whatever the size of the input.
/// Messages come in BER, not only DER: stream writers use indefinite lengths and OCTET STRINGs in pieces.
/// Small parts are captured in memory with their lengths rewritten as DER (identical octets when they were
/// DER already), large strings pass through to a sink.
///
/// Error reasons: asn1.truncated, asn1.tag, asn1.length, asn1.high_tag, asn1.trailing_data (kMalformed),
/// asn1.depth, cms.too_large (kLimit: more was to be captured than allowed), and whatever source and sink
/// report.
class BerStream {
 public:
  static constexpr std::size_t kMostDepth = 32;

  /// `most_captured` octets at most are held in memory by all captures together.
  BerStream(ByteSource& source, std::size_t most_captured) : source_(&source), capture_left_(most_captured) {}

  /// True at the end of the innermost element entered, or of the input.
  Result<bool> at_end();
  /// False at the end as well.
  Result<bool> next_is(asn1::Tag tag);
  /// Steps into the next element, which must be constructed and have this tag.
  Status enter(asn1::Tag tag);
  /// Steps out of the innermost element; kMalformed "asn1.trailing_data" when something is left in it.
  Status leave();
  /// Nothing may follow the outermost element.
  Status finish();

  /// The next element as a whole.
  Result<Bytes> capture();
  Result<Bytes> capture(asn1::Tag tag);
  /// The content octets of a string, which may be in pieces (X.690 8.7): `tag` is the primitive form.
  /// Returns their number.
  Result<std::uint64_t> stream_string(asn1::Tag tag, ByteSink& to);
  /// The content octets of the next element of any type, without its own tag and length (RFC 2315 9.3).
  Result<std::uint64_t> stream_content(ByteSink& to);

  /// True when something so far was BER but not DER in its lengths or strings.
  bool saw_ber() const { return saw_ber_; }

 private:
  struct Header {
    std::uint8_t tag;
    bool indefinite;
    std::uint64_t length;
  };
  struct Frame {
    bool indefinite;
    std::uint64_t end;  ///< offset behind the innermost definite element that encloses us
  };
  static constexpr std::uint64_t kNoEnd = ~std::uint64_t{0};

  std::uint64_t bound() const { return frames_.empty() ? kNoEnd : frames_.back().end; }
  std::uint64_t left() const { return bound() - offset_; }
  Result<std::size_t> available(std::size_t wanted);
  Result<std::uint8_t> take_octet();
  Result<Header> take_header();
  Result<std::uint64_t> take_length(std::size_t octets);
  Status push(const Header& header);
  Status pass(std::uint64_t count, ByteSink& to);
  /// What is in the buffer of the innermost element, `wanted` octets unless there are fewer.
  Result<ByteView> waiting(std::size_t wanted);
  Result<std::optional<Bytes>> capture_plain();
  Status transcode(Bytes& out);
  Status transcode_children(Bytes& out);
  Status transcode_constructed(const Header& header, Bytes& out);
  Status stream_parts(ByteSink& to, std::uint64_t& total);

  ByteSource* source_;
  std::size_t capture_left_;
  std::vector<Frame> frames_;
  std::array<std::uint8_t, std::size_t{1} << 16> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;  ///< octets consumed so far
  bool saw_ber_ = false;
};

}  // namespace hutong::cms::internal
