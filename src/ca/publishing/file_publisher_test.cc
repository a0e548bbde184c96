#include "ca/publishing/file_publisher.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "ca/publishing/document_repository.h"
#include "ca/publishing/list_publisher.h"
#include "ca/test_support.h"

namespace hutong::ca {
namespace {

using test::at;

class FilePublisherTest : public testing::Test {
 protected:
  FilePublisherTest() : files_(ca_.database(), ca_.signing(), folder()) {
    EXPECT_TRUE(
        storage::migrate(ca_.database(), kPublishingComponent, publishing_migrations(), SystemClock()));
  }
  std::filesystem::path folder() const { return ca_.folder() / "published"; }
  Bytes content(const std::string& name) const {
    constexpr std::size_t kMost = 1 << 20;
    return read_file(folder() / name, kMost).value();
  }

  test::TestCa ca_{{.crl = "http://ca.example/{partition}.crl", .crl_partitions = 2}};
  ListPublisher lists_{ca_.database(), ca_.signing(), {}};
  FilePublisher files_;
};

TEST_F(FilePublisherTest, TheFolderHoldsWhatTheAddressesAnswer) {
  ASSERT_TRUE(lists_.publish_due(at("2026-06-01")));
  ASSERT_TRUE(storage::in_transaction(ca_.database(), [](storage::Transaction& transaction) {
    return DocumentRepository::put(transaction, {"root.cer", {1, 2, 3}, at("2026-06-01")});
  }));
  const auto written = files_.publish();
  ASSERT_TRUE(written) << written.error().detail;
  EXPECT_EQ(*written, 4U) << "two partitions, the CA's certificate, a document";
  const std::string& id = ca_.signing().authority();
  auto reader = ca_.database().read().value();
  EXPECT_EQ(content("crl/" + id + "/1.crl"), ListPublisher::find(reader, id, 1, ListKind::kFull).value().der);
  EXPECT_TRUE(equal(content("ca/" + id + ".cer"), ca_.signing().issuer().certificate().der()));
  EXPECT_EQ(content("pki/root.cer"), (Bytes{1, 2, 3}));
}

TEST_F(FilePublisherTest, OnlyWhatChangedIsWritten) {
  ASSERT_TRUE(lists_.publish_due(at("2026-06-01")));
  ASSERT_TRUE(files_.publish());
  EXPECT_EQ(files_.publish().value(), 0U);
  const std::string& id = ca_.signing().authority();
  const Bytes before = content("crl/" + id + "/0.crl");
  ASSERT_TRUE(lists_.publish(id, 0, ListKind::kFull, at("2026-06-02")));
  EXPECT_EQ(files_.publish().value(), 1U);
  EXPECT_NE(content("crl/" + id + "/0.crl"), before);
}

TEST_F(FilePublisherTest, AFolderThatCannotBeWrittenIsAnError) {
  ASSERT_TRUE(write_file(folder(), as_bytes("no folder")));
  EXPECT_EQ(files_.publish().error().reason, "file.unwritable");
}

}  // namespace
}  // namespace hutong::ca
