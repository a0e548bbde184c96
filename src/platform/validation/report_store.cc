#include "platform/validation/report_store.h"

#include <algorithm>
#include <memory>
#include <system_error>

#include "base/file.h"
#include "crypto/random.h"
#include "net/ulid.h"

namespace hutong::platform {
namespace {

constexpr std::size_t kMostReport = std::size_t{64} << 20;
constexpr std::size_t kTimeCharacters = 10;
constexpr std::string_view kExtension = ".json";
constexpr std::string_view kSignedExtension = ".p7m";

/// The time part of a ULID made `age` ago: everything below it is older.
std::string oldest_kept(std::chrono::hours age) {
  return net::make_ulid(std::chrono::system_clock::now() - age, crypto::system_random())
      .substr(0, kTimeCharacters);
}

Error not_found() { return {Errc::kNotFound, "report.not_found", "there is no such report (any more)"}; }

}  // namespace

Result<std::unique_ptr<ReportStore>> ReportStore::open(std::filesystem::path folder, Limits limits) {
  std::unique_ptr<ReportStore> store(new ReportStore(std::move(folder), limits));
  if (store->folder_.empty()) {
    return store;
  }
  std::error_code trouble;
  std::filesystem::create_directories(store->folder_, trouble);
  std::filesystem::directory_iterator entry(store->folder_, trouble);
  if (trouble) {
    return Error{Errc::kUnavailable, "reports.folder", "cannot use " + store->folder_.string()};
  }
  for (; !trouble && entry != std::filesystem::directory_iterator(); entry.increment(trouble)) {
    if (net::is_ulid(entry->path().stem().string()) && entry->path().extension() == kExtension) {
      store->ids_.push_back(entry->path().stem().string());
    }
  }
  std::ranges::sort(store->ids_);
  store->drop_old();
  return store;
}

Status ReportStore::put(std::string_view id, std::string_view json, ByteView message) {
  if (folder_.empty()) {
    return ok();
  }
  if (!message.empty()) {
    HUTONG_CHECK(write_file(path_of(id, kSignedExtension), message, FileMode::kPrivate));
  }
  HUTONG_CHECK(write_file(path_of(id, kExtension), as_bytes(json), FileMode::kPrivate));
  const std::lock_guard lock(mutex_);
  ids_.emplace_back(id);
  drop_old();
  return ok();
}

bool ReportStore::may_have(std::string_view id) const {
  return !folder_.empty() && net::is_ulid(id) &&
         id.substr(0, kTimeCharacters) >= oldest_kept(limits_.keep_for);
}

Result<std::string> ReportStore::get(std::string_view id) const {
  if (!may_have(id)) {
    return not_found();
  }
  auto content = read_file(path_of(id, kExtension), kMostReport);
  if (!content) {
    return content.error().code == Errc::kNotFound ? not_found() : content.error();
  }
  return std::string(as_text(*content));
}

Result<Bytes> ReportStore::get_signed(std::string_view id) const {
  if (!may_have(id)) {
    return not_found();
  }
  auto content = read_file(path_of(id, kSignedExtension), kMostReport);
  if (!content && content.error().code == Errc::kNotFound) {
    HUTONG_CHECK(get(id));
    return Error{Errc::kNotFound, "report.not_signed", "this platform had no key to sign the report with"};
  }
  return content;
}

std::filesystem::path ReportStore::path_of(std::string_view id, std::string_view extension) const {
  return folder_ / (std::string(id) + std::string(extension));
}

void ReportStore::drop_old() {
  const std::string oldest = oldest_kept(limits_.keep_for);
  while (!ids_.empty() &&
         (ids_.size() > limits_.keep || std::string_view(ids_.front()).substr(0, kTimeCharacters) < oldest)) {
    std::error_code ignored;
    std::filesystem::remove(path_of(ids_.front(), kExtension), ignored);
    std::filesystem::remove(path_of(ids_.front(), kSignedExtension), ignored);
    ids_.pop_front();
  }
}

}  // namespace hutong::platform
