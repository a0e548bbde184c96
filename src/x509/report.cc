#include "x509/report.h"

#include <algorithm>
#include <cstddef>

namespace hutong::x509 {
namespace {

/// Replaces {0} ... {9} by the arguments; a number without an argument stays as it is.
std::string fill_in(std::string_view text, const std::vector<std::string>& arguments) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool placeholder = i + 2 < text.size() && text[i] == '{' && text[i + 1] >= '0' &&
                             text[i + 1] <= '9' && text[i + 2] == '}';
    const auto index = placeholder ? static_cast<std::size_t>(text[i + 1] - '0') : arguments.size();
    if (index < arguments.size()) {
      out += arguments[index];
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

}  // namespace

std::string_view to_string(Indication indication) {
  switch (indication) {
    case Indication::kValid:
      return "valid";
    case Indication::kInvalid:
      return "invalid";
    case Indication::kIndeterminate:
      break;
  }
  return "indeterminate";
}

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kUndecided:
      return "undecided";
    case Severity::kError:
      break;
  }
  return "error";
}

std::string Finding::message_zh() const {
  return fill_in(kind_->zh, arguments_zh_.empty() ? arguments_ : arguments_zh_);
}
std::string Finding::message_en() const { return fill_in(kind_->en, arguments_); }

Indication indication_of(const std::vector<Finding>& findings) {
  const auto any = [&findings](Severity severity) {
    return std::ranges::any_of(findings, [severity](const Finding& f) { return f.severity() == severity; });
  };
  if (any(Severity::kError)) {
    return Indication::kInvalid;
  }
  return any(Severity::kUndecided) ? Indication::kIndeterminate : Indication::kValid;
}

bool has_finding(const std::vector<Finding>& findings, std::string_view code) {
  return std::ranges::any_of(findings, [code](const Finding& f) { return f.code() == code; });
}

}  // namespace hutong::x509
