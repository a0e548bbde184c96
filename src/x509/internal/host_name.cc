#include "x509/internal/host_name.h"

#include <algorithm>
#include <cstddef>

namespace hutong::x509 {
namespace {

constexpr std::size_t kMostHostName = 253;
constexpr std::size_t kMostLabel = 63;
constexpr std::string_view kWildcardPrefix = "*.";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_label_octet(char c) {
  return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' || c == '_';
}
bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kMostLabel && std::ranges::all_of(label, is_label_octet);
}
bool is_preferred_label(std::string_view label) {
  return is_label(label) && label.front() != '-' && label.back() != '-' &&
         label.find('_') == std::string_view::npos;
}

template <typename Check>
bool all_labels(std::string_view text, Wildcard wildcard, Check check) {
  if (wildcard == Wildcard::kYes && text.starts_with(kWildcardPrefix)) {
    text.remove_prefix(kWildcardPrefix.size());
  }
  if (text.empty() || text.size() > kMostHostName) {
    return false;
  }
  while (true) {
    const std::size_t dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    if (!check(label)) {
      return false;
    }
    if (dot == std::string_view::npos) {
      return !std::ranges::all_of(label, is_digit);
    }
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

bool is_host_name(std::string_view text, Wildcard wildcard) { return all_labels(text, wildcard, is_label); }

bool is_preferred_host_name(std::string_view text, Wildcard wildcard) {
  return all_labels(text, wildcard, is_preferred_label);
}

bool same_ascii(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool is_subdomain(std::string_view name, std::string_view base) {
  if (name.size() <= base.size()) {
    return same_ascii(name, base);
  }
  const std::size_t cut = name.size() - base.size();
  return name[cut - 1] == '.' && same_ascii(name.substr(cut), base);
}

bool is_mailbox(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at != 0 && is_host_name(text.substr(at + 1));
}

std::string_view uri_host(std::string_view uri) {
  const std::size_t start = uri.find("://");
  if (start == std::string_view::npos) {
    return {};
  }
  std::string_view authority = uri.substr(start + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    authority.remove_prefix(at + 1);
  }
  if (authority.starts_with('[')) {
    return {};
  }
  return authority.substr(0, authority.find(':'));
}

}  // namespace hutong::x509
