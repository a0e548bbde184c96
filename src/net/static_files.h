#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "net/http.h"

namespace hutong::net {

/// The files of one folder, read into memory once (at most 64 MiB), so that no request ever touches the file
/// system: a path that is not in the table does not exist. Immutable, usable from any thread. Answers carry
/// an ETag; files under /assets/ (named by their hash) are cached for a year, everything else is revalidated.
/// A path without a dot in its last segment that is no file gets index.html: the application routes it. A
/// file "x.js.gz" beside "x.js" is no file of its own but what "x.js" looks like to a client that accepts
/// gzip.
class StaticFiles {
 public:
  StaticFiles() = default;
  /// kNotFound "static.folder", kLimit "static.too_large", and what read_file says. Symbolic links are
  /// skipped.
  static Result<StaticFiles> load(const std::filesystem::path& folder);
  bool empty() const { return files_.empty(); }
  /// kNotFound "http.not_found". Answers 304 to a matching If-None-Match.
  Result<Response> answer(const Request& request) const;

 private:
  struct File {
    std::shared_ptr<const Bytes> content;
    std::shared_ptr<const Bytes> compressed = {};  ///< gzip; null when there is none
    std::string_view content_type;
    std::string tag;  ///< of the content, without quotation marks
  };
  void pair_compressed();
  std::map<std::string, File, std::less<>> files_;  ///< by URL path
};

/// By file name extension; application/octet-stream when unknown.
std::string_view content_type_of(std::string_view file_name);

}  // namespace hutong::net
