#include "platform/validation/upload.h"

#include <gtest/gtest.h>

#include <string>

#include "net/client.h"

namespace hutong::platform {
namespace {

net::Request request(std::string_view content_type, std::string_view body) {
  net::Request made;
  made.headers.add("Content-Type", content_type);
  made.body = to_bytes(as_bytes(body));
  return made;
}
net::Request form(const std::vector<net::FormPart>& parts) {
  const auto made = net::form_request("/", parts);
  return request(made.headers.front().second, made.body);
}
std::string reason(const net::Request& made) {
  const auto upload = read_upload(made);
  return upload ? "" : std::string(upload.error().reason);
}

TEST(Upload, ReadsForms) {
  const auto made = form({{.name = "file", .file_name = "a\x01\xFF.cer", .content = "F"},
                          {.name = "content", .file_name = "b", .content = "C"},
                          {.name = "chain", .content = "1"},
                          {.name = "chain", .content = "2"},
                          {.name = "at", .content = "2026-06-01T08:00:00+08:00"},
                          {.name = "revocation", .content = "require"}});
  const auto upload = read_upload(made);
  ASSERT_TRUE(upload) << upload.error().detail;
  EXPECT_EQ(as_text(upload->file), "F");
  EXPECT_EQ(upload->file_name, "a") << "no control characters, nothing that is not UTF-8";
  EXPECT_EQ(as_text(*upload->content), "C");
  EXPECT_EQ(upload->chain.size(), 2U);
  EXPECT_EQ(to_rfc3339(*upload->at), "2026-06-01T00:00:00Z");
  EXPECT_EQ(upload->revocation, x509::RevocationMode::kRequire);
}

TEST(Upload, ReadsJson) {
  const auto made =
      request("application/json; charset=utf-8",
              R"({"file":"Rg==","file_name":"中.cer","content":"Qw==","chain":["MQ==","Mg=="]})");
  const auto upload = read_upload(made);
  ASSERT_TRUE(upload) << upload.error().detail;
  EXPECT_EQ(as_text(upload->file), "F");
  EXPECT_EQ(upload->file_name, "中.cer");
  EXPECT_EQ(as_text(*upload->content), "C");
  ASSERT_EQ(upload->chain.size(), 2U);
  EXPECT_EQ(as_text(upload->chain[1]), "2");
  EXPECT_EQ(upload->revocation, x509::RevocationMode::kPrefer);
}

TEST(Upload, ASummaryCanBeAskedFor) {
  const auto json = request("application/json", R"({"file":"Rg==","report":"summary"})");
  EXPECT_EQ(read_upload(json)->form, ReportForm::kSummary);
  const auto full = form({{.name = "file", .content = "F"}, {.name = "report", .content = "full"}});
  EXPECT_EQ(read_upload(full)->form, ReportForm::kFull);
  EXPECT_EQ(reason(request("application/json", R"({"file":"Rg==","report":"short"})")), "upload.report");
}

TEST(Upload, RefusesWithStableCodes) {
  EXPECT_EQ(reason(request("text/plain", "x")), "http.content_type");
  EXPECT_EQ(reason(request("", "x")), "http.content_type");
  EXPECT_EQ(reason(request("multipart/form-data", "x")), "multipart.boundary");
  EXPECT_EQ(reason(form({{.name = "content", .content = "C"}})), "upload.no_file");
  EXPECT_EQ(reason(form({{.name = "file", .content = "1"}, {.name = "file", .content = "2"}})),
            "upload.duplicate");
  EXPECT_EQ(reason(form({{.name = "file", .content = "1"}, {.name = "flie", .content = "2"}})),
            "upload.unknown_field");
  EXPECT_EQ(reason(form({{.name = "file", .content = "1"}, {.name = "at", .content = "now"}})), "upload.at");
  EXPECT_EQ(reason(form({{.name = "file", .content = "1"}, {.name = "revocation", .content = "maybe"}})),
            "upload.revocation");
  EXPECT_EQ(reason(request("application/json", "{")), "json.syntax");
  EXPECT_EQ(reason(request("application/json", "[]")), "upload.field_type");
  EXPECT_EQ(reason(request("application/json", "{}")), "upload.no_file");
  EXPECT_EQ(reason(request("application/json", R"({"file":"?"})")), "upload.base64");
  EXPECT_EQ(reason(request("application/json", R"({"file":3})")), "upload.field_type");
  EXPECT_EQ(reason(request("application/json", R"({"file":"","chain":"MQ=="})")), "upload.field_type");
  EXPECT_EQ(reason(request("application/json", R"({"file":"","x":"1"})")), "upload.unknown_field");
  EXPECT_EQ(reason(request("application/json", R"({"file":"","chain":[[[[["1"]]]]]})")), "json.depth");
}

}  // namespace
}  // namespace hutong::platform
