#include "net/multipart.h"

#include <gtest/gtest.h>

#include <string>

#include "net/client.h"
#include "net/http.h"

namespace hutong::net {
namespace {

constexpr std::string_view kGood =
    "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\\\x\\\\a b.cer\"\r\n"
    "Content-Type: application/pkix-cert\r\n\r\n0\r\n--bb\r\n"
    "\r\n--b\r\ncontent-disposition: form-data; name=at\r\n\r\n\r\n--b--\r\n";

Result<std::vector<Part>> parse(std::string_view body, std::string_view boundary = "b") {
  return parse_multipart(as_bytes(body), boundary);
}
std::string_view reason(const Result<std::vector<Part>>& result) {
  return result ? "" : result.error().reason;
}

TEST(Multipart, ReadsParts) {
  // "\r\n--bb" begins like the delimiter; RFC 2046 5.1.1 calls that a delimiter, so the body must not hold
  // it.
  std::string body(kGood);
  body.replace(body.find("--bb"), 4, "--xb");
  const auto parts = parse(body);
  ASSERT_TRUE(parts) << parts.error().detail;
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ((*parts)[0].name, "file");
  EXPECT_EQ((*parts)[0].file_name, "a b.cer");
  EXPECT_EQ((*parts)[0].content_type, "application/pkix-cert");
  EXPECT_EQ(as_text((*parts)[0].content), "0\r\n--xb\r\n");
  EXPECT_EQ((*parts)[1].name, "at");
  EXPECT_TRUE((*parts)[1].content.empty());
}

TEST(Multipart, RefusesADelimiterInsideAPart) { EXPECT_EQ(reason(parse(kGood)), "multipart.delimiter"); }

TEST(Multipart, EveryTruncationIsRefused) {
  std::string body(kGood);
  body.replace(body.find("--bb"), 4, "--xb");
  for (std::size_t size = 0; size + 2 < body.size(); ++size) {
    EXPECT_FALSE(parse(body.substr(0, size))) << size;
  }
}

TEST(Multipart, RefusesBrokenOnes) {
  EXPECT_EQ(reason(parse(kGood, "")), "multipart.boundary");
  EXPECT_EQ(reason(parse(kGood, "a\nb")), "multipart.boundary");
  EXPECT_EQ(reason(parse(kGood, std::string(71, 'b'))), "multipart.boundary");
  EXPECT_EQ(reason(parse("preamble\r\n--b--\r\n")), "multipart.delimiter");
  EXPECT_EQ(reason(parse("--b\r\n\r\nx\r\n--b--\r\n")), "multipart.header");
  EXPECT_EQ(reason(parse("--b\r\nContent-Type: a/b\r\n\r\nx\r\n--b--\r\n")), "multipart.disposition");
  EXPECT_EQ(reason(parse("--b\r\nContent-Disposition: attachment; name=\"x\"\r\n\r\nx\r\n--b--\r\n")),
            "multipart.disposition");
  EXPECT_EQ(reason(parse("--b\r\nContent-Disposition: form-data; name=x\r\n"
                         "Content-Transfer-Encoding: base64\r\n\r\nx\r\n--b--\r\n")),
            "multipart.header");
  EXPECT_EQ(reason(parse("--b\r\nContent-Disposition: form-data; name=x; a=" + std::string(9000, 'a') +
                         "\r\n\r\nx\r\n--b--\r\n")),
            "multipart.header_limit");
}

TEST(Multipart, BoundsTheNumberOfParts) {
  const auto form = form_request("/", std::vector<FormPart>(1001, {.name = "chain", .content = "x"}));
  const auto media = parse_media_type(form.headers.front().second);
  EXPECT_EQ(reason(parse(form.body, media.parameters.at("boundary"))), "multipart.parts");
}

}  // namespace
}  // namespace hutong::net
