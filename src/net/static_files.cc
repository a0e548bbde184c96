#include "net/static_files.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "base/encoding.h"
#include "base/file.h"
#include "crypto/sm3.h"

namespace hutong::net {
namespace {

constexpr std::size_t kMostOctets = std::size_t{64} << 20;

constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kTypes{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
    {".map", "application/json"},
}};

bool names_a_file(std::string_view path) {
  return path.substr(path.find_last_of('/') + 1).find('.') != std::string_view::npos;
}

std::string_view cache_rule(std::string_view path) {
  return path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
}

}  // namespace

std::string_view content_type_of(std::string_view file_name) {
  const auto found = std::ranges::find_if(
      kTypes, [file_name](const auto& entry) { return file_name.ends_with(entry.first); });
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

Result<StaticFiles> StaticFiles::load(const std::filesystem::path& folder) {
  std::error_code trouble;
  std::filesystem::recursive_directory_iterator entries(folder, trouble);
  if (trouble) {
    return Error{Errc::kNotFound, "static.folder", "cannot read the folder " + folder.string()};
  }
  StaticFiles files;
  std::size_t left = kMostOctets;
  for (; entries != std::filesystem::recursive_directory_iterator(); entries.increment(trouble)) {
    if (trouble || entries->is_symlink(trouble) || !entries->is_regular_file(trouble)) {
      continue;
    }
    auto content = read_file(entries->path(), left);
    if (!content) {
      return content.error().code == Errc::kLimit
                 ? Error{Errc::kLimit, "static.too_large", "the portal folder holds too much"}
                 : content.error();
    }
    left -= content->size();
    const std::string path = "/" + entries->path().lexically_relative(folder).generic_string();
    files.files_[path] = {.content = std::string(as_text(*content)),
                          .content_type = content_type_of(path),
                          .etag = '"' + to_hex(crypto::sm3(*content)).substr(0, 32) + '"'};
  }
  return files;
}

Result<Response> StaticFiles::answer(const Request& request) const {
  auto found = files_.find(request.path == "/" ? "/index.html" : std::string_view(request.path));
  if (found == files_.end() && !names_a_file(request.path)) {
    found = files_.find("/index.html");
  }
  if (found == files_.end()) {
    return Error{Errc::kNotFound, "http.not_found", "there is nothing at this address"};
  }
  const auto& [path, file] = *found;
  Response response{.content_type = std::string(file.content_type),
                    .headers = {{"ETag", file.etag}, {"Cache-Control", std::string(cache_rule(path))}}};
  const auto known = request.headers.find("if-none-match");
  if (known && known->find(file.etag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  response.body = file.content;
  return response;
}

}  // namespace hutong::net
