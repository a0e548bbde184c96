#include "platform/svs/svs_service.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>

#include "asn1/oids.h"
#include "base/file.h"
#include "cms/sign.h"
#include "cms/signed_data.h"
#include "platform/svs/svs_support.h"
#include "recognition/judge.h"

namespace hutong::platform::svs {
namespace {

using test::code_in;
using test::der_of;
using test::kCode;
using test::kSm2Method;
using test::octets_of;
using test::World;

class SvsService : public testing::Test {
 protected:
  static void SetUpTestSuite() { world_ = new World; }
  static void TearDownTestSuite() { delete world_; }

  static Code verify(const demonstration::Identity& signer, std::uint64_t level) {
    return code_in(world_->ask(Type::kVerifySignedData, test::verify_request(signer, "tender", level)));
  }
  static Code validate(const x509::Certificate& certificate) {
    Packet request;
    request.set(Member::kCert, der_of(certificate));
    return code_in(world_->ask(Type::kValidateCert, request));
  }
  static std::string item(std::uint64_t number) {
    Packet request;
    request.set(Member::kInfoType, number);
    request.set(Member::kCert, der_of(world_->region().supplier.certificate));
    const Packet answer = world_->ask(Type::kParseCert, request);
    return code_in(answer) == Code::kSuccess ? std::string(as_text(answer.octets(Member::kInfo))) : "refused";
  }
  static Packet init_request() {
    Packet request;
    request.set(Member::kSignMethod, kSm2Method);
    request.set(Member::kSignerPublicKey, world_->region().supplier.key.public_key().key_octets());
    return request;
  }
  static Packet update_request(const Packet& opened, std::string_view data) {
    Packet request;
    request.set(Member::kSessionId, to_bytes(opened.octets(Member::kSessionId)));
    request.set(Member::kInDataLen, std::uint64_t{data.size()});
    request.set(Member::kInData, octets_of(data));
    return request;
  }
  static World* world_;
};
World* SvsService::world_ = nullptr;

TEST_F(SvsService, VerifyLevelsLookAtTimeThenRootThenList) {
  const auto& region = world_->region();
  for (const std::uint64_t level : {0U, 1U, 2U}) {
    EXPECT_EQ(verify(region.supplier, level), Code::kSuccess) << level;
    EXPECT_EQ(verify(region.purchaser, level), Code::kSuccess) << "the other vendor";
    EXPECT_EQ(verify(world_->expired_holder(), level), Code::kCertExpired) << level;
  }
  EXPECT_EQ(verify(world_->stranger(), 0), Code::kSuccess);
  EXPECT_EQ(verify(world_->stranger(), 1), Code::kCert);
  EXPECT_EQ(verify(world_->stranger(), 2), Code::kCert);
  EXPECT_EQ(verify(region.agency_revoked, 0), Code::kSuccess);
  EXPECT_EQ(verify(region.agency_revoked, 1), Code::kSuccess);
  EXPECT_EQ(verify(region.agency_revoked, 2), Code::kCertRemoved);
  EXPECT_EQ(verify(region.supplier, 3), Code::kDataFormat);
  EXPECT_EQ(verify(region.supplier_encryption, 0), Code::kSuccess);
  EXPECT_EQ(verify(region.supplier_encryption, 2), Code::kCert) << "an encryption certificate signs nothing";
}

TEST_F(SvsService, WithoutListsLevelTwoCannotSayYes) {
  const auto& region = world_->region();
  const TrustKeeper trust({.list = world_->folder() / "list.p7m",
                           .list_signer = world_->folder() / "signer.cer",
                           .revocation_folder = {}},
                          world_->clock());
  const Service service(trust, world_->clock(), {});
  const auto ask = [&](std::uint64_t level) {
    return code_in(
        service.answer(Type::kVerifySignedData, test::verify_request(region.supplier, "x", level), ""));
  };
  EXPECT_EQ(ask(1), Code::kSuccess);
  EXPECT_EQ(ask(2), Code::kServerConnect);
}

TEST_F(SvsService, WithoutATrustListNothingIsGood) {
  const TrustKeeper trust({}, world_->clock());
  const Service service(trust, world_->clock(), {});
  Packet request;
  request.set(Member::kCert, der_of(world_->region().supplier.certificate));
  EXPECT_EQ(code_in(service.answer(Type::kValidateCert, request, "")), Code::kSystemFailure);
}

TEST_F(SvsService, SignaturesAreChecked) {
  const auto& region = world_->region();
  const auto ask = [](const Packet& request) {
    return code_in(world_->ask(Type::kVerifySignedData, request));
  };
  Packet request = test::verify_request(region.supplier, "tender", 2);
  request.set(Member::kInData, octets_of("render"));
  EXPECT_EQ(ask(request), Code::kInvalidSignature);
  request = test::verify_request(region.supplier, "tender", 2);
  request.set(Member::kCert, der_of(region.purchaser.certificate));
  EXPECT_EQ(ask(request), Code::kInvalidSignature);
  request = test::verify_request(region.supplier, "tender", 2);
  request.set(Member::kSignMethod, std::uint64_t{0x00010004});
  EXPECT_EQ(ask(request), Code::kSignMethod) << "RSA with an SM2 key";
  request = test::verify_request(region.supplier, "tender", 2);
  request.set(Member::kSignerIdLen, std::uint64_t{5});
  request.set(Member::kSignerId, octets_of("alice"));
  EXPECT_EQ(ask(request), Code::kInvalidSignature) << "signed with the usual id";
  request.set(Member::kSignature, region.supplier.key.key().sign(as_bytes("tender"), "alice").to_der());
  EXPECT_EQ(ask(request), Code::kSuccess);
}

TEST_F(SvsService, ACertificateCanBeNamedByItsSerialNumber) {
  const auto& region = world_->region();
  Packet request = test::verify_request(region.purchaser, "tender", 2);
  request.set(Member::kType, std::uint64_t{2});
  request.set(Member::kCertSn, to_bytes(region.purchaser.certificate.serial().content()));
  EXPECT_EQ(code_in(world_->ask(Type::kVerifySignedData, request)), Code::kSuccess);
  Bytes padded{0, 0};
  append(padded, region.purchaser.certificate.serial().content());
  request.set(Member::kCertSn, padded);
  EXPECT_EQ(code_in(world_->ask(Type::kVerifySignedData, request)), Code::kSuccess);
  request.set(Member::kCertSn, Bytes{1, 2, 3});
  EXPECT_EQ(code_in(world_->ask(Type::kVerifySignedData, request)), Code::kCert);
}

TEST_F(SvsService, VerdictsAreThoseOfTheRestApi) {
  const auto& region = world_->region();
  const auto snapshot = world_->trust().current();
  for (const auto* certificate :
       {&region.supplier.certificate, &region.purchaser.certificate, &region.agency_revoked.certificate,
        &region.root_a.certificate(), &world_->expired(), &world_->stranger().certificate}) {
    const auto report = recognition::judge(
        {.file = certificate->der(), .at = world_->clock().now()},
        {.list = &snapshot->list, .now = world_->clock().now(), .revocation = &snapshot->revocation});
    EXPECT_EQ(validate(*certificate) == Code::kSuccess, report.indication == x509::Indication::kValid)
        << certificate->subject().to_string();
  }
  EXPECT_EQ(validate(world_->expired()), Code::kCertExpired);
  EXPECT_EQ(validate(region.agency_revoked.certificate), Code::kCertRemoved);
  EXPECT_EQ(validate(world_->stranger().certificate), Code::kCert);
  Packet asks_ocsp;
  asks_ocsp.set(Member::kCert, der_of(region.supplier.certificate));
  asks_ocsp.set_flag(Member::kOcsp, true);
  const Packet answer = world_->ask(Type::kValidateCert, asks_ocsp);
  EXPECT_EQ(code_in(answer), Code::kServerConnect) << "no response speaks about it";
  EXPECT_FALSE(answer.has(Member::kState));
}

TEST_F(SvsService, CertificatesAreExportedAndTakenApart) {
  const auto& supplier = world_->region().supplier.certificate;
  for (const std::string& name :
       {std::string("trading"), supplier.serial().to_hex(), std::string("演示供应商有限公司")}) {
    Packet request;
    request.set(Member::kIdentification, octets_of(name));
    const Packet answer = world_->ask(Type::kExportCert, request);
    EXPECT_EQ(code_in(answer), Code::kSuccess) << name;
    EXPECT_TRUE(equal(answer.octets(Member::kCert), supplier.der()));
  }
  EXPECT_EQ(item(0x01), "3");
  EXPECT_EQ(item(0x02), supplier.serial().to_hex());
  EXPECT_EQ(item(0x05), "CN=演示CA甲签发中心,O=演示CA甲,C=CN");
  EXPECT_EQ(item(0x08), as_text(supplier.spki()));
  EXPECT_EQ(item(0x13), "digitalSignature,nonRepudiation");
  EXPECT_EQ(item(0x31), "演示供应商有限公司");
  EXPECT_EQ(item(0x34), "") << "it has no e-mail address";
  EXPECT_EQ(item(0x35) + "-" + item(0x36), item(0x06));
  EXPECT_EQ(item(0x12), as_text(supplier.extensions().find(asn1::oids::kSubjectKeyIdentifier)->value));
  for (const std::uint64_t unknown : {0U, 3U, 0x10U, 0x37U, 0x131U}) {
    EXPECT_EQ(item(unknown), "refused") << unknown;
  }
}

TEST_F(SvsService, SeveralPacketsAreAsGoodAsOne) {
  const auto& supplier = world_->region().supplier;
  const Packet opened = world_->ask(Type::kSignDataInit, init_request());
  ASSERT_EQ(code_in(opened), Code::kSuccess);
  EXPECT_EQ(code_in(world_->ask(Type::kSignDataUpdate, update_request(opened, "ten"))), Code::kSuccess);
  EXPECT_EQ(code_in(world_->ask(Type::kSignDataUpdate, update_request(opened, "der"))), Code::kSuccess);
  EXPECT_EQ(code_in(world_->ask(Type::kVerifySignedDataUpdate, update_request(opened, "x"))),
            Code::kDataFormat)
      << "a session that signs does not verify";
  Packet last = test::sign_request("");
  last.set(Member::kSessionId, to_bytes(opened.octets(Member::kSessionId)));
  const Packet answer = world_->ask(Type::kSignDataFinal, last);
  ASSERT_EQ(code_in(answer), Code::kSuccess);
  EXPECT_EQ(code_in(world_->ask(Type::kSignDataFinal, last)), Code::kDataFormat) << "it is over";
  Packet single = test::verify_request(supplier, "tender", 2);
  single.set(Member::kSignature, to_bytes(answer.octets(Member::kSignature)));
  EXPECT_EQ(code_in(world_->ask(Type::kVerifySignedData, single)), Code::kSuccess);
  for (const std::string_view data : {"tender", "render"}) {
    const Packet checking = world_->ask(Type::kVerifySignedDataInit, init_request());
    ASSERT_EQ(code_in(checking), Code::kSuccess);
    world_->ask(Type::kVerifySignedDataUpdate, update_request(checking, data));
    Packet end = single;
    end.set(Member::kSessionId, to_bytes(checking.octets(Member::kSessionId)));
    EXPECT_EQ(code_in(world_->ask(Type::kVerifySignedDataFinal, end)),
              data == "tender" ? Code::kSuccess : Code::kInvalidSignature);
  }
}

TEST_F(SvsService, EveryLayoutOfAPublicKeyIsRead) {
  const auto& key = world_->region().supplier.key.public_key();
  const Bytes octets = key.key_octets();
  Bytes reference(132);
  std::copy(octets.begin() + 1, octets.begin() + 33, reference.begin() + 36);
  std::copy(octets.begin() + 33, octets.end(), reference.begin() + 100);
  for (const Bytes& layout : {octets, Bytes(octets.begin() + 1, octets.end()), reference, key.to_spki()}) {
    Packet request = init_request();
    request.set(Member::kSignerPublicKey, layout);
    EXPECT_EQ(code_in(world_->ask(Type::kVerifySignedDataInit, request)), Code::kSuccess) << layout.size();
  }
}

TEST_F(SvsService, SessionsAreBoundedAndEnd) {
  const Service service(world_->trust(), world_->clock(), {}, {.most = 3, .most_of_peer = 2});
  const auto open = [&](const std::string& peer) {
    return code_in(service.answer(Type::kVerifySignedDataInit, init_request(), peer));
  };
  EXPECT_EQ(open("a"), Code::kSuccess);
  EXPECT_EQ(open("a"), Code::kSuccess);
  EXPECT_EQ(open("a"), Code::kSystemFailure) << "the peer's share";
  EXPECT_EQ(open("b"), Code::kSuccess);
  EXPECT_EQ(open("c"), Code::kSystemFailure) << "all there are";

  Sessions sessions({.most = 9, .most_of_peer = 9, .idle = std::chrono::seconds(60)});
  const auto session = [] {
    return std::shared_ptr<Session>(new Session{.purpose = Purpose::kVerify,
                                                .algorithm = crypto::kSm2WithSm3,
                                                .key = std::nullopt,
                                                .digest = crypto::Digest(crypto::DigestAlgorithm::kSm3),
                                                .owner = "a"});
  };
  const Time start = world_->clock().now();
  const auto handle = sessions.open(session(), start);
  ASSERT_TRUE(handle);
  EXPECT_EQ(handle->size(), 16U);
  EXPECT_NE(sessions.find(*handle, Purpose::kVerify, start + std::chrono::seconds(59)), nullptr);
  EXPECT_NE(sessions.find(*handle, Purpose::kVerify, start + std::chrono::seconds(118)), nullptr) << "in use";
  EXPECT_EQ(sessions.find(*handle, Purpose::kVerify, start + std::chrono::seconds(178)), nullptr);
  EXPECT_EQ(sessions.count(), 0U);
}

TEST_F(SvsService, MessagesAreSignedInEveryCombination) {
  for (unsigned combination = 0; combination < 8; ++combination) {
    const bool attached = (combination & 1U) != 0;
    Packet request = test::sign_request("tender");
    request.set_flag(Member::kOriginalText, attached);
    request.set_flag(Member::kCertificateChain, (combination & 2U) != 0);
    request.set_flag(Member::kCrl, (combination & 4U) != 0);
    const Packet answer = world_->ask(Type::kSignMessage, request);
    ASSERT_EQ(code_in(answer), Code::kSuccess) << combination;
    const auto message = cms::read_signed_data(answer.octets(Member::kSignedMessage));
    ASSERT_TRUE(message);
    EXPECT_EQ(message->certificates.size(), (combination & 2U) != 0 ? 2U : 1U);
    EXPECT_EQ(message->crls.size(), (combination & 4U) != 0 ? 2U : 0U);
    EXPECT_EQ(message->content == cms::ContentPresence::kOctets, attached);
    Packet verify;
    verify.set(Member::kSignedMessage, to_bytes(answer.octets(Member::kSignedMessage)));
    EXPECT_EQ(code_in(world_->ask(Type::kVerifySignedMessage, verify)),
              attached ? Code::kSuccess : Code::kDataFormat)
        << "without its content";
    verify.set(Member::kInData, octets_of("tender"));
    EXPECT_EQ(code_in(world_->ask(Type::kVerifySignedMessage, verify)), Code::kSuccess);
    verify.set(Member::kInData, octets_of("render"));
    EXPECT_EQ(code_in(world_->ask(Type::kVerifySignedMessage, verify)), Code::kInvalidSignature);
  }
}

TEST_F(SvsService, MessagesOfTheRevokedAndOfStrangersAreRefused) {
  const auto ask = [](const demonstration::Identity& signer) {
    const std::vector<cms::MessageSigner> signers{{.key = signer.key, .certificate = signer.certificate}};
    const auto message = cms::sign_attached(as_bytes("tender"), signers);
    Packet verify;
    verify.set(Member::kSignedMessage, *message);
    return code_in(world_->ask(Type::kVerifySignedMessage, verify));
  };
  EXPECT_EQ(ask(world_->region().purchaser), Code::kSuccess);
  EXPECT_EQ(ask(world_->region().agency_revoked), Code::kCertRemoved);
  EXPECT_EQ(ask(world_->expired_holder()), Code::kCertExpired);
  EXPECT_EQ(ask(world_->stranger()), Code::kCert);
}

TEST_F(SvsService, NobodySignsWithoutEntityAndCode) {
  const Service bare(world_->trust(), world_->clock(), {});
  EXPECT_EQ(code_in(bare.answer(Type::kSignData, test::sign_request("x"), "")), Code::kKeyIndex);
  EXPECT_EQ(code_in(bare.answer(Type::kSignMessage, test::sign_request("x"), "")), Code::kKeyIndex);
  const Inventory inventory = world_->inventory();
  const Entity* entity = inventory.entity(1);
  ASSERT_NE(entity, nullptr);
  EXPECT_TRUE(entity->authorises(as_bytes(kCode)));
  for (const std::string& wrong : {std::string(), std::string("trading-system-2"), std::string(kCode) + "\n",
                                   std::string(kCode.substr(1)), std::string(kCode) + std::string(1, '\0')}) {
    EXPECT_FALSE(entity->authorises(as_bytes(wrong)));
  }
}

TEST_F(SvsService, EntitiesThatDoNotFitStopTheStart) {
  const auto reason = [](const std::string& text, const std::string& code = "long-enough-code") {
    EXPECT_TRUE(write_file(world_->folder() / "other.code", as_bytes(code)));
    EXPECT_TRUE(write_file(world_->folder() / "other.toml", as_bytes(text)));
    const auto loaded = Inventory::load(world_->folder() / "other.toml", {});
    return loaded ? "" : loaded.error().reason;
  };
  const std::string good = "[1]\nname = \"a\"\nkey = \"1.key\"\nkey_password_file = \"1.password\"\n";
  const std::string code = "code_file = \"other.code\"\n";
  EXPECT_EQ(reason(good + code + "certificate = \"1.cer\"\n"), "");
  EXPECT_EQ(reason(good + code), "svs.entity");
  EXPECT_EQ(reason(good + "certificate = \"1.cer\"\n"), "svs.entity") << "a key without a code";
  EXPECT_EQ(reason(good + code + "certificate = \"1.cer\"\n", "short"), "svs.entity");
  EXPECT_EQ(reason(good + code + "certificate = \"certificates/purchaser.cer\"\n"), "svs.entity");
  EXPECT_EQ(reason("[0]\nname = \"a\"\n"), "config.unknown_key");
  EXPECT_EQ(reason("[65]\nname = \"a\"\n"), "config.unknown_key");
  EXPECT_EQ(reason("[1]\nname = \"a\"\ncode = \"in the file itself\"\n"), "config.unknown_key");
  EXPECT_EQ(Inventory::load({}, "/nonexistent").error().reason, "svs.certificates");
}

}  // namespace
}  // namespace hutong::platform::svs
