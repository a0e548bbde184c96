#include "tests/support/support.h"

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "base/encoding.h"
#include "base/file.h"

namespace hutong::test {
namespace {

constexpr std::size_t kMostTestFile = std::size_t{256} << 20;

std::filesystem::path corpus_root() {
  const char* named = std::getenv("HUTONG_CORPUS");
  const std::filesystem::path root =
      named != nullptr ? named : std::filesystem::path(HUTONG_SOURCE_DIR) / ".." / "shared" / "corpus";
  if (std::filesystem::is_directory(root)) {
    return root;
  }
  std::cerr << "\n*** skipped: corpus not found (" << root.string() << "; set HUTONG_CORPUS) ***\n\n";
  return {};
}

std::string trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) {
    return {};
  }
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

std::string test_name(std::string_view text, std::size_t index) {
  std::string name;
  for (const char c : text.substr(0, 60)) {
    name.push_back(std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_');
  }
  return name + "_" + std::to_string(index);
}

}  // namespace

std::filesystem::path data_path(std::string_view name) {
  return std::filesystem::path(HUTONG_SOURCE_DIR) / "tests" / "data" / name;
}

std::filesystem::path corpus_path(std::string_view name) {
  static const std::filesystem::path root = corpus_root();
  return root.empty() ? root : root / name;
}

bool has_corpus() { return !corpus_path("").empty(); }

Bytes read(const std::filesystem::path& path) {
  auto content = read_file(path, kMostTestFile);
  if (!content) {
    throw std::runtime_error("test data: " + content.error().detail);
  }
  return std::move(content).value();
}

Bytes hex(std::string_view text) {
  auto bytes = from_hex(text);
  if (!bytes) {
    throw std::runtime_error("test data: not hexadecimal: " + std::string(text.substr(0, 40)));
  }
  return std::move(bytes).value();
}

const std::string& Vector::text(std::string_view key) const {
  const auto found = fields.find(key);
  if (found == fields.end()) {
    throw std::runtime_error("vector " + name + " has no field " + std::string(key));
  }
  return found->second;
}

Bytes Vector::hex(std::string_view key) const { return test::hex(text(key)); }

std::ostream& operator<<(std::ostream& out, const Vector& vector) { return out << vector.name; }

std::vector<Vector> load_vectors(std::string_view data_file) {
  std::ifstream in(data_path(data_file));
  std::vector<Vector> vectors;
  Vector current;
  const auto finish_record = [&] {
    if (!current.fields.empty()) {
      vectors.push_back(std::exchange(current, {}));
    }
  };
  for (std::string line; std::getline(in, line);) {
    const std::string text = trim(line);
    if (text.empty()) {
      finish_record();
      continue;
    }
    const auto sign = text.find('=');
    if (text.front() == '#' || sign == std::string::npos) {
      continue;
    }
    const std::string value = trim(std::string_view(text).substr(sign + 1));
    if (current.fields.empty()) {
      current.name = test_name(value, vectors.size());
    }
    current.fields[trim(std::string_view(text).substr(0, sign))] = value;
  }
  finish_record();
  return vectors;
}

}  // namespace hutong::test
