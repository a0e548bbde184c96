#include <algorithm>
#include <array>
#include <set>

#include "asn1/oids.h"
#include "base/encoding.h"
#include "crypto/public_key.h"
#include "crypto/signature.h"
#include "x509/lint/checks.h"
#include "x509/lint/rule.h"
#include "x509/lint/scopes.h"

/// Certificate requests (GM/T 0092, RFC 2986).
namespace hutong::x509::lint {
namespace {

namespace oids = asn1::oids;

bool is_challenge(const asn1::Oid& type) {
  return type == oids::kGmChallengePassword || type == oids::kChallengePassword;
}

constexpr Scope<RequestView> kEveryRequest{"所有证书请求", "every request",
                                           [](const RequestView&) { return true; }};
constexpr Scope<RequestView> kWithAttributes{
    "含属性的请求", "requests with attributes",
    [](const RequestView& view) { return !view.attributes.empty(); }};
constexpr Scope<RequestView> kWithChallenge{
    "含挑战口令的请求", "requests with a challenge password", [](const RequestView& view) {
      return std::ranges::any_of(view.attributes, is_challenge, &RequestAttributeView::type);
    }};
constexpr Scope<RequestView> kWithExtensions{
    "含扩展项请求的请求", "requests with extensionRequest",
    [](const RequestView& view) { return view.attribute(oids::kExtensionRequest) != nullptr; }};

template <Lapse (*kCheck)(const Name&)>
Lapse of_subject(const RequestView& view) {
  return kCheck(view.subject);
}

Lapse version_not_0(const RequestView& view) {
  return view.version.size() == 1 && view.version[0] == 0 ? std::nullopt : Lapse(to_hex(view.version));
}

Lapse subject_empty(const RequestView& view) { return view.subject.empty() ? Lapse("") : std::nullopt; }

Lapse attributes_absent(const RequestView& view) { return view.has_attributes ? std::nullopt : Lapse(""); }

Lapse attribute_without_set(const RequestView& view) {
  const auto found = std::ranges::find(view.attributes, false, &RequestAttributeView::in_set);
  return found == view.attributes.end() ? std::nullopt : Lapse(found->type.to_string());
}

Lapse attribute_without_value(const RequestView& view) {
  const auto found = std::ranges::find_if(
      view.attributes, [](const RequestAttributeView& attribute) { return attribute.values.empty(); });
  return found == view.attributes.end() ? std::nullopt : Lapse(found->type.to_string());
}

Lapse attribute_twice(const RequestView& view) {
  std::set<asn1::Oid> seen;
  for (const auto& attribute : view.attributes) {
    if (!seen.insert(attribute.type).second) {
      return attribute.type.to_string();
    }
  }
  return std::nullopt;
}

Lapse attributes_unsorted(const RequestView& view) {
  const bool sorted = std::ranges::is_sorted(view.attribute_encodings, less);
  return sorted ? std::nullopt : Lapse("");
}

Lapse temporary_key(const RequestView& view) {
  const bool present = view.attribute(oids::kTemporaryPublicKey) != nullptr;
  return present ? Lapse(oids::kTemporaryPublicKey.to_string()) : std::nullopt;
}

std::vector<asn1::Element> challenges(const RequestView& view) {
  std::vector<asn1::Element> values;
  for (const auto& attribute : view.attributes) {
    if (is_challenge(attribute.type)) {
      values.insert(values.end(), attribute.values.begin(), attribute.values.end());
    }
  }
  return values;
}

Lapse challenge_not_printable(const RequestView& view) {
  const auto values = challenges(view);
  const bool printable = std::ranges::all_of(values, [](const asn1::Element& value) {
    return value.tag == asn1::Tag::kPrintableString && is_ascii(as_text(value.content));
  });
  return printable ? std::nullopt : Lapse("");
}

Lapse challenge_several(const RequestView& view) {
  const auto count = challenges(view).size();
  return count > 1 ? Lapse(std::to_string(count)) : std::nullopt;
}

Lapse challenge_empty(const RequestView& view) {
  const auto values = challenges(view);
  const bool empty =
      std::ranges::any_of(values, [](const asn1::Element& value) { return value.content.empty(); });
  return empty ? Lapse("") : std::nullopt;
}

Lapse challenge_oid(const RequestView& view) {
  const bool pkcs9 = view.attribute(oids::kChallengePassword) != nullptr;
  return pkcs9 ? Lapse(oids::kChallengePassword.to_string()) : std::nullopt;
}

Lapse extension_request_odd(const RequestView& view) {
  const auto* attribute = view.attribute(oids::kExtensionRequest);
  if (attribute->values.size() != 1) {
    return std::to_string(attribute->values.size());
  }
  auto reader = asn1::Reader(attribute->values.front().encoded);
  auto extensions = read_extensions(reader);
  if (!extensions) {
    return std::string(extensions.error().reason);
  }
  const auto twice = extension_twice(*extensions);
  return twice ? twice : extension_broken(*extensions);
}

Lapse signature_wrong(const RequestView& view) {
  auto key = crypto::PublicKey::from_spki(view.spki);
  auto algorithm = crypto::SignatureAlgorithm::from_der(view.algorithm.encoded);
  if (!key || !algorithm) {
    return key ? std::string(algorithm.error().reason) : std::string(key.error().reason);
  }
  const bool right = crypto::verify_signature(*key, *algorithm, view.info, view.signature.octets);
  return right ? std::nullopt : Lapse(algorithm->name());
}

constexpr std::array kRequestRules{
    RequestRule{{"lint.request.version_0", kError, "GM/T 0092-2020 6.1; RFC 2986 4.1", "版本应为 0：{0}",
                 "The version shall be 0: {0}"},
                "version",
                &kEveryRequest,
                version_not_0},
    RequestRule{{"lint.request.subject_present", kWarning, "GM/T 0092-2020 6.1", "主体名称不宜为空",
                 "The subject's name should not be empty"},
                "subject",
                &kEveryRequest,
                subject_empty},
    RequestRule{{"lint.request.subject_country_code", kError, "RFC 5280 A.1; GB/T 2659",
                 "国家代码应为两个字母：{0}", "A country code shall be two letters: {0}"},
                "subject",
                &kEveryRequest,
                of_subject<country_not_two_letters>},
    RequestRule{{"lint.request.subject_country_type", kError, "RFC 5280 A.1",
                 "国家代码应为 PrintableString：{0}", "A country code shall be a PrintableString: {0}"},
                "subject",
                &kEveryRequest,
                of_subject<country_not_printable>},
    RequestRule{{"lint.request.subject_legacy_string", kError, "RFC 5280 4.1.2.4",
                 "不应使用 T61String、BMPString、UniversalString：{0}",
                 "T61String, BMPString and UniversalString shall not be used: {0}"},
                "subject",
                &kEveryRequest,
                of_subject<legacy_string>},
    RequestRule{{"lint.request.subject_characters", kError, "X.680 41", "属性值的字符应属于其字符串类型：{0}",
                 "The characters of an attribute shall be of its string type: {0}"},
                "subject",
                &kEveryRequest,
                of_subject<characters_outside_type>},
    RequestRule{{"lint.request.subject_upper_bound", kError, "RFC 5280 A.1",
                 "属性值不应超过上限（CN、O、OU 64 个字符等）：{0}",
                 "An attribute shall keep its upper bound (64 characters for CN, O, OU …): {0}"},
                "subject",
                &kEveryRequest,
                of_subject<longer_than_upper_bound>},
    RequestRule{{"lint.request.key_sm2", kWarning, "GM/T 0092-2020 6.1", "公钥宜为 SM2 公钥：{0}",
                 "The key should be an SM2 key: {0}"},
                "subjectPKInfo",
                &kEveryRequest,
                [](const RequestView& view) { return key_not_sm2(view.spki); }},
    RequestRule{{"lint.request.key_form", kError, "GM/T 0009-2012 7.1; RFC 5480 2.1.1",
                 "SM2 公钥应写为 id-ecPublicKey 与命名曲线：{0}",
                 "An SM2 key shall be written as id-ecPublicKey with the named curve: {0}"},
                "subjectPKInfo",
                &kEveryRequest,
                [](const RequestView& view) { return key_form_odd(view.spki); }},
    RequestRule{
        {"lint.request.key_valid", kError, "GB/T 32918.1-2016 6.2; RFC 5480 2.2",
         "公钥应是受支持算法的有效公钥：{0}", "The key shall be a valid key of a supported algorithm: {0}"},
        "subjectPKInfo",
        &kEveryRequest,
        [](const RequestView& view) { return key_unreadable(view.spki); }},
    RequestRule{
        {"lint.request.attributes_present", kError, "GM/T 0092-2020 6.1; RFC 2986 4.1",
         "属性集应出现，为空时写作 A000", "The attributes shall be present, A000 when there are none"},
        "attributes",
        &kEveryRequest,
        attributes_absent},
    RequestRule{{"lint.request.attribute_set", kError, "GM/T 0092-2020 6.1; RFC 2986 4.1",
                 "属性值应放在 SET 中：{0}", "The values of an attribute shall be in a SET: {0}"},
                "attributes",
                &kWithAttributes,
                attribute_without_set},
    RequestRule{{"lint.request.attribute_value", kError, "GM/T 0092-2020 6.1; RFC 2986 4.1",
                 "属性至少应有一个值：{0}", "An attribute shall have a value: {0}"},
                "attributes",
                &kWithAttributes,
                attribute_without_value},
    RequestRule{{"lint.request.attribute_unique", kError, "RFC 2986 4.1; X.501 8.2",
                 "同一属性类型只应出现一次：{0}", "An attribute type shall appear only once: {0}"},
                "attributes",
                &kWithAttributes,
                attribute_twice},
    RequestRule{{"lint.request.attribute_order", kError, "X.690 11.6", "SET OF 的元素应按编码排序",
                 "The elements of the SET OF shall be sorted by their encodings"},
                "attributes",
                &kWithAttributes,
                attributes_unsorted},
    RequestRule{
        {"lint.request.temporary_key", kInfo, "GM/T 0092-2020 7", "标准没有临时公钥属性，它是市场做法：{0}",
         "The norm has no temporary key attribute; it is a habit of the market: {0}"},
        "attributes",
        &kWithAttributes,
        temporary_key},
    RequestRule{{"lint.request.challenge_type", kError, "GM/T 0092-2020 7", "挑战口令应为 PrintableString",
                 "The challenge password shall be a PrintableString"},
                "challengePassword",
                &kWithChallenge,
                challenge_not_printable},
    RequestRule{{"lint.request.challenge_single", kError, "GM/T 0092-2020 7",
                 "挑战口令只应有一个，实际 {0} 个", "There shall be one challenge password; there are {0}"},
                "challengePassword",
                &kWithChallenge,
                challenge_several},
    RequestRule{{"lint.request.challenge_not_empty", kWarning, "GM/T 0092-2020 7", "挑战口令不宜为空",
                 "The challenge password should not be empty"},
                "challengePassword",
                &kWithChallenge,
                challenge_empty},
    RequestRule{{"lint.request.challenge_oid", kInfo, "GM/T 0092-2020 5",
                 "挑战口令的国家标准 OID 为 1.2.156.10197.6.1.4.1.10.3，此处为 {0}",
                 "The national OID of the challenge password is 1.2.156.10197.6.1.4.1.10.3; this is {0}"},
                "challengePassword",
                &kWithChallenge,
                challenge_oid},
    RequestRule{{"lint.request.extension_request", kError, "RFC 2985 5.4.2; RFC 5280 4.2",
                 "扩展项请求应为一个值，其中扩展项语法正确且不重复：{0}",
                 "extensionRequest shall be one value with well-formed, distinct extensions: {0}"},
                "extensionRequest",
                &kWithExtensions,
                extension_request_odd},
    RequestRule{{"lint.request.algorithm_sm2_sm3", kWarning, "GM/T 0092-2020 6.2",
                 "签名算法宜为 SM2-with-SM3：{0}", "The signature algorithm should be SM2-with-SM3: {0}"},
                "signatureAlgorithm",
                &kEveryRequest,
                [](const RequestView& view) { return not_sm2_with_sm3(view.algorithm); }},
    RequestRule{{"lint.request.algorithm_parameters", kError, "GM/T 0092-2020 6.2",
                 "SM2-with-SM3 不应带参数：{0}", "SM2-with-SM3 shall have no parameters: {0}"},
                "signatureAlgorithm",
                &kEveryRequest,
                [](const RequestView& view) {
                  const auto null = sm2_parameters_written(view.algorithm);
                  return null ? null : sm2_parameters_odd(view.algorithm);
                }},
    RequestRule{{"lint.request.signature", kError, "GM/T 0092-2020 6.2",
                 "签名应能用请求中的公钥验证（证明持有私钥）：{0}",
                 "The signature shall verify with the key of the request (proof of possession): {0}"},
                "signature",
                &kEveryRequest,
                signature_wrong},
};

}  // namespace

std::span<const RequestRule> request_rules() { return kRequestRules; }

}  // namespace hutong::x509::lint
