#include "platform/examples/example_set.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "net/json.h"

namespace hutong::platform {
namespace {

constexpr std::size_t kMostFile = std::size_t{16} << 20;

Error bad_manifest() {
  return {Errc::kMalformed, "examples.manifest", "manifest.json of the examples is malformed"};
}

/// "[]" when there is no such file.
Result<std::string> read_logins(const std::filesystem::path& file) {
  std::error_code absent;
  if (!std::filesystem::exists(file, absent)) {
    return std::string("[]");
  }
  HUTONG_TRY(const Bytes text, read_file(file, kMostFile));
  HUTONG_TRY(const auto logins, net::parse_json(as_text(text)));
  if (!logins.is_array()) {
    return Error{Errc::kMalformed, "examples.logins", "logins.json of the examples is no array"};
  }
  return net::to_text(logins);
}

}  // namespace

Result<ExampleSet> ExampleSet::load(const std::filesystem::path& folder) {
  HUTONG_TRY(const Bytes text, read_file(folder / "manifest.json", kMostFile));
  HUTONG_TRY(const auto manifest, net::parse_json(as_text(text)));
  if (!manifest.is_array()) {
    return bad_manifest();
  }
  ExampleSet set;
  for (const auto& example : manifest) {
    for (const auto* member : {"name", "content"}) {
      const std::string name = example.is_object() ? example.value(member, "") : "";
      if (name.empty()) {
        continue;
      }
      if (name.find('/') != std::string::npos || name.front() == '.') {
        return bad_manifest();
      }
      HUTONG_TRY(const Bytes content, read_file(folder / name, kMostFile));
      set.files_[name] = std::string(as_text(content));
    }
  }
  set.manifest_ = net::to_text(manifest);
  HUTONG_TRY(set.logins_, read_logins(folder / "logins.json"));
  return set;
}

net::Response ExampleSet::list() const { return {.body = manifest_}; }

net::Response ExampleSet::logins() const {
  return {.body = logins_, .headers = {{"Cache-Control", "no-store"}}};
}

Result<net::Response> ExampleSet::file(std::string_view name) const {
  const auto found = files_.find(name);
  if (found == files_.end()) {
    return Error{Errc::kNotFound, "example.not_found", "there is no such example"};
  }
  return net::Response{.content_type = "application/octet-stream",
                       .body = found->second,
                       .headers = {{"Content-Disposition", "attachment; filename=\"" + found->first + "\""}}};
}

}  // namespace hutong::platform
