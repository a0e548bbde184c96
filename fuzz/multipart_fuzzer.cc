// A form that is accepted, written again from its parts, gives the same parts; the same octets never give
// more parts than the limit. The first octet says how long the boundary is.

#include <algorithm>
#include <string>
#include <vector>

#include "fuzz/property.h"
#include "net/http.h"
#include "net/multipart.h"

namespace hutong::fuzz {
namespace {

constexpr net::MultipartLimits kLimits{.parts = 20, .header_octets = 200};

std::string write(const std::vector<net::Part>& parts, std::string_view boundary) {
  std::string body;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    body.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=p" +
                                              std::to_string(i));
    body.append("\r\n\r\n").append(as_text(parts[i].content)).append("\r\n");
  }
  return body.append("--").append(boundary).append("--");
}

void check(ByteView input) {
  const std::size_t size = input.empty() ? 0 : std::min<std::size_t>(input[0], input.size() - 1);
  const std::string_view boundary = as_text(input).substr(std::min<std::size_t>(1, input.size()), size);
  const ByteView body = input.subspan(std::min(input.size(), size + 1));
  const auto parts = net::parse_multipart(body, boundary, kLimits);
  if (!parts) {
    require(!parts.error().reason.empty(), "a refusal has a reason");
    return;
  }
  require(parts->size() <= kLimits.parts, "the limit holds");
  const std::string again = write(*parts, boundary);
  const auto twice = net::parse_multipart(as_bytes(again), boundary, kLimits);
  require(twice && (twice->size() == parts->size()), "what was accepted can be written");
  for (std::size_t i = 0; i < parts->size(); ++i) {
    require(equal((*parts)[i].content, (*twice)[i].content), "content stays as it is");
    require((*parts)[i].file_name.find_first_of("/\\") == std::string::npos, "a file name is no path");
  }
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hutong::fuzz::check({data, size});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto target = hutong::net::parse_target(text)) {
    const std::string path = target->path + "/";
    hutong::fuzz::require(path.find("/../") == std::string::npos && path.find('\0') == std::string::npos,
                          "a path stays inside");
  }
  return 0;
}
