#include "kmc/config.h"

#include <gtest/gtest.h>

#include <string>

#include "base/bytes.h"
#include "base/file.h"

namespace hutong::kmc {
namespace {

Result<Config> read(std::string_view text) {
  const auto file = std::filesystem::path(testing::TempDir()) / "hutong-kmc-config-test.toml";
  EXPECT_TRUE(write_file(file, as_bytes(text)));
  return read_config(file);
}
std::string_view reason(std::string_view text) {
  const auto config = read(text);
  return config ? "" : config.error().reason;
}

TEST(KmcConfig, DefaultsAndValues) {
  const std::filesystem::path folder(testing::TempDir());
  const auto empty = read("");
  ASSERT_TRUE(empty) << empty.error().detail;
  EXPECT_EQ(empty->management.address, "127.0.0.1") << "not open to the world unless told so";
  EXPECT_EQ(empty->service.address, "127.0.0.1");
  EXPECT_EQ(empty->database, "sqlite:" + (folder / "kmc.db").string());
  EXPECT_TRUE(empty->client_authorities.empty());
  const auto full = read(
      "[server]\nport = 1\n[service]\nport = 2\nclient_authorities = \"c.pem\"\nwindow_seconds = 60\n"
      "[tls]\ncertificate = \"s.pem\"\nkey = \"s.key\"\n[database]\nurl = \"postgresql://x/y\"\n"
      "[recovery]\nopen_hours = 5\n[stores]\nrefill_seconds = 9\nthreads = 3\n[audit]\nkeep_days = 7\n");
  ASSERT_TRUE(full) << full.error().detail;
  EXPECT_EQ(full->service.port, 2);
  EXPECT_EQ(full->client_authorities, (folder / "c.pem").lexically_normal());
  EXPECT_EQ(full->window, std::chrono::seconds(60));
  EXPECT_EQ(full->database, "postgresql://x/y");
  EXPECT_EQ(full->recovery_open, std::chrono::hours(5));
  EXPECT_EQ(full->keep_audit, std::chrono::days(7));
}

TEST(KmcConfig, WhatIsWrongIsSaid) {
  EXPECT_EQ(reason("[tls]\ncertificate = \"s.pem\"\n"), "config.tls");
  EXPECT_EQ(reason("[service]\nclient_authorities = \"c.pem\"\n"), "config.tls") << "mutual TLS needs TLS";
  EXPECT_EQ(reason("[stores]\nthreads = 0\n"), "config.value");
  EXPECT_EQ(reason("[server]\nport = 65536\n"), "config.value");
  EXPECT_EQ(reason("[server]\ntls = 1\n"), "config.value");
  EXPECT_EQ(reason("[serverr]\nport = 1\n"), "config.unknown_key");
}

}  // namespace
}  // namespace hutong::kmc
