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

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  const auto first = text.find_first_not_of(kBlank);
  return first == text.npos ? std::string_view()
                            : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

/// One element of Accept-Encoding (RFC 9110 12.5.3): a coding, perhaps with a weight; a weight of 0 refuses.
bool names_gzip(std::string_view element) {
  const auto semicolon = element.find(';');
  const auto coding = trimmed(element.substr(0, semicolon));
  if (coding != "gzip" && coding != "x-gzip") {
    return false;
  }
  const auto weight = semicolon == element.npos ? std::string_view() : trimmed(element.substr(semicolon + 1));
  return !weight.starts_with("q=0") || weight.find_first_of("123456789") != weight.npos;
}

bool accepts_gzip(const Request& request) {
  std::string_view rest = request.headers.find("accept-encoding").value_or("");
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    if (names_gzip(rest.substr(0, comma))) {
      return true;
    }
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return false;
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
    const std::string tag = to_hex(crypto::sm3(*content)).substr(0, 32);
    files.files_[path] = {.content = std::make_shared<const Bytes>(*std::move(content)),
                          .content_type = content_type_of(path),
                          .tag = tag};
  }
  files.pair_compressed();
  return files;
}

void StaticFiles::pair_compressed() {
  constexpr std::string_view kSuffix = ".gz";
  for (auto entry = files_.begin(); entry != files_.end();) {
    const std::string_view path = entry->first;
    const auto plain =
        path.ends_with(kSuffix) ? files_.find(path.substr(0, path.size() - kSuffix.size())) : files_.end();
    if (plain == files_.end()) {
      ++entry;
    } else {
      plain->second.compressed = std::move(entry->second.content);
      entry = files_.erase(entry);
    }
  }
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
  const bool compressed = file.compressed && accepts_gzip(request);
  const std::string etag = '"' + file.tag + (compressed ? "-gzip\"" : "\"");
  Response response{.content_type = std::string(file.content_type),
                    .headers = {{"ETag", etag}, {"Cache-Control", std::string(cache_rule(path))}}};
  if (file.compressed) {
    response.headers.emplace_back("Vary", "Accept-Encoding");
  }
  if (is_known_already(request, etag)) {
    response.status = 304;
    return response;
  }
  if (compressed) {
    response.headers.emplace_back("Content-Encoding", "gzip");
  }
  response.shared_body = compressed ? file.compressed : file.content;
  return response;
}

}  // namespace hutong::net
