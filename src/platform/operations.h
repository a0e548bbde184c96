#pragma once

#include <string>
#include <vector>

#include "net/http.h"
#include "net/json.h"

namespace hutong::platform::test {

/// One operation of docs/openapi.json.
struct Operation {
  net::Method method = net::Method::kGet;
  std::string pattern;
  std::string right;    ///< empty: public
  net::Json described;  ///< as it stands there
};
std::vector<Operation> operations();

/// The schema that this one, perhaps a reference, stands for.
net::Json resolved(const net::Json& schema);

/// The address with "1" in the place of each parameter.
std::string example_address(const std::string& pattern);

}  // namespace hutong::platform::test
