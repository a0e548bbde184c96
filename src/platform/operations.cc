#include "platform/operations.h"

#include <gtest/gtest.h>

#include "platform/app.h"

namespace hutong::platform::test {
namespace {

const net::Json& document() {
  static const net::Json json = net::parse_json(openapi_document()).value();
  return json;
}

}  // namespace

std::vector<Operation> operations() {
  std::vector<Operation> found;
  for (const auto& [pattern, methods] : document()["paths"].items()) {
    for (const auto& [name, operation] : methods.items()) {
      const net::Method method = name == "get"   ? net::Method::kGet
                                 : name == "put" ? net::Method::kPut
                                                 : net::Method::kPost;
      EXPECT_NE(operation.contains("x-right"), operation.contains("x-public"))
          << name << ' ' << pattern << " says neither or both of who may";
      found.push_back({method, pattern, operation.value("x-right", ""), operation});
    }
  }
  return found;
}

net::Json resolved(const net::Json& schema) {
  const auto reference = schema.find("$ref");
  if (reference == schema.end()) {
    return schema;
  }
  return document().at(net::Json::json_pointer(reference->get<std::string>().substr(1)));
}

std::string example_address(const std::string& pattern) {
  std::string address;
  bool inside = false;
  for (const char c : pattern) {
    inside = inside || c == '{';
    if (!inside) {
      address += c;
    } else if (c == '}') {
      address += "1";
      inside = false;
    }
  }
  return address;
}

}  // namespace hutong::platform::test
