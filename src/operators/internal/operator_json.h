#pragma once

#include <string_view>

#include "net/json.h"
#include "operators/operator.h"
#include "operators/rights.h"

/// The wire shapes of docs/api/operators.yaml.
namespace hutong::operators {

net::Json to_json(const RightSet& rights);
net::Json to_json(const Operator& one, const RightsCatalogue& catalogue);
net::Json to_json(const ApiClient& client);
net::Json to_json(const Right& right);

}  // namespace hutong::operators
