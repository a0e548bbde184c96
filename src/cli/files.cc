#include "cli/files.h"

#include <algorithm>
#include <system_error>

#include "crypto/pem.h"

namespace hutong::cli {
namespace {

namespace fs = std::filesystem;

/// Tells which file an error is about.
Error about(const std::string& path, Error error) {
  if (error.detail.find(path) == std::string::npos) {
    error.detail = path + ": " + error.detail;
  }
  return error;
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->is_regular_file(error)) {
      files.push_back(entry->path());
    }
  }
  std::ranges::sort(files);
  return files;
}

Status add_folder(const fs::path& folder, std::vector<x509::Certificate>& certificates) {
  for (const auto& file : files_in(folder)) {
    auto some = load_certificates(file.string());
    if (some) {
      certificates.insert(certificates.end(), some->begin(), some->end());
    }
  }
  return ok();
}

}  // namespace

Result<FileContent> FileContent::open(const fs::path& path) {
  std::error_code error;
  if (path != "-" && fs::is_regular_file(path, error)) {
    HUTONG_TRY(auto mapped, MappedFile::open(path));
    return FileContent(std::variant<MappedFile, Bytes>(std::move(mapped)));
  }
  HUTONG_TRY(auto octets, read_file(path, kMostPiped));
  return FileContent(std::variant<MappedFile, Bytes>(std::move(octets)));
}

ByteView FileContent::view() const {
  const auto* mapped = std::get_if<MappedFile>(&content_);
  return mapped != nullptr ? mapped->view() : ByteView(std::get<Bytes>(content_));
}

Result<std::vector<x509::Certificate>> load_certificates(const std::string& path) {
  HUTONG_TRY(const auto content, FileContent::open(path));
  auto file = x509::read_certificates(content.view());
  if (!file) {
    return about(path, std::move(file).error());
  }
  return std::move(file->certificates);
}

Result<std::vector<x509::Certificate>> load_certificates(const std::vector<std::string>& paths) {
  std::vector<x509::Certificate> certificates;
  for (const auto& path : paths) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
      HUTONG_CHECK(add_folder(path, certificates));
      continue;
    }
    HUTONG_TRY(const auto some, load_certificates(path));
    certificates.insert(certificates.end(), some.begin(), some.end());
  }
  return certificates;
}

Result<Bytes> load_object(const std::string& path, x509::InputKind kind) {
  HUTONG_TRY(const auto content, FileContent::open(path));
  auto input = x509::decode_input(content.view());
  if (!input) {
    return about(path, std::move(input).error());
  }
  const auto found = std::ranges::find(input->objects, kind, &x509::InputObject::kind);
  if (found == input->objects.end()) {
    return Error{Errc::kMalformed, "input.kind",
                 path + ": no " + std::string(x509::to_string(kind)) + " inside"};
  }
  return std::move(found->der);
}

Result<std::vector<x509::Crl>> load_crls(const std::vector<std::string>& paths) {
  std::vector<x509::Crl> crls;
  for (const auto& path : paths) {
    HUTONG_TRY(auto der, load_object(path, x509::InputKind::kCrl));
    auto crl = x509::Crl::parse(std::move(der));
    if (!crl) {
      return about(path, std::move(crl).error());
    }
    crls.push_back(*std::move(crl));
  }
  return crls;
}

Status write_octets(const Context& context, const std::string& path, ByteView octets, FileMode mode) {
  if (path != "-") {
    return write_file(path, octets, mode);
  }
  context.out.write(reinterpret_cast<const char*>(octets.data()),
                    static_cast<std::streamsize>(octets.size()));
  context.out.flush();
  return context.out ? ok() : Status(Error{Errc::kUnavailable, "file.unwritable", "standard output"});
}

Status write_product(const Context& context, const std::string& path, const Product& product, Form form) {
  if (form == Form::kDer) {
    return write_octets(context, path, product.der);
  }
  const std::string pem = crypto::write_pem(product.pem_label, product.der);
  return write_octets(context, path, as_bytes(pem));
}

Status check_absent(const std::string& path, Existing existing) {
  std::error_code error;
  if (path == "-" || existing == Existing::kReplaced || !fs::exists(path, error)) {
    return ok();
  }
  return Error{Errc::kConflict, "file.exists", path + ": exists already; --force replaces it"};
}

}  // namespace hutong::cli
