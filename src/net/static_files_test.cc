#include "net/static_files.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"

namespace hutong::net {
namespace {

class StaticFolder : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("static_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "assets");
    put("index.html", "<!doctype html>");
    put("assets/app-1a2b.js", "run()");
    std::filesystem::create_symlink("/etc/passwd", folder_ / "link.txt");
    auto loaded = StaticFiles::load(folder_);
    ASSERT_TRUE(loaded);
    files_ = std::move(*loaded);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void put(const std::string& name, std::string_view content) {
    ASSERT_TRUE(write_file(folder_ / name, as_bytes(content)));
  }
  Result<Response> get(std::string path, std::string_view etag = "") {
    Request request;
    request.path = std::move(path);
    if (!etag.empty()) {
      request.headers.add("If-None-Match", etag);
    }
    return files_.answer(request);
  }
  static std::string header(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) {
        return value;
      }
    }
    return {};
  }
  std::filesystem::path folder_;
  StaticFiles files_;
};

TEST_F(StaticFolder, ServesFilesByType) {
  const auto script = get("/assets/app-1a2b.js");
  ASSERT_TRUE(script);
  EXPECT_EQ(script->content(), "run()");
  EXPECT_EQ(script->content_type, "text/javascript; charset=utf-8");
  EXPECT_NE(header(*script, "Cache-Control").find("immutable"), std::string::npos);
}

TEST_F(StaticFolder, PagesOfTheApplicationGetItsIndex) {
  for (const auto* path : {"/", "/index.html", "/verify/01J", "/deep/er/page"}) {
    const auto page = get(path);
    ASSERT_TRUE(page) << path;
    EXPECT_EQ(page->content(), "<!doctype html>");
    EXPECT_EQ(header(*page, "Cache-Control"), "no-cache");
  }
}

TEST_F(StaticFolder, NothingElseExists) {
  for (const auto* path : {"/missing.js", "/assets/none.css", "/link.txt", "/../link.txt", "/etc/passwd.x"}) {
    EXPECT_FALSE(get(path)) << path;
  }
}

TEST_F(StaticFolder, AnswersAKnownTagWith304) {
  const auto tag = header(*get("/"), "ETag");
  ASSERT_FALSE(tag.empty());
  const auto again = get("/", tag);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->status, 304);
  EXPECT_TRUE(again->content().empty());
  EXPECT_EQ(get("/", "\"other\"")->status, 200);
}

class CompressedFiles : public StaticFolder {
 protected:
  void SetUp() override {
    StaticFolder::SetUp();
    put("assets/app-1a2b.js.gz", "packed");
    put("report.gz", "a file of its own");
    files_ = *StaticFiles::load(folder_);
  }
  Response get_accepting(std::string_view encodings, std::string_view etag = "") {
    Request request;
    request.path = "/assets/app-1a2b.js";
    request.headers.add("Accept-Encoding", encodings);
    request.headers.add("If-None-Match", etag);
    return *files_.answer(request);
  }
};

TEST_F(CompressedFiles, GoToThoseWhoAcceptThem) {
  for (const auto* accepting : {"gzip", "br, gzip", "gzip;q=0.5, br", "deflate , gzip ; q=1.0", "x-gzip"}) {
    const auto packed = get_accepting(accepting);
    EXPECT_EQ(packed.content(), "packed") << accepting;
    EXPECT_EQ(header(packed, "Content-Encoding"), "gzip");
    EXPECT_EQ(packed.content_type, "text/javascript; charset=utf-8") << "of what is packed";
    EXPECT_EQ(header(packed, "Vary"), "Accept-Encoding");
    EXPECT_NE(header(packed, "Cache-Control").find("immutable"), std::string::npos);
  }
  for (const auto* refusing : {"", "br", "gzip;q=0", "gzip; q=0.000", "gzipped", "identity", ",,;"}) {
    const auto plain = get_accepting(refusing);
    EXPECT_EQ(plain.content(), "run()") << refusing;
    EXPECT_EQ(header(plain, "Content-Encoding"), "");
    EXPECT_EQ(header(plain, "Vary"), "Accept-Encoding") << "a cache must keep the two apart";
  }
}

TEST_F(CompressedFiles, HaveTagsOfTheirOwn) {
  const auto packed = header(get_accepting("gzip"), "ETag");
  const auto plain = header(get_accepting("br"), "ETag");
  EXPECT_NE(packed, plain);
  EXPECT_EQ(get_accepting("gzip", packed).status, 304);
  EXPECT_EQ(get_accepting("gzip", plain).status, 200);
  EXPECT_EQ(get_accepting("br", plain).status, 304);
}

TEST_F(CompressedFiles, AreNoFilesOfTheirOwn) {
  EXPECT_FALSE(get("/assets/app-1a2b.js.gz"));
  EXPECT_EQ(get("/report.gz")->content(), "a file of its own");
  EXPECT_EQ(header(*get("/"), "Vary"), "") << "there is only one form of it";
}

TEST(StaticFilesLoad, SaysWhenThereIsNoFolder) {
  EXPECT_EQ(StaticFiles::load("/nonexistent/portal").error().reason, "static.folder");
}

}  // namespace
}  // namespace hutong::net
