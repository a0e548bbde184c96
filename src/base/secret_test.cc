#include "base/secret.h"

#include <gtest/gtest.h>

namespace hutong {
namespace {

TEST(SecretBytes, MovesWithoutCopying) {
  SecretBytes first = SecretBytes::copy_of(Bytes{1, 2, 3});
  const std::uint8_t* place = first.expose().data();
  SecretBytes second = std::move(first);
  EXPECT_EQ(second.expose().data(), place);
  EXPECT_EQ(second.size(), 3u);
}

TEST(ScopedWipe, ClearsTheBuffer) {
  Bytes buffer{1, 2, 3};
  { const ScopedWipe guard(buffer); }
  EXPECT_EQ(buffer, (Bytes{0, 0, 0}));
}

}  // namespace
}  // namespace hutong
