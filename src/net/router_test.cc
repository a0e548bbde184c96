#include "net/router.h"

#include <gtest/gtest.h>

#include "net/problem.h"

namespace hutong::net {
namespace {

Result<Response> nothing(const Request& /*request*/) { return Response{}; }

Router example() {
  Router router;
  router.add({.method = Method::kGet, .pattern = "/api/things/{id}", .handler = nothing});
  router.add({.method = Method::kPost, .pattern = "/api/things", .handler = nothing});
  router.set_fallback(nothing);
  return router;
}

TEST(Router, MatchesWholeSegments) {
  const Router router = example();
  const auto match = router.find(Method::kGet, "/api/things/7");
  ASSERT_TRUE(match);
  EXPECT_EQ(match->parameters.at("id"), "7");
  EXPECT_TRUE(router.find(Method::kHead, "/api/things/7")) << "HEAD is answered by GET";
  for (const auto* path : {"/api/things/", "/api/things/7/8", "/api/thing/7", "/api"}) {
    EXPECT_NE(router.find(Method::kGet, path) ? router.find(Method::kGet, path)->route->pattern : "none",
              "/api/things/{id}")
        << path;
  }
}

TEST(Router, TheLastParameterMayTakeAllThatIsLeft) {
  Router router;
  router.add({.method = Method::kGet, .pattern = "/ocsp/{request*}", .handler = nothing});
  for (const auto* rest : {"a", "a/b", "a//b=", "a/"}) {
    const auto match = router.find(Method::kGet, std::string("/ocsp/") + rest);
    ASSERT_TRUE(match) << rest;
    EXPECT_EQ(match->parameters.at("request"), rest);
  }
  EXPECT_FALSE(router.find(Method::kGet, "/ocsp/"));
  EXPECT_FALSE(router.find(Method::kGet, "/ocsp"));
  EXPECT_FALSE(router.find(Method::kGet, "/other/a"));
}

TEST(Router, TellsAWrongMethodFromAWrongPath) {
  const Router router = example();
  EXPECT_EQ(router.find(Method::kDelete, "/api/things").error().reason, "http.method");
  EXPECT_EQ(router.find(Method::kGet, "/api/things").error().reason, "http.method");
  EXPECT_EQ(router.find(Method::kGet, "/api/other").error().reason, "http.not_found");
  EXPECT_EQ(router.find(Method::kGet, "/verify/1")->route->pattern, "static");
  EXPECT_EQ(router.find(Method::kPost, "/verify/1").error().reason, "http.not_found");
}

TEST(Problem, HasTheMembersOfRfc9457) {
  const auto response = to_problem({Errc::kLimit, "upload.too_large", "more than 5"}, "01J");
  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"type":"/problems/upload.too_large","title":"Too large","status":413,"detail":"more than 5",)"
            R"("code":"upload.too_large","instance":"01J"})");
}

TEST(Problem, InternalDetailsStayInside) {
  const auto response = to_problem({Errc::kInternal, "internal", "password is 1234"}, "01J");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("1234"), std::string::npos);
}

TEST(Problem, SomeReasonsHaveAStatusOfTheirOwn) {
  EXPECT_EQ(to_problem({Errc::kPolicy, "http.method", ""}, "").status, 405);
  EXPECT_EQ(to_problem({Errc::kPolicy, "http.content_type", ""}, "").status, 415);
  EXPECT_EQ(to_problem({Errc::kPolicy, "other", ""}, "").status, 422);
  const auto limited = to_problem({Errc::kLimit, "http.too_many_requests", ""}, "");
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.headers, (decltype(limited.headers){{"Retry-After", "60"}}));
}

}  // namespace
}  // namespace hutong::net
