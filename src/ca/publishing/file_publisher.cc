#include "ca/publishing/file_publisher.h"

#include <system_error>

#include "base/file.h"
#include "ca/publishing/document_repository.h"
#include "ca/publishing/list_publisher.h"

namespace hutong::ca {

Result<std::size_t> FilePublisher::write(const std::string& name, ByteView content) {
  const auto digest = crypto::sm3(content);
  if (const auto found = written_.find(name); found != written_.end() && found->second == digest) {
    return std::size_t{0};
  }
  const auto file = folder_ / name;
  std::error_code failure;
  std::filesystem::create_directories(file.parent_path(), failure);
  if (failure) {
    return Error{Errc::kUnavailable, "file.unwritable", file.string() + ": " + failure.message()};
  }
  HUTONG_CHECK(write_file(file, content));
  written_[name] = digest;
  return std::size_t{1};
}

Result<std::size_t> FilePublisher::publish_lists(storage::Reader& reader) {
  std::size_t count = 0;
  for (const auto& [authority, issuer] : signing_->issuers()) {
    for (std::uint32_t partition = 0; partition < issuer->addresses().crl_partitions; ++partition) {
      for (const ListKind kind : {ListKind::kFull, ListKind::kDelta}) {
        const std::string name = "crl/" + authority + "/" + std::to_string(partition) +
                                 (kind == ListKind::kDelta ? "-delta.crl" : ".crl");
        const auto number = ListPublisher::find_number(reader, authority, partition, kind);
        if (!number && number.error().code != Errc::kNotFound) {
          return number.error();
        }
        const auto known = list_numbers_.find(name);
        if (!number || (known != list_numbers_.end() && known->second == *number)) {
          continue;
        }
        HUTONG_TRY(const auto list, ListPublisher::find(reader, authority, partition, kind));
        HUTONG_TRY(const std::size_t written, write(name, list.der));
        list_numbers_[name] = list.number;
        count += written;
      }
    }
  }
  return count;
}

Result<std::size_t> FilePublisher::publish() {
  HUTONG_TRY(auto reader, database_->read());
  HUTONG_TRY(std::size_t count, publish_lists(reader));
  for (const auto& [authority, issuer] : signing_->issuers()) {
    HUTONG_TRY(const std::size_t written, write("ca/" + authority + ".cer", issuer->certificate().der()));
    count += written;
  }
  HUTONG_TRY(const auto documents, DocumentRepository::all(reader));
  for (const Document& document : documents) {
    HUTONG_TRY(const std::size_t written, write("pki/" + document.name, document.content));
    count += written;
  }
  return count;
}

}  // namespace hutong::ca
