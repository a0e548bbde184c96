#include "tables/internal/archive.h"

#include <zip.h>

#include <utility>

namespace hutong::tables::internal {

struct Archive::Impl {
  struct Close {
    void operator()(zip_t* open) const { ::zip_discard(open); }
  };
  std::unique_ptr<zip_t, Close> archive;
  TableLimits limits;
};

namespace {

struct CloseFile {
  void operator()(zip_file_t* file) const { ::zip_fclose(file); }
};

Error broken(std::string_view what) { return {Errc::kMalformed, "xlsx.archive", std::string(what)}; }

}  // namespace

Archive::Archive(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Archive::Archive(Archive&&) noexcept = default;
Archive::~Archive() = default;

Result<Archive> Archive::open(ByteView file, const TableLimits& limits) {
  zip_source_t* source = ::zip_source_buffer_create(file.data(), file.size(), 0, nullptr);
  if (source == nullptr) {
    return broken("no memory for the archive");
  }
  std::unique_ptr<zip_t, Impl::Close> archive(::zip_open_from_source(source, ZIP_RDONLY, nullptr));
  if (!archive) {
    ::zip_source_free(source);  // it was not taken over
    return broken("this is no ZIP archive");
  }
  const auto entries = ::zip_get_num_entries(archive.get(), 0);
  if (entries < 0 || static_cast<std::size_t>(entries) > limits.entries) {
    return Error{Errc::kLimit, "xlsx.entries", "the archive has too many entries"};
  }
  return Archive(std::make_unique<Impl>(Impl{std::move(archive), limits}));
}

bool Archive::has(const std::string& name) const {
  return ::zip_name_locate(impl_->archive.get(), name.c_str(), 0) >= 0;
}

Result<std::string> Archive::read(const std::string& name) const {
  zip_stat_t status;
  ::zip_stat_init(&status);
  if (::zip_stat(impl_->archive.get(), name.c_str(), 0, &status) != 0) {
    return Error{Errc::kMalformed, "xlsx.part", "the file has no part " + name};
  }
  if ((status.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && status.encryption_method != ZIP_EM_NONE) {
    return Error{Errc::kPolicy, "xlsx.encrypted", "the file is encrypted"};
  }
  const std::unique_ptr<zip_file_t, CloseFile> file(::zip_fopen_index(impl_->archive.get(), status.index, 0));
  if (!file) {
    return broken("a part cannot be read");
  }
  // The size that the archive states is a claim; what counts is what comes out.
  std::string content;
  char chunk[64 * 1024];
  for (;;) {
    const auto got = ::zip_fread(file.get(), chunk, sizeof chunk);
    if (got < 0) {
      return broken("a part is damaged");
    }
    if (got == 0) {
      return content;
    }
    if (content.size() + static_cast<std::size_t>(got) > impl_->limits.entry_octets) {
      return Error{Errc::kLimit, "xlsx.entry", "a part is too large once it is decompressed"};
    }
    content.append(chunk, static_cast<std::size_t>(got));
  }
}

}  // namespace hutong::tables::internal
