#include "net/exposition.h"

namespace hutong::net {

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + std::string(value) + '"';
}

void Exposition::head(std::string_view name, std::string_view type, std::string_view help) {
  out_ << "# HELP " << name << ' ' << help << "\n# TYPE " << name << ' ' << type << '\n';
}

void Exposition::counters(std::string_view name, std::string_view help, const Counters& counters) {
  head(name, "counter", help);
  for (const auto& [labels, value] : counters) {
    series(name, labels, value);
  }
}

Response Exposition::response() const {
  return {.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = out_.str()};
}

}  // namespace hutong::net
