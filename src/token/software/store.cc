#include "token/software/store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "base/encoding.h"
#include "base/file.h"
#include "token/software/refusal.h"

namespace hutong::token::software {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostRecordFile = 20 << 20;
constexpr std::size_t kDeviceKeySize = 16;
constexpr std::string_view kHalfMade = ".half-made";

/// A renaming is on the disk when its folder is.
Status sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    return refusal(SAR_WRITEFILEERR);
  }
  const bool synced = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return synced ? ok() : Status(refusal(SAR_WRITEFILEERR));
}

Status write_durably(const fs::path& file, ByteView content) {
  HUTONG_CHECK(write_file(file, content, FileMode::kPrivate));
  return sync_folder(file.parent_path());
}

Status remove_durably(const fs::path& file) {
  std::error_code failure;
  fs::remove(file, failure);
  return failure ? Status(refusal(SAR_WRITEFILEERR)) : sync_folder(file.parent_path());
}

Status make_folder(const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (!failure) {
    fs::permissions(folder, fs::perms::owner_all, failure);
  }
  return failure ? Status(refusal(SAR_WRITEFILEERR)) : ok();
}

Status move_folder(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  fs::rename(from, to, failure);
  return failure ? Status(refusal(SAR_WRITEFILEERR)) : sync_folder(to.parent_path());
}

/// The names behind the hexadecimal file names; others, such as temporary ones, are passed over.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    const std::string file_name = entry.path().filename().string();
    const auto octets = from_hex(file_name);
    if (octets && !octets->empty() && to_hex(*octets) == file_name) {
      names.emplace_back(as_text(*octets));
    }
  }
  std::ranges::sort(names);
  return names;
}

bool is_there(const fs::path& path) {
  std::error_code failure;
  return fs::exists(path, failure);
}

std::string file_name_of(std::string_view name) { return to_hex(as_bytes(name)); }

/// The content, or the refusal when there is no such file.
Result<Bytes> read_or(const fs::path& file, ULONG when_absent) {
  auto content = read_file(file, kMostRecordFile);
  if (!content && content.error().code == Errc::kNotFound) {
    return refusal(when_absent);
  }
  return content;
}

}  // namespace

bool Store::present() const { return is_there(folder_ / "device"); }

void Store::sweep() const {
  std::error_code failure;
  std::vector<fs::path> leftovers;
  for (const auto& entry : fs::recursive_directory_iterator(folder_, failure)) {
    if (entry.path().filename().string().find('.') != std::string::npos &&
        entry.path() != folder_ / "device.key") {
      leftovers.push_back(entry.path());
    }
  }
  for (const fs::path& leftover : leftovers) {
    fs::remove_all(leftover, failure);
  }
}

std::uint64_t Store::used_octets() const {
  std::uint64_t used = 0;
  std::error_code failure;
  for (const auto& entry : fs::recursive_directory_iterator(folder_, failure)) {
    std::error_code no_size;
    if (entry.is_regular_file(no_size)) {
      const std::uint64_t size = entry.file_size(no_size);
      used += no_size ? 0 : size;
    }
  }
  return used;
}

Result<DeviceRecord> Store::device() const {
  HUTONG_TRY(const Bytes der, read_or(folder_ / "device", SAR_DEVICE_REMOVED));
  return decode_device(der);
}

Status Store::save(const DeviceRecord& record) const {
  return write_durably(folder_ / "device", encode(record));
}

Result<SecretBytes> Store::device_key() const {
  HUTONG_TRY(Bytes octets, read_or(folder_ / "device.key", SAR_DEVICE_REMOVED));
  const ScopedWipe wipe_octets(octets);
  if (octets.size() != kDeviceKeySize) {
    return refusal(SAR_FILEERR);
  }
  return SecretBytes::copy_of(octets);
}

Status Store::save_device_key(ByteView key) const { return write_durably(folder_ / "device.key", key); }

fs::path Store::application_folder(std::string_view name) const {
  return folder_ / "applications" / file_name_of(name);
}

fs::path Store::container_file(std::string_view application, std::string_view name) const {
  return application_folder(application) / "containers" / file_name_of(name);
}

fs::path Store::content_file(std::string_view application, std::string_view name) const {
  return application_folder(application) / "files" / file_name_of(name);
}

std::vector<std::string> Store::applications() const { return names_in(folder_ / "applications"); }

Result<ApplicationRecord> Store::application(std::string_view name) const {
  HUTONG_TRY(const Bytes der, read_or(application_folder(name) / "application", SAR_APPLICATION_NOT_EXISTS));
  return decode_application(der);
}

Status Store::add_application(const ApplicationRecord& record, const TriesRecord& tries) const {
  const fs::path folder = application_folder(record.name);
  if (is_there(folder)) {
    return refusal(SAR_APPLICATION_EXISTS);
  }
  const fs::path half_made = folder.string() + std::string(kHalfMade);
  std::error_code failure;
  fs::remove_all(half_made, failure);
  HUTONG_CHECK(make_folder(half_made / "containers"));
  HUTONG_CHECK(make_folder(half_made / "files"));
  HUTONG_CHECK(write_durably(half_made / "application", encode(record)));
  HUTONG_CHECK(write_durably(half_made / "tries", encode(tries)));
  return move_folder(half_made, folder);
}

Status Store::save(const ApplicationRecord& record) const {
  return write_durably(application_folder(record.name) / "application", encode(record));
}

Status Store::remove_application(std::string_view name) const {
  const fs::path folder = application_folder(name);
  if (!is_there(folder)) {
    return refusal(SAR_APPLICATION_NOT_EXISTS);
  }
  const fs::path half_removed = folder.string() + std::string(kHalfMade);
  std::error_code failure;
  fs::remove_all(half_removed, failure);
  HUTONG_CHECK(move_folder(folder, half_removed));
  fs::remove_all(half_removed, failure);
  return ok();
}

Result<TriesRecord> Store::tries(std::string_view application) const {
  HUTONG_TRY(const Bytes der, read_or(application_folder(application) / "tries", SAR_APPLICATION_NOT_EXISTS));
  return decode_tries(der);
}

Status Store::save(std::string_view application, const TriesRecord& tries) const {
  return write_durably(application_folder(application) / "tries", encode(tries));
}

std::vector<std::string> Store::containers(std::string_view application) const {
  return names_in(application_folder(application) / "containers");
}

bool Store::has_container(std::string_view application, std::string_view name) const {
  return is_there(container_file(application, name));
}

Result<ContainerRecord> Store::container(std::string_view application, std::string_view name) const {
  HUTONG_TRY(const Bytes der, read_or(container_file(application, name), SAR_CONTAINER_NOT_EXISTS));
  return decode_container(der);
}

Status Store::save(std::string_view application, const ContainerRecord& record) const {
  return write_durably(container_file(application, record.name), encode(record));
}

Status Store::remove_container(std::string_view application, std::string_view name) const {
  if (!has_container(application, name)) {
    return refusal(SAR_CONTAINER_NOT_EXISTS);
  }
  return remove_durably(container_file(application, name));
}

std::vector<std::string> Store::files(std::string_view application) const {
  return names_in(application_folder(application) / "files");
}

bool Store::has_file(std::string_view application, std::string_view name) const {
  return is_there(content_file(application, name));
}

Result<FileRecord> Store::file(std::string_view application, std::string_view name) const {
  HUTONG_TRY(const Bytes der, read_or(content_file(application, name), SAR_FILE_NOT_EXIST));
  return decode_file(der);
}

Status Store::save(std::string_view application, const FileRecord& record) const {
  return write_durably(content_file(application, record.name), encode(record));
}

Status Store::remove_file(std::string_view application, std::string_view name) const {
  if (!has_file(application, name)) {
    return refusal(SAR_FILE_NOT_EXIST);
  }
  return remove_durably(content_file(application, name));
}

}  // namespace hutong::token::software
