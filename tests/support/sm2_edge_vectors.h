#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "base/encoding.h"
#include "crypto/internal/limbs.h"
#include "crypto/internal/sm2_octets.h"
#include "tests/support/support.h"

/// tests/data/crypto/sm2_arithmetic_edges.json, read for whoever implements the arithmetic.
namespace hutong::test {

using Json = nlohmann::json;

inline crypto::internal::Sm2ScalarOctets octets_in(const Json& text) {
  return crypto::internal::scalar_octets(hex(text.get_ref<const std::string&>()));
}
inline crypto::internal::Limbs limbs_in(const Json& text) {
  return crypto::internal::limbs_from(octets_in(text));
}

/// Calls `check` for every vector of the groups of an operation, and of a modulus if there is one; fails
/// when there are none.
inline void for_each_edge_vector(const std::string& operation, const std::string& modulus,
                                 const std::function<void(const Json&)>& check) {
  std::ifstream file(data_path("crypto/sm2_arithmetic_edges.json"));
  const Json suite = Json::parse(file);
  std::size_t checked = 0;
  for (const Json& group : suite.at("groups")) {
    if (group.at("operation") == operation && group.value("modulus", "") == modulus) {
      for (const Json& vector : group.at("tests")) {
        const testing::ScopedTrace trace(
            __FILE__, __LINE__,
            "tcId " + vector.at("tcId").dump() + ": " + vector.at("comment").get<std::string>());
        check(vector);
        ++checked;
      }
    }
  }
  EXPECT_GT(checked, 20U) << operation << " " << modulus;
}

/// The vectors of a ring: `enter` and `leave` turn limbs into its elements and back; elements have +, -, *,
/// square() and invert().
template <typename Enter, typename Leave>
void check_edge_vectors(const std::string& modulus, Enter enter, Leave leave) {
  const auto text = [&](const auto& element) {
    return to_hex(crypto::internal::octets_from(leave(element)));
  };
  for_each_edge_vector("multiply", modulus, [&](const Json& vector) {
    const auto a = enter(limbs_in(vector.at("a")));
    const auto b = enter(limbs_in(vector.at("b")));
    EXPECT_EQ(text(a * b), vector.at("result"));
    EXPECT_EQ(text(b * a), vector.at("result"));
    if (vector.at("a") == vector.at("b")) {
      EXPECT_EQ(text(square(a)), vector.at("result"));
    }
  });
  for_each_edge_vector("add", modulus, [&](const Json& vector) {
    EXPECT_EQ(text(enter(limbs_in(vector.at("a"))) + enter(limbs_in(vector.at("b")))), vector.at("result"));
  });
  for_each_edge_vector("subtract", modulus, [&](const Json& vector) {
    EXPECT_EQ(text(enter(limbs_in(vector.at("a"))) - enter(limbs_in(vector.at("b")))), vector.at("result"));
  });
  for_each_edge_vector("invert", modulus, [&](const Json& vector) {
    EXPECT_EQ(text(invert(enter(limbs_in(vector.at("a"))))), vector.at("result"));
  });
}

}  // namespace hutong::test
