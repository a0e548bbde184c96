#include "crypto/pem.h"

#include <algorithm>
#include <optional>

#include "base/encoding.h"

namespace hutong::crypto {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kMostBlocks = 20'000;
constexpr std::size_t kMostLabel = 64;
constexpr std::size_t kSearched = std::size_t{64} << 10;
constexpr std::size_t kColumns = 64;

Error malformed(std::string_view reason, std::string detail) {
  return {Errc::kMalformed, reason, std::move(detail)};
}

std::string_view without_blanks(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\r\v\f";
  const auto first = line.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) {
    return {};
  }
  return line.substr(first, line.find_last_not_of(kBlanks) - first + 1);
}

/// Lines of a text, without their ends and without blanks around them; a lone CR ends a line too.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {
    if (rest_.starts_with(kByteOrderMark)) {
      rest_.remove_prefix(kByteOrderMark.size());
    }
  }

  std::optional<std::string_view> next() {
    if (rest_.empty()) {
      return std::nullopt;
    }
    const std::size_t end = std::min(rest_.find_first_of("\r\n"), rest_.size());
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return without_blanks(line);
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

/// The label of a "-----BEGIN label-----" or "-----END label-----" line (RFC 7468 clause 3).
Result<std::string_view> label_of(std::string_view line, std::string_view start) {
  const std::string_view rest = line.substr(start.size());
  if (!rest.ends_with(kDashes)) {
    return malformed("pem.label", "a BEGIN or END line does not end in five dashes");
  }
  const std::string_view label = rest.substr(0, rest.size() - kDashes.size());
  const bool printable = std::ranges::all_of(label, [](char c) { return c >= 0x20 && c <= 0x7E; });
  if (label.empty() || label.size() > kMostLabel || !printable) {
    return malformed("pem.label", "a label has 1 to 64 printable characters");
  }
  return label;
}

Result<Bytes> decode_body(std::string_view body) {
  if (body.find(':') != std::string_view::npos) {
    return Error{Errc::kPolicy, "pem.headers", "blocks with headers (Proc-Type, DEK-Info) are not read"};
  }
  auto der = from_base64(body);
  if (!der || der->empty()) {
    return malformed("pem.base64", "a block is empty or not base64");
  }
  return der;
}

/// Reads on behind a BEGIN line, through the END line.
Result<PemBlock> read_block(std::string_view label, Lines& lines) {
  const std::string_view body = lines.rest();
  while (const auto line = lines.next()) {
    if (line->starts_with(kBegin)) {
      break;
    }
    if (!line->starts_with(kEnd)) {
      continue;
    }
    HUTONG_TRY(const std::string_view end_label, label_of(*line, kEnd));
    if (end_label != label) {
      return malformed("pem.label", "the END line does not name what the BEGIN line names");
    }
    const auto size = static_cast<std::size_t>(line->data() - body.data());
    HUTONG_TRY(Bytes der, decode_body(body.substr(0, size)));
    return PemBlock{std::string(label), std::move(der)};
  }
  return malformed("pem.no_end", "a block has no END line");
}

}  // namespace

bool looks_like_pem(ByteView file) {
  Lines lines(as_text(file.first(std::min(file.size(), kSearched))));
  while (const auto line = lines.next()) {
    if (line->starts_with(kBegin)) {
      return true;
    }
  }
  return false;
}

Result<std::vector<PemBlock>> read_pem(std::string_view text) {
  std::vector<PemBlock> blocks;
  Lines lines(text);
  while (const auto line = lines.next()) {
    if (!line->starts_with(kBegin)) {
      continue;
    }
    if (blocks.size() == kMostBlocks) {
      return Error{Errc::kLimit, "pem.too_many", "more than 20000 blocks"};
    }
    HUTONG_TRY(const std::string_view label, label_of(*line, kBegin));
    HUTONG_TRY(PemBlock block, read_block(label, lines));
    blocks.push_back(std::move(block));
  }
  if (blocks.empty()) {
    return malformed("pem.no_block", "no BEGIN line");
  }
  return blocks;
}

std::string write_pem(std::string_view label, ByteView der) {
  const std::string base64 = to_base64(der);
  std::string text;
  text.reserve(base64.size() + base64.size() / kColumns + 2 * (label.size() + 18));
  text.append(kBegin).append(label).append(kDashes).append("\n");
  for (std::size_t at = 0; at < base64.size(); at += kColumns) {
    text.append(base64, at, kColumns).append("\n");
  }
  text.append(kEnd).append(label).append(kDashes).append("\n");
  return text;
}

}  // namespace hutong::crypto
