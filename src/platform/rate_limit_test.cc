#include "platform/rate_limit.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "tests/support/operator_client.h"

namespace hutong::platform {
namespace {

using hutong::test::kMid2027;
using std::chrono::seconds;

net::Request request_with(std::size_t octets) {
  net::Request request;
  request.body = Bytes(octets);
  return request;
}

TEST(RateLimits, CountByMinuteAndAsker) {
  RateLimit limit(2);
  EXPECT_TRUE(limit.count("a", kMid2027));
  EXPECT_TRUE(limit.count("a", kMid2027));
  EXPECT_EQ(limit.count("a", kMid2027).error().reason, "http.too_many_requests");
  EXPECT_TRUE(limit.count("b", kMid2027));
  EXPECT_TRUE(limit.count("a", kMid2027 + seconds(60)));
}

TEST(RateLimits, LargeRequestsCountMore) {
  RateLimit limit(100);
  EXPECT_TRUE(limit.count("a", kMid2027, 1'000)) << "the first one is let in, whatever it brings";
  EXPECT_FALSE(limit.count("a", kMid2027));
  EXPECT_EQ(weight_of({}), 1U);
  EXPECT_EQ(weight_of(request_with(4095)), 1U);
  EXPECT_EQ(weight_of(request_with(std::size_t{1} << 20)), 257U);
}

TEST(RateLimits, CanBeOff) {
  RateLimit limit(0);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(limit.count("a", kMid2027, 1'000'000));
  }
}

TEST(RateLimits, AskersBeyondCountingShareOne) {
  RateLimit limit(1);
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(limit.count(std::to_string(i), kMid2027));
  }
  EXPECT_TRUE(limit.count("one more", kMid2027));
  EXPECT_FALSE(limit.count("yet another", kMid2027));
  EXPECT_FALSE(limit.count("7", kMid2027)) << "who was counted stays so";
}

TEST(LimitedRoutes, CountOnceWhatIsTriedTwice) {
  net::Router router;
  const auto answer = [](const net::Request&) -> Result<net::Response> { return net::Response{}; };
  router.add({.pattern = "/quick", .handler = answer, .quick = [](const net::Request&) {
                return std::optional<net::Response>();
              }});
  router.add({.pattern = "/slow", .handler = answer});
  router.add({.pattern = "/free", .handler = answer});
  int counted = 0;
  const net::Router routes = limited_routes(router, {"/free"}, [&](const net::Request&) -> Status {
    return ++counted < 3 ? ok() : Status(Error{Errc::kLimit, "http.too_many_requests", ""});
  });
  const auto& quick = routes.routes()[0];
  EXPECT_FALSE(quick.quick({})) << "it leaves it to the handler";
  EXPECT_TRUE(quick.handler({}));
  EXPECT_EQ(counted, 1);
  EXPECT_TRUE(routes.routes()[1].handler({}));
  EXPECT_FALSE(routes.routes()[1].handler({}));
  EXPECT_EQ(quick.quick({})->status, 429);
  EXPECT_TRUE(routes.routes()[2].handler({}));
}

TEST(Addresses, AreThePeersOrWhatOurProxySays) {
  net::Request request;
  request.remote = "10.0.0.1";
  EXPECT_EQ(address_of(request, ""), "10.0.0.1");
  EXPECT_EQ(address_of(request, "X-Forwarded-For"), "10.0.0.1");
  request.headers.add("X-Forwarded-For", "1.2.3.4, 5.6.7.8 ");
  EXPECT_EQ(address_of(request, ""), "10.0.0.1") << "anybody can write a header field";
  EXPECT_EQ(address_of(request, "X-Forwarded-For"), "5.6.7.8") << "the last one is our proxy's";
  for (const std::string& odd : {std::string(), std::string("a,"), std::string(65, 'x')}) {
    net::Request other;
    other.remote = "10.0.0.1";
    other.headers.add("X-Forwarded-For", odd);
    EXPECT_EQ(address_of(other, "X-Forwarded-For"), "10.0.0.1") << odd;
  }
}

}  // namespace
}  // namespace hutong::platform
