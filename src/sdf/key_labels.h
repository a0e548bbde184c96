#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/sm2.h"

namespace hutong::sdf {

/// Which index of a device a label stands for, and the key that verifies what it signs, so that another
/// device or a changed key is noticed.
struct LabelledKey {
  unsigned index = 0;
  crypto::Sm2PublicKey signature_key;
};
using LabelledKeys = std::map<std::string, LabelledKey, std::less<>>;

/// The file in a key folder that holds them, one a line: label, index, public key in hexadecimal. No secret.
inline constexpr std::string_view kLabelFile = "sdf-labels.txt";

/// kMalformed "sdf.labels": something else in a line, a label or an index twice.
Result<LabelledKeys> parse_labels(std::string_view text);
std::string write_labels(const LabelledKeys& keys);

/// Of a folder; empty when there is no such file.
Result<LabelledKeys> read_labels(const std::filesystem::path& folder);
Status save_labels(const std::filesystem::path& folder, const LabelledKeys& keys);

/// Keeps other processes from changing the folder's labels while it lives.
class LabelLock {
 public:
  /// kUnavailable "key_store.folder".
  static Result<LabelLock> take(const std::filesystem::path& folder);
  LabelLock(LabelLock&& other) noexcept;
  LabelLock& operator=(LabelLock&&) = delete;
  ~LabelLock();

 private:
  explicit LabelLock(int file) : file_(file) {}
  int file_;
};

}  // namespace hutong::sdf
