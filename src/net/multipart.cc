#include "net/multipart.h"

#include <algorithm>
#include <optional>

#include "net/http.h"

namespace hutong::net {
namespace {

constexpr std::size_t kMostBoundary = 70;  // RFC 2046 5.1.1
constexpr std::string_view kBoundaryMarks = "'()+_,-./:=? ";

bool is_boundary(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kBoundaryMarks.find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= kMostBoundary && text.back() != ' ' &&
         std::ranges::all_of(text, allowed);
}

/// Browsers of old send the whole path; nobody needs more than the last component.
std::string last_component(std::string_view path) {
  const auto slash = path.find_last_of("/\\");
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

Error header_error() { return Error{Errc::kMalformed, "multipart.header", "a part's header is malformed"}; }

Status read_disposition(std::string_view value, Part& part) {
  const MediaType disposition = parse_media_type(value);
  const auto name = disposition.parameters.find("name");
  if (disposition.type != "form-data" || name == disposition.parameters.end() || name->second.empty()) {
    return Error{Errc::kMalformed, "multipart.disposition", "a part has no form-data name"};
  }
  part.name = name->second;
  if (const auto file = disposition.parameters.find("filename"); file != disposition.parameters.end()) {
    part.file_name = last_component(file->second);
  }
  return ok();
}

Status read_field(std::string_view line, Part& part) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) {
    return header_error();
  }
  Headers field;
  const auto value_start = std::min(line.find_first_not_of(" \t", colon + 1), line.size());
  field.add(line.substr(0, colon), line.substr(value_start));
  if (const auto value = field.find("content-disposition")) {
    return read_disposition(*value, part);
  }
  if (const auto value = field.find("content-type")) {
    part.content_type = *value;
  }
  if (field.find("content-transfer-encoding").value_or("binary") != "binary") {
    return header_error();  // RFC 7578 4.7: deprecated; nothing that we serve sends it
  }
  return ok();
}

/// Reads the header lines at the start of `rest` and moves behind the empty line that ends them.
Result<Part> read_header(std::string_view& rest, const MultipartLimits& limits) {
  const auto end = rest.substr(0, limits.header_octets + 4).find("\r\n\r\n");
  if (end == std::string_view::npos) {
    if (rest.size() > limits.header_octets) {
      return Error{Errc::kLimit, "multipart.header_limit", "a part's header is too long"};
    }
    return header_error();
  }
  Part part;
  std::string_view header = rest.substr(0, end);
  while (!header.empty()) {
    const auto line_end = std::min(header.find("\r\n"), header.size());
    HUTONG_CHECK(read_field(header.substr(0, line_end), part));
    header = header.substr(std::min(line_end + 2, header.size()));
  }
  if (part.name.empty()) {
    return Error{Errc::kMalformed, "multipart.disposition", "a part has no form-data name"};
  }
  rest = rest.substr(end + 4);
  return part;
}

Error delimiter_error() {
  return Error{Errc::kMalformed, "multipart.delimiter", "the multipart delimiters are not as announced"};
}

}  // namespace

Result<std::vector<Part>> parse_multipart(ByteView body, std::string_view boundary,
                                          const MultipartLimits& limits) {
  if (!is_boundary(boundary)) {
    return Error{Errc::kMalformed, "multipart.boundary", "the multipart boundary is missing or malformed"};
  }
  const std::string delimiter = "\r\n--" + std::string(boundary);
  std::string_view rest = as_text(body);
  if (!rest.starts_with(std::string_view(delimiter).substr(2))) {
    return delimiter_error();
  }
  rest = rest.substr(delimiter.size() - 2);
  std::vector<Part> parts;
  while (rest.starts_with("\r\n")) {
    if (parts.size() == limits.parts) {
      return Error{Errc::kLimit, "multipart.parts", "too many parts"};
    }
    rest = rest.substr(2);
    HUTONG_TRY(Part part, read_header(rest, limits));
    const auto end = rest.find(delimiter);
    if (end == std::string_view::npos) {
      return delimiter_error();
    }
    part.content = as_bytes(rest.substr(0, end));
    parts.push_back(std::move(part));
    rest = rest.substr(end + delimiter.size());
  }
  if (rest != "--" && rest != "--\r\n") {
    return delimiter_error();
  }
  return parts;
}

}  // namespace hutong::net
