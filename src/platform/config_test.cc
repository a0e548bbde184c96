#include "platform/config.h"

#include <gtest/gtest.h>

#include <string>

#include "base/file.h"

namespace hutong::platform {
namespace {

Result<Config> read(std::string_view text) {
  const auto file = std::filesystem::path(testing::TempDir()) / "hutong-config-test.toml";
  EXPECT_TRUE(write_file(file, as_bytes(text)));
  return read_config(file);
}
std::string_view reason(const Result<Config>& config) { return config ? "" : config.error().reason; }

TEST(Config, DefaultsAndValues) {
  const auto empty = read("");
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->port, 8080);
  EXPECT_EQ(empty->address, "127.0.0.1") << "not open to the world unless told so";
  EXPECT_TRUE(empty->trust_list.empty());
  const auto full = read(
      "[server]\naddress = \"::1\"\nport = 0\nworkers = 3\nupload_limit_mib = 5\n[portal]\nfolder = \"web\"\n"
      "[svs]\nentities = \"keys.toml\"\n[trust]\nlist = \"/etc/list\"\nreload_seconds = "
      "60\n[reports]\nfolder = \"reports\"\nkeep_days = 2\nkeep = 9\nkeep_evidence_days = 40\n"
      "[report_signer]\nkey = \"r.p12\"\npassword_file = \"pw\"\n");
  ASSERT_TRUE(full) << full.error().detail;
  EXPECT_EQ(full->address, "::1");
  EXPECT_EQ(full->port, 0);
  EXPECT_EQ(full->workers, 3U);
  EXPECT_EQ(full->svs_entities, std::filesystem::path(testing::TempDir()) / "keys.toml");
  EXPECT_TRUE(full->svs_certificates.empty());
  EXPECT_EQ(full->upload_limit, std::size_t{5} << 20);
  EXPECT_EQ(full->portal_folder, std::filesystem::path(testing::TempDir()) / "web")
      << "against the file's folder";
  EXPECT_EQ(full->trust_list, "/etc/list");
  EXPECT_EQ(full->reload, std::chrono::seconds(60));
  EXPECT_EQ(full->keep_reports_for, std::chrono::hours(48));
  EXPECT_EQ(full->keep_reports, 9U);
  EXPECT_EQ(full->keep_evidence_for, std::chrono::hours(960));
  EXPECT_TRUE(full->report_signer_key.is_absolute());
}

TEST(Config, ADatabaseFileLiesBesideTheConfiguration) {
  const std::string operators =
      "[operators]\nauthorities = \"operators.pem\"\naudience = \"https://a.example\"\n";
  const auto file = read("[database]\nurl = \"sqlite:platform.db\"\n" + operators);
  ASSERT_TRUE(file) << file.error().detail;
  const std::filesystem::path folder(testing::TempDir());
  EXPECT_EQ(file->database, "sqlite:" + (folder / "platform.db").string());
  EXPECT_EQ(file->operator_authorities, folder / "operators.pem");
  EXPECT_EQ(file->audience, "https://a.example");
  const auto server = read("[database]\nurl = \"postgresql://db.example/platform\"\n" + operators);
  ASSERT_TRUE(server) << server.error().detail;
  EXPECT_EQ(server->database, "postgresql://db.example/platform");
}

TEST(Config, TypingErrorsAreNotIgnored) {
  EXPECT_EQ(reason(read("[server")), "config.toml");
  EXPECT_EQ(reason(read("[server]\nprot = 1\n")), "config.unknown_key");
  EXPECT_EQ(reason(read("[servers]\nport = 1\n")), "config.unknown_key");
  EXPECT_EQ(reason(read("port = 1\n")), "config.unknown_key");
  EXPECT_EQ(reason(read("[server]\nport = \"80\"\n")), "config.value");
  EXPECT_EQ(reason(read("[server]\nport = 70000\n")), "config.value");
  EXPECT_EQ(reason(read("[server]\nworkers = 0\n")), "config.value");
  EXPECT_EQ(reason(read("[tls]\ncertificate = \"a.pem\"\n")), "config.tls");
  EXPECT_EQ(reason(read("[tls]\nclient_authorities = \"a.pem\"\n")), "config.tls");
  EXPECT_EQ(reason(read("[tls]\ncertificate = \"a.pem\"\nkey = \"a.key\"\n")), "");
  EXPECT_EQ(reason(read("[trust_signer]\nkey = \"signer.p12\"\npassword_file = \"password\"\n")),
            "config.trust_signer");
  EXPECT_EQ(reason(read("[report_signer]\nkey = \"signer.p12\"\npassword_file = \"password\"\n")),
            "config.report_signer");
  EXPECT_EQ(reason(read("[trust]\nfetch_seconds = 60\n")), "config.fetch");
  EXPECT_EQ(reason(read("[keys]\nfolder = \"keys\"\npassword_file = \"password\"\n")), "config.keys");
  EXPECT_EQ(reason(read("[keys]\nfolder = \"keys\"\n")), "config.keys");
  EXPECT_EQ(reason(read("[connectors]\ncertificate = \"a.pem\"\nauthorities = \"b.pem\"\n")),
            "config.connectors");
  EXPECT_EQ(reason(read("[connectors]\ncertificate = \"a.pem\"\nkey = \"a.key\"\n")), "config.connectors");
  EXPECT_EQ(reason(read("[limits]\nrequests_per_minute = 0\naddress_field = \"X-Forwarded-For\"\n")), "");
  EXPECT_EQ(reason(read("[limits]\nrequests_per_minute = -1\n")), "config.value");
  EXPECT_EQ(reason(read("[connectors]\nsigner = \"a.p12\"\n")), "config.connectors");
  EXPECT_EQ(reason(read("[connectors]\nsigner = \"a.p12\"\nsigner_password_file = \"a.txt\"\n")), "");
  EXPECT_EQ(reason(read("[connectors]\nkeys = \"keys\"\n")), "");
  EXPECT_EQ(reason(read("[database]\nurl = \"sqlite:a.db\"\n")), "config.database");
  EXPECT_EQ(reason(read("[server]\nport = 0\n[database]\nurl = \"sqlite:a.db\"\n[operators]\nauthorities = "
                        "\"a.pem\"\n")),
            "config.audience");
  EXPECT_EQ(read_config("/nonexistent.toml").error().reason, "file.not_found");
}

}  // namespace
}  // namespace hutong::platform
