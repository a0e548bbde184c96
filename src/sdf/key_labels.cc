#include "sdf/key_labels.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

#include "base/encoding.h"
#include "base/file.h"
#include "crypto/key_store.h"

namespace hutong::sdf {
namespace {

constexpr std::size_t kMostLabelFile = 1 << 20;

Error malformed_labels(std::size_t line) {
  return {Errc::kMalformed, "sdf.labels", "line " + std::to_string(line) + " is not LABEL INDEX KEY"};
}

/// Up to the character, which is taken away, too.
std::string_view take_until(char end, std::string_view& text) {
  const std::size_t size = std::min(text.find(end), text.size());
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(std::min(size + 1, text.size()));
  return taken;
}

bool holds_index(const LabelledKeys& keys, unsigned index) {
  return std::ranges::any_of(keys, [index](const auto& key) { return key.second.index == index; });
}

}  // namespace

Result<LabelledKeys> parse_labels(std::string_view text) {
  LabelledKeys keys;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = take_until('\n', text);
    const std::string_view label = take_until(' ', line);
    const std::string_view digits = take_until(' ', line);
    unsigned index = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    const auto octets = from_hex(line);
    if (!crypto::is_key_label(label) || read.ec != std::errc() || read.ptr != digits.data() + digits.size() ||
        !octets || holds_index(keys, index)) {
      return malformed_labels(number);
    }
    const auto key = crypto::Sm2PublicKey::from_octets(*octets);
    if (!key || !keys.try_emplace(std::string(label), LabelledKey{index, *key}).second) {
      return malformed_labels(number);
    }
  }
  return keys;
}

std::string write_labels(const LabelledKeys& keys) {
  std::string text;
  for (const auto& [label, key] : keys) {
    text += label + ' ' + std::to_string(key.index) + ' ' + to_hex(key.signature_key.octets()) + '\n';
  }
  return text;
}

Result<LabelledKeys> read_labels(const std::filesystem::path& folder) {
  auto content = read_file(folder / kLabelFile, kMostLabelFile);
  if (!content && content.error().reason == "file.not_found") {
    return LabelledKeys{};
  }
  HUTONG_TRY(const Bytes octets, std::move(content));
  return parse_labels(as_text(octets));
}

Status save_labels(const std::filesystem::path& folder, const LabelledKeys& keys) {
  return write_file(folder / kLabelFile, as_bytes(write_labels(keys)), FileMode::kPrivate);
}

Result<LabelLock> LabelLock::take(const std::filesystem::path& folder) {
  const auto path = folder / "sdf-labels.lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return Error{Errc::kUnavailable, "key_store.folder", path.string() + ": " + std::strerror(errno)};
  }
  LabelLock lock(file);
  if (::flock(file, LOCK_EX) != 0) {
    return Error{Errc::kUnavailable, "key_store.folder", path.string() + ": " + std::strerror(errno)};
  }
  return lock;
}

LabelLock::LabelLock(LabelLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

LabelLock::~LabelLock() {
  if (file_ >= 0) {
    ::close(file_);
  }
}

}  // namespace hutong::sdf
