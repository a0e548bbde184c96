#pragma once

#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <string_view>

#include "net/http.h"

namespace hutong::net {

/// Numbers that only grow, by their labels as written out: `route="/x",status="200"`.
using Counters = std::map<std::string, std::uint64_t>;

/// One label, written out. Values come from fixed sets (routes, codes, kinds), never from input: that bounds
/// the number of series, and nothing needs escaping.
std::string label(std::string_view name, std::string_view value);

/// What a program measures, written in the text format of Prometheus (0.0.4).
class Exposition {
 public:
  /// What comes before the series of a metric; `type` is "counter", "gauge", "histogram".
  void head(std::string_view name, std::string_view type, std::string_view help);
  template <typename Value>
  void series(std::string_view name, std::string_view labels, const Value& value) {
    out_ << name;
    if (!labels.empty()) {
      out_ << '{' << labels << '}';
    }
    out_ << ' ' << value << '\n';
  }
  /// A metric of one series without labels.
  template <typename Value>
  void metric(std::string_view name, std::string_view type, std::string_view help, const Value& value) {
    head(name, type, help);
    series(name, {}, value);
  }
  void counters(std::string_view name, std::string_view help, const Counters& counters);
  Response response() const;

 private:
  std::ostringstream out_;
};

}  // namespace hutong::net
