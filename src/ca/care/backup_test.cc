#include "ca/care/backup.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "ca/care/care_support.h"
#include "ca/publishing/list_publisher.h"
#include "tests/support/program.h"

namespace hutong::ca {
namespace {

using test::at;
using test::must;

class Backup : public test::CareTest {
 protected:
  void SetUp() override {
    test::CareTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    std::filesystem::create_directories(folder_.file("keys"));
    folder_.write("keys/ca-1.key", as_bytes("一把加密的密钥"));
    folder_.write("keys/sdf-labels.txt", as_bytes("ca-1 1 04"));
    folder_.write("ca.toml", as_bytes("[ca]\n"));
  }
  BackupPlaces places() const { return {home_.url(), folder_.file("keys"), folder_.file("ca.toml")}; }
  BackupManifest back_up() { return must(make_backup(*database_, places(), copy(), at("2026-02-01"))); }
  std::string copy() const { return folder_.file("copy"); }
  BackupPlaces other_places() const {
    return {"sqlite:" + folder_.file("other.db"), folder_.file("other-keys"), folder_.file("ca.toml")};
  }
  bool is_sqlite() const { return GetParam() == storage::DatabaseKind::kSqlite; }

  hutong::test::Folder folder_;
};
INSTANTIATE_TEST_SUITE_P(Storage, Backup, hutong::test::every_database(), hutong::test::database_name);

TEST_P(Backup, HoldsEverythingAndItsOwnAuditRecord) {
  const auto manifest = back_up();
  EXPECT_EQ(manifest.files.size(), is_sqlite() ? 4U : 3U);
  EXPECT_EQ(manifest.audit.sequence, 2);
  EXPECT_EQ(records("backup.made"), 1U);
  const auto checked = must(check_backup(copy()));
  EXPECT_EQ(checked.to_json(), manifest.to_json());
  EXPECT_EQ(make_backup(*database_, places(), copy(), at("2026-02-02")).error().reason, "backup.exists");
}

TEST_P(Backup, ComesBackElsewhereWithHigherListNumbers) {
  const auto system = signing();
  const ListPublisher lists(*database_, *system, {});
  const auto before = must(lists.publish(system->authority(), 0, ListKind::kFull, at("2026-01-15")));
  back_up();
  if (!is_sqlite()) {
    EXPECT_EQ(restore_backup(copy(), other_places(), at("2026-03-01")).error().reason, "restore.kind");
    BackupPlaces same = places();
    same.key_folder = folder_.file("other-keys");
    ASSERT_TRUE(restore_backup(copy(), same, at("2026-03-01"))) << "the dump was restored before";
    return;
  }
  must(restore_backup(copy(), other_places(), at("2026-03-01")));
  EXPECT_EQ(folder_.read("other-keys/ca-1.key"), folder_.read("keys/ca-1.key"));
  EXPECT_EQ(folder_.read("other-keys/sdf-labels.txt"), folder_.read("keys/sdf-labels.txt"));
  auto restored = must(storage::Database::open(other_places().database_url));
  const auto other = must(SigningSystem::load(restored, keys_, addresses_));
  const ListPublisher others(restored, *other, {});
  const auto after = must(others.publish(other->authority(), 0, ListKind::kFull, at("2026-03-02")));
  EXPECT_GT(after.number, before.number + 1'000);
  auto reader = must(restored.read());
  EXPECT_EQ(must(audit::search(reader, {.action = "backup.restored"})).records.size(), 1U);
  EXPECT_TRUE(must(audit::verify_chain(reader)).whole());
}

TEST_P(Backup, NeverWritesOverWhatIsThere) {
  back_up();
  EXPECT_EQ(restore_backup(copy(), places(), at("2026-03-01")).error().reason, "restore.exists");
  if (is_sqlite()) {
    BackupPlaces half = other_places();
    half.database_url = home_.url();
    EXPECT_EQ(restore_backup(copy(), half, at("2026-03-01")).error().reason, "restore.exists");
  }
}

TEST_P(Backup, AChangedOrMissingFileIsFound) {
  back_up();
  folder_.write("copy/keys/ca-1.key", as_bytes("另一个文件"));
  EXPECT_EQ(check_backup(copy()).error().reason, "backup.damaged");
  EXPECT_EQ(restore_backup(copy(), other_places(), at("2026-03-01")).error().reason, "backup.damaged");
  std::filesystem::remove(folder_.file("copy/keys/ca-1.key"));
  EXPECT_EQ(check_backup(copy()).error().reason, "backup.damaged");
}

TEST_P(Backup, ABrokenAuditChainIsFound) {
  back_up();
  execute("UPDATE audit_records SET action = 'nothing' WHERE sequence = 1");
  std::filesystem::remove_all(copy());
  back_up();
  if (is_sqlite()) {
    EXPECT_EQ(check_backup(copy()).error().reason, "backup.audit");
  } else {
    BackupPlaces same = places();
    same.key_folder = folder_.file("other-keys");
    EXPECT_EQ(restore_backup(copy(), same, at("2026-03-01")).error().reason, "backup.audit");
  }
}

TEST(BackupManifestTest, OnlyAManifestIsRead) {
  for (const std::string text :
       {"", "[]", "{}", R"({"format":"hutong-ca-backup-1"})",
        R"({"format":"hutong-ca-backup-1","made_at":"2026-01-01T00:00:00Z","database":"sqlite",)"
        R"("audit_sequence":1,"audit_hash":"00","files":[]})"}) {
    EXPECT_FALSE(BackupManifest::from_json(text)) << text;
  }
  BackupManifest manifest;
  manifest.files = {{.name = "../keys", .size = 1, .sm3 = "00"}};
  EXPECT_EQ(BackupManifest::from_json(manifest.to_json()).error().reason, "backup.manifest");
  manifest.files = {{.name = "/etc/passwd", .size = 1, .sm3 = "00"}};
  EXPECT_EQ(BackupManifest::from_json(manifest.to_json()).error().reason, "backup.manifest");
  manifest.files = {{.name = "keys/ca-1.key", .size = 1, .sm3 = "00"}};
  EXPECT_TRUE(BackupManifest::from_json(manifest.to_json()));
}

}  // namespace
}  // namespace hutong::ca
