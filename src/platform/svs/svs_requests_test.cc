#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/encoding.h"
#include "net/json.h"
#include "platform/svs/svs_support.h"
#include "platform/svs/svs_text.h"
#include "tests/support/support.h"

namespace hutong::platform::svs {
namespace {

using net::Json;
using test::World;

class SvsRequests : public testing::Test {
 protected:
  static void SetUpTestSuite() { world_ = new World; }
  static void TearDownTestSuite() { delete world_; }

  static Code form(Type type, const std::string& body) {
    const auto answer = world_->post(std::string(to_string(type)), "application/x-www-form-urlencoded", body);
    EXPECT_TRUE(answer) << answer.error().reason;
    const auto packet = read_form_packet(type, Direction::kResponse, answer->body);
    EXPECT_TRUE(packet) << answer->body;
    return test::code_in(*packet);
  }
  static Code json(Type type, const Json& members) {
    const Json body = {{"version", "v1"}, {"reqType", to_string(type)}, {"request", members}};
    const auto answer = world_->post("", "application/json", net::to_text(body));
    EXPECT_TRUE(answer) << answer.error().reason;
    const auto read = net::parse_json(answer->body);
    return test::code_in(*read_json_packet(type, Direction::kResponse, (*read)["respond"]));
  }
  static std::string problem(const std::string& type, const std::string& content_type,
                             std::string_view body) {
    const auto answer = world_->post(type, content_type, body);
    return answer ? "none" : std::string(answer.error().reason);
  }
  static World* world_;
};
World* SvsRequests::world_ = nullptr;

struct BadRequest {
  Type type;
  std::string form;
  Code code;
};

const std::string kSm2 = "signMethod=131585";
const std::string kKey = "&keyIndex=1&keyValue=dHJhZGluZy1zeXN0ZW0tMQ%3D%3D";
const std::string kData = "&inDataLen=1&inData=QQ%3D%3D";

/// Missing, of the wrong type, of the wrong length, unknown, foreign: each kind of request.
std::vector<BadRequest> bad_requests() {
  const std::string no_certificate = "MAMCAQE%3D";
  return {
      {Type::kExportCert, "", Code::kDataFormat},
      {Type::kExportCert, "identification=%3F", Code::kDataFormat},
      {Type::kExportCert, "identification=QQ%3D%3D", Code::kCertId},
      {Type::kExportCert, "identification=QQ%3D%3D&identification=QQ%3D%3D", Code::kDataFormat},
      {Type::kExportCert, "identification=QQ%3D%3D&other=1", Code::kDataFormat},
      {Type::kExportCert, "identification=%QQ", Code::kDataFormat},
      {Type::kParseCert, "infoType=1", Code::kDataFormat},
      {Type::kParseCert, "infoType=-1&cert=" + no_certificate, Code::kDataFormat},
      {Type::kParseCert, "infoType=one&cert=" + no_certificate, Code::kDataFormat},
      {Type::kParseCert, "infoType=99999999999999999999&cert=" + no_certificate, Code::kDataFormat},
      {Type::kParseCert, "infoType=1&cert=" + no_certificate, Code::kCertDecode},
      {Type::kValidateCert, "ocsp=TRUE", Code::kDataFormat},
      {Type::kValidateCert, "ocsp=yes&cert=" + no_certificate, Code::kDataFormat},
      {Type::kValidateCert, "cert=" + no_certificate, Code::kCertDecode},
      {Type::kSignData, kSm2 + kKey, Code::kDataFormat},
      {Type::kSignData, "signMethod=2" + kKey + kData, Code::kSignMethod},
      {Type::kSignData, "signMethod=65537" + kKey + kData, Code::kSignMethod},
      {Type::kSignData, kSm2 + kKey + "&inDataLen=2&inData=QQ%3D%3D", Code::kDataFormat},
      {Type::kSignData, kSm2 + kKey + kData + "&signerIDLen=3&signerID=QQ%3D%3D", Code::kDataFormat},
      {Type::kSignData, kSm2 + kKey + kData + "&signerIDLen=3", Code::kDataFormat},
      {Type::kSignData, kSm2 + "&keyIndex=2&keyValue=QQ%3D%3D" + kData, Code::kKeyIndex},
      {Type::kSignData, kSm2 + "&keyIndex=1&keyValue=QQ%3D%3D" + kData, Code::kKeyValue},
      {Type::kVerifySignedData, kSm2 + "&type=1" + kData, Code::kDataFormat},
      {Type::kVerifySignedData, kSm2 + "&type=1" + kData + "&signature=QQ&verifyLevel=0", Code::kDataFormat},
      {Type::kVerifySignedData, kSm2 + "&type=3" + kData + "&signature=QQ&verifyLevel=0", Code::kDataFormat},
      {Type::kVerifySignedData, "signMethod=65538&type=1" + kData + "&signature=QQ&verifyLevel=0",
       Code::kSignMethod},
      {Type::kVerifySignedData, kSm2 + "&type=2&certSN=QQ" + kData + "&signature=QQ&verifyLevel=0",
       Code::kCert},
      {Type::kVerifySignedData,
       kSm2 + "&type=1&cert=" + no_certificate + kData + "&signature=QQ&verifyLevel=0", Code::kCertDecode},
      {Type::kVerifySignedData,
       kSm2 + "&type=1&cert=" + no_certificate + "&inDataLen=7&inData=QQ&signature=QQ&verifyLevel=0",
       Code::kDataFormat},
      {Type::kSignDataInit, "", Code::kDataFormat},
      {Type::kSignDataInit, kSm2, Code::kDataFormat},
      {Type::kSignDataInit, kSm2 + "&signerPublicKey=QQ", Code::kDataFormat},
      {Type::kSignDataInit, "signMethod=65540", Code::kSignMethod},
      {Type::kSignDataUpdate, "SessionID=QQ" + kData, Code::kDataFormat},
      {Type::kSignDataUpdate, "SessionID=QQ", Code::kDataFormat},
      {Type::kSignDataFinal, "SessionID=QQ" + kKey, Code::kDataFormat},
      {Type::kVerifySignedDataInit, "signMethod=1", Code::kSignMethod},
      {Type::kVerifySignedDataInit, kSm2, Code::kDataFormat},
      {Type::kVerifySignedDataUpdate, "SessionID=QQ" + kData, Code::kDataFormat},
      {Type::kVerifySignedDataFinal, "type=2&certSN=QQ&SessionID=QQ&signature=QQ&verifyLevel=0",
       Code::kDataFormat},
      {Type::kSignMessage, kSm2 + kKey, Code::kDataFormat},
      {Type::kSignMessage, "signMethod=65537" + kKey + kData, Code::kSignMethod},
      {Type::kSignMessage, kSm2 + kKey + kData + "&originalText=1", Code::kDataFormat},
      {Type::kSignMessage, kSm2 + kKey + kData + "&signerID=QQ", Code::kDataFormat},
      {Type::kSignMessage, kSm2 + "&keyIndex=0&keyValue=QQ" + kData, Code::kKeyIndex},
      {Type::kSignMessage, kSm2 + "&keyIndex=1&keyValue=" + kData, Code::kKeyValue},
      {Type::kVerifySignedMessage, "", Code::kDataFormat},
      {Type::kVerifySignedMessage, "signedMessage=QQ", Code::kDataFormat},
      {Type::kVerifySignedMessage, "signedMessage=" + no_certificate, Code::kDataFormat},
      {Type::kVerifySignedMessage, "signedMessage=QQ&inDataLen=3&inData=QQ", Code::kDataFormat},
  };
}

TEST_F(SvsRequests, EveryBadRequestHasItsCode) {
  for (const BadRequest& one : bad_requests()) {
    EXPECT_EQ(form(one.type, one.form), one.code) << to_string(one.type) << "? " << one.form;
  }
}

TEST_F(SvsRequests, JsonIsReadAsStrictly) {
  EXPECT_EQ(json(Type::kExportCert, Json::object()), Code::kDataFormat);
  EXPECT_EQ(json(Type::kExportCert, Json()), Code::kDataFormat);
  EXPECT_EQ(json(Type::kExportCert, Json::array()), Code::kDataFormat);
  EXPECT_EQ(json(Type::kExportCert, {{"identification", 1.5}}), Code::kDataFormat);
  EXPECT_EQ(json(Type::kExportCert, {{"identification", nullptr}}), Code::kDataFormat);
  EXPECT_EQ(json(Type::kExportCert, {{"identification", "QQ=="}, {"x", "1"}}), Code::kDataFormat);
  EXPECT_EQ(json(Type::kExportCert, {{"identification", "QQ=="}}), Code::kCertId);
  EXPECT_EQ(json(Type::kParseCert, {{"infoType", -1}, {"cert", "MAA="}}), Code::kDataFormat);
  EXPECT_EQ(json(Type::kParseCert, {{"infoType", true}, {"cert", "MAA="}}), Code::kDataFormat);
}

TEST_F(SvsRequests, WhatHasNoAnswerIsAProblem) {
  const std::string form_type = "application/x-www-form-urlencoded";
  const std::string json_type = "application/json; charset=UTF-8";
  const std::string der_type = "application/octet-stream";
  const auto der = [](std::string_view text) { return std::string(as_text(hutong::test::hex(text))); };
  EXPECT_EQ(problem("SignFile", form_type, ""), "svs.unknown_type");
  EXPECT_EQ(problem("", form_type, "identification=QQ"), "svs.no_type");
  EXPECT_EQ(problem("exportCert", "text/plain", ""), "http.content_type");
  EXPECT_EQ(problem("exportCert", "", ""), "http.content_type");
  EXPECT_EQ(problem("", json_type, "{}"), "svs.no_type");
  EXPECT_EQ(problem("", json_type, "{"), "json.syntax");
  EXPECT_EQ(problem("", json_type, "[]"), "svs.message");
  EXPECT_EQ(problem("", json_type, R"({"request":{"a":[[1]]}})"), "json.depth");
  EXPECT_EQ(problem("exportCert", json_type, R"({"version":"v2"})"), "svs.version");
  EXPECT_EQ(problem("exportCert", json_type, R"({"reqType":"parseCert"})"), "svs.type");
  EXPECT_EQ(problem("exportCert", json_type, R"({"reqType":"other"})"), "svs.type");
  EXPECT_EQ(problem("exportCert", json_type, R"({"reqTime":"yesterday"})"), "svs.time");
  EXPECT_EQ(problem("", der_type, ""), "asn1.truncated");
  EXPECT_EQ(problem("", der_type, der("300802010da003040141")), "svs.type");
  EXPECT_EQ(problem("parseCert", der_type, der("3008020100a003040141")), "svs.type");
  EXPECT_EQ(problem("", "application/x-svs", der("3008020100a003040141")), "none");
}

TEST_F(SvsRequests, DerAnswersInTheReadingThatAsked) {
  const auto answer = [](std::string_view request) {
    const Bytes octets = hutong::test::hex(request);
    return to_hex(as_bytes(world_->post("", "application/octet-stream", as_text(octets))->body));
  };
  const std::string time = "800f" + to_hex(as_bytes(write_svs_time(world_->clock().now())));
  EXPECT_EQ(answer("3008020100a003040141"), "301c020100a006020404000001" + time);
  EXPECT_EQ(answer("300a0201000405a003040141"), "301e0201000408a006020404000001" + time);
  EXPECT_EQ(answer("3007020100a0020500"), "301c020100a00602040400000d" + time)
      << "a packet that cannot be read has a type and so an answer";
}

TEST_F(SvsRequests, AStampThatIsNotGoodRefusesTheRequest) {
  const std::string stamped(as_text(hutong::test::hex("300c020100a003040141a1020500")));
  const auto answer = world_->post("", "application/octet-stream", stamped);
  ASSERT_TRUE(answer);
  const auto envelope = read_envelope(as_bytes(answer->body));
  ASSERT_TRUE(envelope);
  EXPECT_EQ(test::code_in(*read_packet(Type::kExportCert, Direction::kResponse, envelope->packet)),
            Code::kInvalidSignature);
}

TEST_F(SvsRequests, FormAnswersHaveTheHeadersOfTheNorm) {
  const auto answer = world_->post("ExportCert", "application/x-www-form-urlencoded", "identification=QQ");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "respValue=67108865");
  EXPECT_EQ(answer->content_type, "text/html;charset=GB2312");
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"SVS-Response-Type", "exportCert"},
      {"SVS-Response-Version", "v1"},
      {"SVS-Response-Time", write_svs_time(world_->clock().now())}};
  EXPECT_EQ(answer->headers, expected);
}

TEST_F(SvsRequests, JsonAnswersHaveBothSpellings) {
  const auto answer =
      world_->post("ExportCert", "application/json", R"({"request":{"identification":"QQ"}})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->content_type, "application/json;charset=UTF-8");
  const std::string time = write_svs_time(world_->clock().now());
  EXPECT_EQ(answer->body, R"({"version":"v1","respType":"exportCert","reqType":"exportCert",)"
                          R"("respond":{"respValue":"67108865"},"respTime":")" +
                              time + R"(","reqTime":")" + time + "\"}");
}

TEST_F(SvsRequests, WhatOneFormSignsTheOthersVerify) {
  const auto signed_form = world_->post("SignData", "application/x-www-form-urlencoded", kSm2 + kKey + kData);
  ASSERT_TRUE(signed_form);
  const auto packet = read_form_packet(Type::kSignData, Direction::kResponse, signed_form->body);
  ASSERT_TRUE(packet) << signed_form->body;
  Packet verify = test::verify_request(world_->region().supplier, "A", 2);
  verify.set(Member::kSignature, to_bytes(packet->octets(Member::kSignature)));
  EXPECT_EQ(
      json(Type::kVerifySignedData, write_json_packet(Type::kVerifySignedData, Direction::kRequest, verify)),
      Code::kSuccess);
  const Bytes message = write_message({.type = Type::kVerifySignedData, .choice = Choice::kWrapped}, verify,
                                      Direction::kRequest);
  const auto answer = world_->post("VerifySignedData", "application/octet-stream", as_text(message));
  ASSERT_TRUE(answer);
  const auto envelope = read_envelope(as_bytes(answer->body));
  ASSERT_TRUE(envelope);
  EXPECT_EQ(test::code_in(*read_packet(Type::kVerifySignedData, Direction::kResponse, envelope->packet)),
            Code::kSuccess);
}

}  // namespace
}  // namespace hutong::platform::svs
