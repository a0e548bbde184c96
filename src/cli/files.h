#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"
#include "base/stream.h"
#include "cli/context.h"
#include "x509/certificate.h"
#include "x509/crl.h"
#include "x509/input.h"

namespace hutong::cli {

/// The octets of a file: mapped when it is a regular file, read into memory when it is standard input ("-")
/// or a pipe (up to kMostPiped). Reasons of base/file.h.
class FileContent {
 public:
  static constexpr std::size_t kMostPiped = std::size_t{512} << 20;
  static Result<FileContent> open(const std::filesystem::path& path);
  ByteView view() const;

 private:
  explicit FileContent(std::variant<MappedFile, Bytes> content) : content_(std::move(content)) {}
  std::variant<MappedFile, Bytes> content_;
};

/// Certificates of all the files; a folder stands for every file in it that holds certificates.
Result<std::vector<x509::Certificate>> load_certificates(const std::vector<std::string>& paths);
/// The certificates of one file, which must have at least one.
Result<std::vector<x509::Certificate>> load_certificates(const std::string& path);
/// The only object of this kind in a file, DER: kMalformed "input.kind" when there is none.
Result<Bytes> load_object(const std::string& path, x509::InputKind kind);
Result<std::vector<x509::Crl>> load_crls(const std::vector<std::string>& paths);

/// What a command makes: DER, or PEM with this label.
struct Product {
  ByteView der;
  std::string_view pem_label;
};
enum class Form : std::uint8_t { kDer, kPem };
/// To a file, or to standard output for "-"; an existing file is replaced.
Status write_product(const Context& context, const std::string& path, const Product& product, Form form);
Status write_octets(const Context& context, const std::string& path, ByteView octets,
                    FileMode mode = FileMode::kPublic);
/// kConflict "file.exists" unless the file may be replaced.
enum class Existing : bool { kKept, kReplaced };
Status check_absent(const std::string& path, Existing existing);

}  // namespace hutong::cli
