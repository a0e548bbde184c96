#include "ca/registration/key_centre_client.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "tests/support/operator_client.h"
#include "tests/tools/test_ca.h"

namespace hutong::ca::registration {
namespace {

using cms::KeyServiceRequest;
using cms::KeyServiceResponse;
using hutong::test::kMid2027;
using hutong::test::Party;

/// A centre behind a server that answers whatever a test wants.
class KeyCentreClientTest : public testing::Test {
 protected:
  void SetUp() override {
    router_.add({.method = net::Method::kPost,
                 .pattern = "/key-service",
                 .body_limit = 100'000,
                 .handler = [this](const net::Request& request) -> Result<net::Response> {
                   HUTONG_TRY(const auto read, cms::read_key_service_request(request.body, own_));
                   KeyServiceResponse response = answer_(read);
                   HUTONG_TRY(const Bytes der, cms::sign_key_service(response, *centre_party_.signer));
                   return net::Response{.status = status_,
                                        .content_type = "application/octet-stream",
                                        .body = std::string(as_text(der))};
                 }});
    server_ = std::make_unique<hutong::test::RunningServer>(router_);
    client_ = std::make_unique<KeyCentreClient>(
        net::Client::create(server_->url()).value(),
        KeyCentreClient::Parties{.own = own_, .signer = *own_party_.signer, .centre = centre_});
  }

  KeyServiceResponse good_answer(const KeyServiceRequest& request) const {
    KeyServiceResponse response{
        .centre = cms::KeyServiceParty::of(centre_), .responses = {}, .at = request.at, .task = request.task};
    for (const auto& one : request.requests) {
      if (const auto* apply = std::get_if<cms::ApplyKeyRequest>(&one)) {
        response.responses.emplace_back(returned(cms::ReturnedKey::For::kApplication, apply->certificate));
      } else if (const auto* restore = std::get_if<cms::RestoreKeyRequest>(&one)) {
        response.responses.emplace_back(returned(cms::ReturnedKey::For::kRecovery, restore->certificate));
      } else {
        response.responses.emplace_back(cms::RevokedKey{std::get<cms::RevokeKeyRequest>(one).certificate});
      }
    }
    return response;
  }
  cms::ReturnedKey returned(cms::ReturnedKey::For reason, const x509::Serial& serial) const {
    return {reason, serial, centre_party_.key().to_spki(), {0x30, 0x03, 0x02, 0x01, 0x01}};
  }
  std::string_view apply_reason() const {
    const cms::ApplyKeyRequest request{serial_, own_party_.key().to_spki(), kMid2027,
                                       kMid2027 + std::chrono::hours(24)};
    const auto keys = client_->apply(std::span(&request, 1), kMid2027);
    if (!keys) {
      return keys.error().reason;
    }
    return keys->front() ? std::string_view("ok") : keys->front().error().reason;
  }

  const x509::Serial serial_ = x509::Serial::from_hex("0102").value();
  const Party own_party_{"CA"};
  const Party centre_party_{"KMC"};
  const x509::Certificate own_ = hutong::test::self_signed(own_party_);
  const x509::Certificate centre_ = hutong::test::self_signed(centre_party_);
  std::function<KeyServiceResponse(const KeyServiceRequest&)> answer_ =
      [this](const KeyServiceRequest& request) { return good_answer(request); };
  int status_ = 200;
  net::Router router_;
  std::unique_ptr<hutong::test::RunningServer> server_;
  std::unique_ptr<KeyCentreClient> client_;
};

TEST_F(KeyCentreClientTest, AsksForKeysAndTellsOfRevocations) {
  EXPECT_EQ(apply_reason(), "ok");
  const cms::RestoreKeyRequest restore{serial_, own_party_.key().to_spki()};
  const auto restored = client_->restore(std::span(&restore, 1), kMid2027);
  ASSERT_TRUE(restored);
  EXPECT_TRUE(restored->front()->key == centre_party_.key());
  const cms::RevokeKeyRequest revoke{serial_};
  const auto revoked = client_->revoke(std::span(&revoke, 1), kMid2027);
  ASSERT_TRUE(revoked);
  EXPECT_TRUE(revoked->front());
}

TEST_F(KeyCentreClientTest, ARefusalComesWithTheCentresWords) {
  answer_ = [this](const KeyServiceRequest& request) {
    auto response = good_answer(request);
    response.responses.front() = cms::KeyServiceError{7, "备用库已空"};
    return response;
  };
  EXPECT_EQ(apply_reason(), "key_centre.refused");
}

TEST_F(KeyCentreClientTest, AnAnswerThatDoesNotFitIsNotBelieved) {
  answer_ = [this](const KeyServiceRequest& request) {
    auto response = good_answer(request);
    response.task += 1;
    return response;
  };
  EXPECT_EQ(apply_reason(), "key_centre.answer");
  answer_ = [this](const KeyServiceRequest& request) {
    auto response = good_answer(request);
    std::get<cms::ReturnedKey>(response.responses.front()).certificate = x509::Serial::from_hex("09").value();
    return response;
  };
  EXPECT_EQ(apply_reason(), "key_centre.answer");
  answer_ = [this](const KeyServiceRequest& request) {
    auto response = good_answer(request);
    response.responses.clear();
    return response;
  };
  EXPECT_EQ(apply_reason(), "key_centre.answer");
  answer_ = [this](const KeyServiceRequest& request) {
    auto response = good_answer(request);
    response.centre = cms::KeyServiceParty::of(own_);
    return response;
  };
  EXPECT_EQ(apply_reason(), "key_centre.answer");
}

TEST_F(KeyCentreClientTest, ACentreThatIsAwayIsAway) {
  status_ = 503;
  EXPECT_EQ(apply_reason(), "key_centre.away");
  server_.reset();
  EXPECT_EQ(apply_reason(), "key_centre.away");
}

}  // namespace
}  // namespace hutong::ca::registration
