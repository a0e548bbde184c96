#include <algorithm>
#include <array>
#include <cctype>

#include "asn1/oids.h"
#include "x509/name.h"

namespace hutong::x509 {
namespace {

namespace oids = asn1::oids;
using asn1::Oid;

/// The first row of a type names it; further rows are aliases understood on reading.
constexpr std::array kAttributeNames{
    AttributeName{oids::kCommonName, "CN", "通用名", "common name"},
    AttributeName{oids::kSurname, "SN", "姓", "surname"},
    AttributeName{oids::kSerialNumber, "serialNumber", "序列号", "serial number"},
    AttributeName{oids::kCountry, "C", "国家", "country"},
    AttributeName{oids::kLocality, "L", "城市", "locality"},
    AttributeName{oids::kStateOrProvince, "ST", "省份", "state or province"},
    AttributeName{oids::kStreet, "STREET", "街道", "street"},
    AttributeName{oids::kOrganization, "O", "组织", "organization"},
    AttributeName{oids::kOrganizationalUnit, "OU", "部门", "organizational unit"},
    AttributeName{oids::kTitle, "title", "职务", "title"},
    AttributeName{Oid("2.5.4.13"), "description", "描述", "description"},
    AttributeName{Oid("2.5.4.15"), "businessCategory", "业务类别", "business category"},
    AttributeName{oids::kPostalAddress, "postalAddress", "通信地址", "postal address"},
    AttributeName{oids::kPostalCode, "postalCode", "邮政编码", "postal code"},
    AttributeName{Oid("2.5.4.20"), "telephoneNumber", "电话号码", "telephone number"},
    AttributeName{Oid("2.5.4.41"), "name", "名称", "name"},
    AttributeName{oids::kGivenName, "GN", "名", "given name"},
    AttributeName{oids::kInitials, "initials", "首字母", "initials"},
    AttributeName{oids::kGenerationQualifier, "generationQualifier", "辈分", "generation qualifier"},
    AttributeName{oids::kUniqueIdentifier, "x500UniqueIdentifier", "唯一标识符", "unique identifier"},
    AttributeName{oids::kDnQualifier, "dnQualifier", "名称限定符", "DN qualifier"},
    AttributeName{oids::kPseudonym, "pseudonym", "假名", "pseudonym"},
    AttributeName{oids::kOrganizationIdentifier, "organizationIdentifier", "组织标识符",
                  "organization identifier"},
    AttributeName{oids::kDomainComponent, "DC", "域名组成", "domain component"},
    AttributeName{oids::kUserId, "UID", "用户标识", "user id"},
    AttributeName{oids::kEmailAddress, "E", "电子邮箱", "e-mail address"},
    AttributeName{Oid("1.2.840.113549.1.9.2"), "unstructuredName", "非结构化名称", "unstructured name"},
    AttributeName{Oid("1.2.840.113549.1.9.8"), "unstructuredAddress", "非结构化地址", "unstructured address"},
    AttributeName{Oid("1.3.6.1.4.1.311.60.2.1.1"), "jurisdictionL", "注册城市", "jurisdiction locality"},
    AttributeName{Oid("1.3.6.1.4.1.311.60.2.1.2"), "jurisdictionST", "注册省份", "jurisdiction state"},
    AttributeName{Oid("1.3.6.1.4.1.311.60.2.1.3"), "jurisdictionC", "注册国家", "jurisdiction country"},
    AttributeName{oids::kStateOrProvince, "S", "省份", "state or province"},
    AttributeName{oids::kEmailAddress, "emailAddress", "电子邮箱", "e-mail address"},
    AttributeName{oids::kEmailAddress, "EMAIL", "电子邮箱", "e-mail address"},
    AttributeName{oids::kTitle, "T", "职务", "title"},
    AttributeName{oids::kGivenName, "givenName", "名", "given name"},
    AttributeName{oids::kSurname, "surname", "姓", "surname"},
    AttributeName{oids::kUniqueIdentifier, "UNIQUEIDENTIFIER", "唯一标识符", "unique identifier"},
};

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

const AttributeName* attribute_name(const Oid& type) {
  const auto* found = std::ranges::find(kAttributeNames, type, &AttributeName::type);
  return found == kAttributeNames.end() ? nullptr : found;
}

const AttributeName* attribute_by_short_name(std::string_view short_name) {
  const auto* found = std::ranges::find_if(kAttributeNames, [short_name](const AttributeName& name) {
    return same_ignoring_case(name.short_name, short_name);
  });
  return found == kAttributeNames.end() ? nullptr : found;
}

}  // namespace hutong::x509
