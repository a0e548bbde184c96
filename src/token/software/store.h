#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "token/software/records.h"

namespace hutong::token::software {

/// The files of one device. Every write is whole or not at all, and on the disk when it returns: a file is
/// replaced by renaming, an application comes and goes with the renaming of its folder. Whoever calls holds
/// the device's lock; the object itself has no state but the path.
///
///   <device>/device, device.key, lock
///   <device>/applications/<hex of the name>/application, tries
///                                         /containers/<hex of the name>
///                                         /files/<hex of the name>
class Store {
 public:
  explicit Store(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path lock_file() const { return folder_ / "lock"; }
  bool present() const;
  /// Removes what a process that was killed left half-made.
  void sweep() const;
  std::uint64_t used_octets() const;

  Result<DeviceRecord> device() const;
  Status save(const DeviceRecord& record) const;
  Result<SecretBytes> device_key() const;
  Status save_device_key(ByteView key) const;

  std::vector<std::string> applications() const;  ///< names, sorted, as of the lists below
  /// SAR_APPLICATION_NOT_EXISTS.
  Result<ApplicationRecord> application(std::string_view name) const;
  /// SAR_APPLICATION_EXISTS.
  Status add_application(const ApplicationRecord& record, const TriesRecord& tries) const;
  Status save(const ApplicationRecord& record) const;
  Status remove_application(std::string_view name) const;
  Result<TriesRecord> tries(std::string_view application) const;
  Status save(std::string_view application, const TriesRecord& tries) const;

  std::vector<std::string> containers(std::string_view application) const;
  bool has_container(std::string_view application, std::string_view name) const;
  /// SAR_CONTAINER_NOT_EXISTS.
  Result<ContainerRecord> container(std::string_view application, std::string_view name) const;
  Status save(std::string_view application, const ContainerRecord& record) const;
  Status remove_container(std::string_view application, std::string_view name) const;

  std::vector<std::string> files(std::string_view application) const;
  bool has_file(std::string_view application, std::string_view name) const;
  /// SAR_FILE_NOT_EXIST.
  Result<FileRecord> file(std::string_view application, std::string_view name) const;
  Status save(std::string_view application, const FileRecord& record) const;
  Status remove_file(std::string_view application, std::string_view name) const;

 private:
  std::filesystem::path application_folder(std::string_view name) const;
  std::filesystem::path container_file(std::string_view application, std::string_view name) const;
  std::filesystem::path content_file(std::string_view application, std::string_view name) const;

  std::filesystem::path folder_;
};

}  // namespace hutong::token::software
