#include "platform/trust/list_signer.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/file.h"

namespace hutong::platform {
namespace {

constexpr std::size_t kMostAnnouncementFile = 1 << 20;

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
    HUTONG_TRY(auto content, read_file(file, kMostAnnouncementFile));
    announcements.push_back(std::move(content));
  }
  return announcements;
}

}  // namespace

Result<ListSigner> ListSigner::load(const ListSignerFiles& files) {
  HUTONG_TRY(auto identity, SigningIdentity::load(files.key, files.password_file));
  HUTONG_TRY(auto announcements, read_announcements(files.announcements));
  return ListSigner(std::move(identity), std::move(announcements));
}

}  // namespace hutong::platform
