#include "base/config_reader.h"

#include <toml++/toml.h>

#include <sstream>
#include <utility>

#include "base/bytes.h"
#include "base/file.h"

namespace hutong {
namespace {

constexpr std::size_t kMostConfig = 1 << 20;

}  // namespace

struct ConfigReader::Impl {
  toml::table root;
  std::filesystem::path folder;
  std::optional<Error> first_error;

  void complain(std::string_view reason, std::string_view section, std::string_view key) {
    if (!first_error) {
      first_error =
          Error{Errc::kMalformed, reason, "configuration: " + std::string(section) + "." + std::string(key)};
    }
  }
  template <typename Value>
  std::optional<Value> take(std::string_view section, std::string_view key) {
    auto* table = root[section].as_table();
    auto* node = table != nullptr ? table->get(key) : nullptr;
    if (node == nullptr) {
      return std::nullopt;
    }
    auto value = node->value_exact<Value>();
    if (!value) {
      complain("config.value", section, key);
    }
    table->erase(key);
    return value;
  }
};

ConfigReader::ConfigReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ConfigReader::ConfigReader(ConfigReader&&) noexcept = default;
ConfigReader& ConfigReader::operator=(ConfigReader&&) noexcept = default;
ConfigReader::~ConfigReader() = default;

Result<ConfigReader> ConfigReader::open(const std::filesystem::path& file) {
  HUTONG_TRY(const Bytes content, read_file(file, kMostConfig));
  try {
    return ConfigReader(std::make_unique<Impl>(Impl{.root = toml::parse(as_text(content), file.string()),
                                                    .folder = std::filesystem::absolute(file).parent_path(),
                                                    .first_error = std::nullopt}));
  } catch (const toml::parse_error& error) {
    std::ostringstream text;
    text << error;
    return Error{Errc::kMalformed, "config.toml", text.str()};
  }
}

void ConfigReader::text(std::string_view section, std::string_view key, std::string& out) {
  if (auto value = impl_->take<std::string>(section, key)) {
    out = std::move(*value);
  }
}

void ConfigReader::texts(std::string_view section, std::string_view key, std::vector<std::string>& out) {
  auto* table = impl_->root[section].as_table();
  auto* node = table != nullptr ? table->get(key) : nullptr;
  if (node == nullptr) {
    return;
  }
  std::vector<std::string> values;
  if (const auto* array = node->as_array()) {
    for (const auto& element : *array) {
      if (auto value = element.value_exact<std::string>()) {
        values.push_back(std::move(*value));
      }
    }
  }
  if (node->as_array() == nullptr || values.size() != node->as_array()->size()) {
    impl_->complain("config.value", section, key);
  } else {
    out = std::move(values);
  }
  table->erase(key);
}

void ConfigReader::path(std::string_view section, std::string_view key, std::filesystem::path& out) {
  if (const auto value = impl_->take<std::string>(section, key); value && !value->empty()) {
    out = (impl_->folder / *value).lexically_normal();
  }
}

void ConfigReader::paths(std::string_view section, std::string_view key,
                         std::vector<std::filesystem::path>& out) {
  std::vector<std::string> values;
  texts(section, key, values);
  for (const std::string& value : values) {
    out.push_back((impl_->folder / value).lexically_normal());
  }
}

void ConfigReader::flag(std::string_view section, std::string_view key, bool& out) {
  if (const auto value = impl_->take<bool>(section, key)) {
    out = *value;
  }
}

std::optional<std::int64_t> ConfigReader::integer(std::string_view section, std::string_view key,
                                                  std::int64_t least, std::int64_t most) {
  const auto value = impl_->take<std::int64_t>(section, key);
  if (value && (*value < least || *value > most)) {
    impl_->complain("config.value", section, key);
    return std::nullopt;
  }
  return value;
}

Status ConfigReader::finish() {
  for (const auto& [section, node] : impl_->root) {
    const auto* table = node.as_table();
    if (table == nullptr) {
      impl_->complain("config.unknown_key", section.str(), "");
    } else if (!table->empty()) {
      impl_->complain("config.unknown_key", section.str(), table->begin()->first.str());
    }
  }
  return impl_->first_error ? Status(*impl_->first_error) : ok();
}

}  // namespace hutong
