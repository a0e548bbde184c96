#include "platform/trust/list_signer.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "base/secret.h"
#include "crypto/key_file.h"

namespace hutong::platform {
namespace {

constexpr std::size_t kMostSignerFile = 1 << 20;

Result<std::vector<Bytes>> read_announcements(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  if (!folder.empty()) {
    std::error_code trouble;
    std::filesystem::directory_iterator entry(folder, trouble);
    for (; !trouble && entry != std::filesystem::directory_iterator(); entry.increment(trouble)) {
      files.push_back(entry->path());
    }
    if (trouble) {
      return Error{Errc::kNotFound, "file.not_found", "cannot read the folder " + folder.string()};
    }
  }
  std::ranges::sort(files);
  std::vector<Bytes> announcements;
  for (const auto& file : files) {
    HUTONG_TRY(auto content, read_file(file, kMostSignerFile));
    announcements.push_back(std::move(content));
  }
  return announcements;
}

}  // namespace

Result<ListSigner> ListSigner::load(const ListSignerFiles& files) {
  HUTONG_TRY(Bytes password, read_file(files.password_file, kMostSignerFile));
  HUTONG_TRY(const Bytes file, read_file(files.key, kMostSignerFile));
  const std::string_view text = as_text(password);
  auto content = crypto::read_pkcs12(file, text.substr(0, text.find_first_of("\r\n")));
  wipe(password);
  if (!content) {
    return std::move(content).error();
  }
  if (!content->key || content->certificates.empty()) {
    return Error{Errc::kMalformed, "trust_signer.certificate", "the file lacks the key or its certificate"};
  }
  HUTONG_TRY(auto certificate, x509::Certificate::parse(content->certificates.front()));
  auto key = std::make_shared<const crypto::Sm2Signer>(std::move(*content->key));
  if (!equal(certificate.spki(), key->public_key().to_spki())) {
    return Error{Errc::kMalformed, "trust_signer.certificate", "the certificate is of another key"};
  }
  HUTONG_TRY(auto announcements, read_announcements(files.announcements));
  return ListSigner(std::move(key), std::move(certificate), std::move(announcements));
}

}  // namespace hutong::platform
