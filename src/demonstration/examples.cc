#include "demonstration/examples.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "cms/enveloped_data.h"
#include "cms/sign.h"
#include "cms/signed_data.h"
#include "cms/timestamp.h"
#include "crypto/pem.h"
#include "demonstration/odd_certificate.h"
#include "x509/builder.h"
#include "x509/ocsp.h"

namespace hutong::demonstration {
namespace {

using x509::Indication;

constexpr std::string_view kBid = "投标函：演示供应商有限公司就演示项目报价人民币 1280000 元，工期 90 天。\n";
constexpr std::string_view kCheaperBid =
    "投标函：演示供应商有限公司就演示项目报价人民币 1180000 元，工期 90 天。\n";

/// Collects examples; a maker's error ends it.
class Collector {
 public:
  explicit Collector(const Region& region) : region_(region) {}

  struct Text {
    std::string title_zh, title_en, hint_zh, hint_en;
  };
  Example& add(std::string name, Indication expected, ByteView content, Text text) {
    examples_.push_back({.name = std::move(name),
                         .content = to_bytes(content),
                         .title_zh = std::move(text.title_zh),
                         .title_en = std::move(text.title_en),
                         .hint_zh = std::move(text.hint_zh),
                         .hint_en = std::move(text.hint_en),
                         .expected = expected,
                         .detached_name = {},
                         .detached = {}});
    return examples_.back();
  }
  const Region& region() const { return region_; }
  std::vector<Example> take() && { return std::move(examples_); }

 private:
  const Region& region_;
  std::vector<Example> examples_;
};

void add_good(Collector& out) {
  const Region& region = out.region();
  out.add(
      "good.cer", Indication::kValid, region.supplier.certificate.der(),
      {"有效的签名证书", "A good signing certificate", "演示CA甲签发给供应商的双证书之一，链到信任列表中的根",
       "One half of a supplier's dual pair from CA A; chains to a root on the trust list"});
  const std::string pem = crypto::write_pem("CERTIFICATE", region.supplier_encryption.certificate.der());
  out.add("good-encryption.cer", Indication::kValid, as_bytes(pem),
          {"有效的加密证书（PEM）", "A good encryption certificate (PEM)",
           "同一供应商双证书的另一半，密钥用法为加密",
           "The other half of the pair: its key usage is encryption"});
  const Bytes bundle =
      cms::bundle({to_bytes(region.purchaser.certificate.der()), to_bytes(region.ca_b.certificate().der()),
                   to_bytes(region.root_b.certificate().der())});
  out.add("purchaser-chain.p7b", Indication::kValid, bundle,
          {"采购人证书链（p7b）", "A purchaser's chain (p7b)", "演示CA乙的证书包：终端、签发中心、根",
           "A bundle of CA B: end entity, issuing CA, root"});
}

Status add_bad(Collector& out) {
  const Region& region = out.region();
  const auto code = credit_code("91150105MA0DEMX78");
  const Authority::Wanted former{{.organization = "演示建筑有限公司", .common_name = "演示建筑有限公司"},
                                 {region.now - 730 * kDay, region.now - 30 * kDay},
                                 signing_extensions(code)};
  HUTONG_TRY(const auto expired, region.ca_a.issue(former));
  out.add("expired.cer", Indication::kInvalid, expired.certificate.der(),
          {"已过期的证书", "An expired certificate", "一个月前到期；在高级选项中把验证时间改到到期前再试",
           "Expired a month ago; set an earlier validation time and try again"});
  out.add("revoked.cer", Indication::kInvalid, region.agency_revoked.certificate.der(),
          {"已吊销的证书", "A revoked certificate", "十天前因密钥泄露被演示CA甲吊销",
           "Revoked by CA A ten days ago: its key was compromised"});
  Bytes forged = to_bytes(region.supplier.certificate.der());
  forged.back() = static_cast<std::uint8_t>(forged.back() ^ 0x01);
  out.add("forged.cer", Indication::kInvalid, forged,
          {"伪造的证书", "A forged certificate", "内容可读，但签名不是所称颁发者作出的",
           "Reads well, but the named issuer did not sign it"});
  Authority::Wanted unusual = former;
  unusual.validity = years(region.now, -1, 2);
  HUTONG_TRY(const Bytes odd, make_odd_certificate(region.ca_b, unusual));
  out.add("odd.cer", Indication::kValid, odd,
          {"编码不规范的证书", "An oddly encoded certificate",
           "算法带 NULL 参数、显式写出缺省值、密钥用法未用位不规范：三处偏差均被记录并容忍",
           "NULL parameters, a written-out default, wrong unused bits: each is named and tolerated"});
  HUTONG_TRY(const auto stranger, region.outsider.issue(unusual));
  out.add("unaccredited.cer", Indication::kIndeterminate, stranger.certificate.der(),
          {"未互认CA的证书", "A certificate of an unaccredited CA", "证书本身完好，但其CA不在信任列表中",
           "Sound in itself, but its CA is not on the trust list"});
  return ok();
}

Status add_messages(Collector& out) {
  const Region& region = out.region();
  const std::vector<cms::MessageSigner> signers = {
      {.key = region.supplier.key, .certificate = region.supplier.certificate}};
  cms::SignOptions options;
  options.signing_time = region.now;
  options.certificates = {to_bytes(region.ca_a.certificate().der())};
  HUTONG_TRY(const Bytes attached, cms::sign_attached(as_bytes(kBid), signers, options));
  out.add("bid.p7m", Indication::kValid, attached,
          {"已签名的投标函", "A signed bid", "GM/T 0010 签名消息，原文在消息内",
           "A GM/T 0010 message with its content inside"});
  Bytes tampered = attached;
  const ByteView bid = as_bytes(kBid);
  const auto found = std::search(tampered.begin(), tampered.end(), bid.begin(), bid.end());
  std::ranges::copy(as_bytes(kCheaperBid), found);
  out.add("tampered.p7m", Indication::kInvalid, tampered,
          {"被篡改的投标函", "A tampered bid", "签名后报价被改动一个数字",
           "One digit of the price was changed after signing"});
  HUTONG_TRY(const Bytes detached, cms::sign_detached(as_bytes(kBid), signers, options));
  Example& example = out.add("bid.p7s", Indication::kValid, detached,
                             {"分离签名与原文", "A detached signature and its content",
                              "签名与投标函原文分开存放", "The signature and the bid are separate files"});
  example.detached_name = "bid.txt";
  example.detached = to_bytes(as_bytes(kBid));
  return ok();
}

Result<Bytes> stamp_over(const Region& region, ByteView data) {
  cms::TstInfo info;
  info.policy = asn1::Oid("1.2.156.10197.6.1.4.9.1");
  info.imprint = cms::imprint_of(data);
  info.serial = fresh_serial();
  info.time = region.now;
  info.accuracy = cms::Accuracy{.seconds = 1, .millis = std::nullopt, .micros = std::nullopt};
  return cms::make_token(
      info, {.key = region.stamp_authority.key, .certificate = region.stamp_authority.certificate});
}

Status add_stamps(Collector& out, const Bytes& signed_bid) {
  const Region& region = out.region();
  HUTONG_TRY(const Bytes token, stamp_over(region, as_bytes(kBid)));
  const Bytes response = cms::TimestampResponse{.status = cms::TimestampStatus::kGranted,
                                                .status_text = {},
                                                .failure = std::nullopt,
                                                .token = token}
                             .to_der();
  Example& stamp = out.add("bid.tsr", Indication::kValid, response,
                           {"时间戳", "A time stamp", "演示CA乙时间戳服务对投标函的时间戳（GM/T 0033）",
                            "The stamp of CA B on the bid (GM/T 0033)"});
  stamp.detached_name = "bid.txt";
  stamp.detached = to_bytes(as_bytes(kBid));
  HUTONG_TRY(const auto structure, cms::read_signed_data(signed_bid));
  HUTONG_TRY(const Bytes on_signature, stamp_over(region, structure.signers.front().signature));
  HUTONG_TRY(const Bytes stamped, cms::add_signature_timestamp(signed_bid, 0, on_signature));
  out.add("bid-stamped.p7m", Indication::kValid, stamped,
          {"带时间戳的签名", "A signature with a time stamp",
           "时间戳证明签名作出的时间，证书日后过期或吊销也不影响",
           "The stamp proves when it was signed, whatever happens to the certificate later"});
  return ok();
}

Status add_requests(Collector& out) {
  const Region& region = out.region();
  out.add("ca-a.crl", Indication::kValid, region.lists.at("ca-a.crl"),
          {"证书吊销列表", "A revocation list", "演示CA甲签发中心的吊销列表，含一个条目",
           "The list of CA A, with one entry"});
  const auto key = fresh_key();
  HUTONG_TRY(const auto request,
             x509::sign(x509::TbsCertificateRequest{.subject = name_of({.organization = "演示新用户有限公司",
                                                                        .common_name = "演示新用户有限公司"}),
                                                    .challenge_password = std::nullopt,
                                                    .gm_challenge_password_oid = true,
                                                    .extensions = {}},
                        key));
  out.add("new-user.csr", Indication::kValid, request.view(),
          {"证书申请", "A certificate request", "PKCS#10 申请，签名证明申请者持有私钥",
           "PKCS#10: its signature proves possession of the key"});
  const std::vector<x509::Certificate> recipients = {region.supplier_encryption.certificate};
  HUTONG_TRY(const Bytes envelope, cms::envelop(as_bytes(kBid), recipients));
  out.add("envelope.p7m", Indication::kIndeterminate, envelope,
          {"数字信封", "An envelope", "加密给供应商的招标文件：可看到接收者，打不开内容",
           "Encrypted for the supplier: shows for whom, not what"});
  return ok();
}

Status add_ocsp(Collector& out) {
  const Region& region = out.region();
  x509::OcspSingleResponse answer;
  answer.certificate = x509::OcspCertId::of(region.supplier.certificate, region.ca_a.certificate());
  answer.status = x509::OcspCertStatus::kGood;
  answer.this_update = region.now;
  answer.next_update = region.now + 30 * kDay;
  HUTONG_TRY(const auto response,
             x509::sign(x509::TbsOcspResponse{.responder = region.ca_a.certificate().subject(),
                                              .produced_at = region.now,
                                              .responses = {answer},
                                              .nonce = std::nullopt,
                                              .certificates = {}},
                        region.ca_a.key()));
  out.add("supplier.ors", Indication::kValid, response.view(),
          {"OCSP 响应", "An OCSP response", "演示CA甲对供应商证书状态的应答",
           "CA A's answer about the supplier's certificate"});
  return ok();
}

void add_broken(Collector& out) {
  const ByteView whole = out.region().supplier.certificate.der();
  out.add("broken.cer", Indication::kInvalid, whole.first(whole.size() / 2),
          {"残缺的文件", "A broken file", "证书只传了一半", "Only half of a certificate arrived"});
}

}  // namespace

Result<std::vector<Example>> make_examples(const Region& region) {
  Collector out(region);
  add_good(out);
  HUTONG_CHECK(add_bad(out));
  HUTONG_CHECK(add_messages(out));
  auto so_far = std::move(out).take();
  const Bytes signed_bid =
      std::ranges::find_if(so_far, [](const Example& example) { return example.name == "bid.p7m"; })->content;
  Collector more(region);
  HUTONG_CHECK(add_stamps(more, signed_bid));
  HUTONG_CHECK(add_requests(more));
  HUTONG_CHECK(add_ocsp(more));
  add_broken(more);
  std::ranges::move(std::move(more).take(), std::back_inserter(so_far));
  return so_far;
}

std::string manifest_of(const std::vector<Example>& examples) {
  auto manifest = nlohmann::ordered_json::array();
  for (const Example& example : examples) {
    nlohmann::ordered_json entry = {
        {"name", example.name},         {"title_zh", example.title_zh},
        {"title_en", example.title_en}, {"hint_zh", example.hint_zh},
        {"hint_en", example.hint_en},   {"expected", x509::to_string(example.expected)}};
    if (!example.detached_name.empty()) {
      entry["content"] = example.detached_name;
    }
    manifest.push_back(std::move(entry));
  }
  return manifest.dump(1) + "\n";
}

}  // namespace hutong::demonstration
