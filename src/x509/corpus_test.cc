#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <regex>

#include "asn1/oids.h"
#include "base/encoding.h"
#include "tests/support/support.h"
#include "x509/certificate.h"
#include "x509/crl.h"
#include "x509/input.h"

namespace hutong::x509 {
namespace {

/// One entry of certs/README.md, as its authors describe the file.
struct Described {
  std::string file;
  std::string subject;
  std::string issuer;
  std::string serial;
  std::string sha256;
};

std::vector<Described> read_readme() {
  std::ifstream in(test::corpus_path("certs/README.md"));
  std::vector<Described> all;
  const std::regex heading(R"(### (\S.*\.(der|crl|p7b)) \(\d+ bytes\))");
  const std::regex item(R"(- (\w+): (.*))");
  std::smatch match;
  for (std::string line; std::getline(in, line);) {
    if (std::regex_match(line, match, heading)) {
      all.push_back({match[1], {}, {}, {}, {}});
    } else if (!all.empty() && std::regex_match(line, match, item)) {
      Described& last = all.back();
      for (const auto& [key, field] :
           {std::pair{"subject", &last.subject}, std::pair{"issuer", &last.issuer},
            std::pair{"serial", &last.serial}, std::pair{"sha256", &last.sha256}}) {
        if (match[1] == key) {
          *field = match[2];
        }
      }
    }
  }
  return all;
}

/// A name in the notation of the README: "C[P]=CN, O[U]=NRCAC".
std::string described(const Name& name) {
  std::string text;
  for (const NameAttribute& attribute : name.attributes()) {
    const char* letter = attribute.tag == asn1::Tag::kPrintableString ? "P"
                         : attribute.tag == asn1::Tag::kUtf8String    ? "U"
                         : attribute.tag == asn1::Tag::kIa5String     ? "I"
                                                                      : "?";
    text += (text.empty() ? "" : ", ") + std::string(attribute_name(attribute.type)->short_name) + "[" +
            letter + "]=" + attribute.text();
  }
  return text;
}

std::string quirk_list(QuirkSet quirks) {
  std::string text;
  for (const Quirk quirk : quirks.list()) {
    text += " " + std::string(quirk_info(quirk).finding.code);
  }
  return text;
}

TEST(Corpus, EveryCertificateIsWhatItsReadmeSays) {
  HUTONG_NEED_CORPUS();
  int certificates = 0;
  for (const Described& entry : read_readme()) {
    if (!entry.file.ends_with(".der")) {
      continue;
    }
    SCOPED_TRACE(entry.file);
    const Bytes der = test::read(test::corpus_path("certs/" + entry.file));
    const auto certificate = Certificate::parse(der);
    ASSERT_TRUE(certificate) << certificate.error().reason << ": " << certificate.error().detail;
    EXPECT_EQ(described(certificate->subject()), entry.subject);
    EXPECT_EQ(described(certificate->issuer()), entry.issuer);
    EXPECT_EQ(to_hex(certificate->serial().content()), entry.serial);
    EXPECT_EQ(to_hex(certificate->fingerprint(crypto::DigestAlgorithm::kSha256)), entry.sha256);
    EXPECT_TRUE(equal(certificate->der(), der));
    ASSERT_TRUE(certificate->public_key()) << certificate->public_key().error().detail;
    EXPECT_EQ(certificate->public_key()->type(), crypto::KeyType::kSm2);
    std::cout << entry.file << ":" << quirk_list(certificate->quirks()) << "\n";
    ++certificates;
  }
  EXPECT_EQ(certificates, 50);
}

TEST(Corpus, EveryQuirkRowThatNamesAFileIsMetThere) {
  HUTONG_NEED_CORPUS();
  for (const QuirkInfo& info : quirk_table()) {
    if (!info.seen_in.ends_with(".der")) {
      continue;
    }
    SCOPED_TRACE(info.finding.code);
    const Bytes der = test::read(test::corpus_path("certs/" + std::string(info.seen_in)));
    const auto certificate = Certificate::parse(der);
    ASSERT_TRUE(certificate);
    EXPECT_EQ(certificate->quirks().contains(info.quirk), !info.finding.code.starts_with("cert.identity"));
    const auto refused = Certificate::parse(der, QuirkPolicy::standard().without(info.quirk));
    if (certificate->quirks().contains(info.quirk)) {
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error().reason, info.finding.code);
    }
  }
}

TEST(Corpus, SelfSignedCertificatesVerifyAndTheTwoMarkedOnesDoNot) {
  HUTONG_NEED_CORPUS();
  int verified = 0;
  for (const Described& entry : read_readme()) {
    if (!entry.file.ends_with(".der") || entry.subject != entry.issuer) {
      continue;
    }
    SCOPED_TRACE(entry.file);
    const auto certificate = Certificate::parse(test::read(test::corpus_path("certs/" + entry.file))).value();
    const auto& extensions = certificate.extensions();
    const bool other_key =
        extensions.authority_key_identifier && extensions.authority_key_identifier->key_identifier &&
        extensions.subject_key_identifier &&
        !equal(*extensions.authority_key_identifier->key_identifier, *extensions.subject_key_identifier);
    const bool bad =
        entry.file == "odd/openssl_sm2_noza.der" || entry.file == "odd/openssl_sm2_india_root.der";
    EXPECT_EQ(certificate.is_self_signed(), !bad && !other_key);
    verified += certificate.is_self_signed() ? 1 : 0;
  }
  EXPECT_EQ(verified, 8);
}

TEST(Corpus, ListsParseVerifyAndRevoke) {
  HUTONG_NEED_CORPUS();
  const auto root_of = [](std::string_view issuer) {
    const std::string file = issuer == "ROOTCA"        ? "nrcac_rootca"
                             : issuer == "Device ROOT" ? "nrcac_device_root"
                                                       : "nrcac_civil_servant_root";
    return Certificate::parse(test::read(test::corpus_path("certs/roots/" + file + ".der"))).value();
  };
  int lists = 0;
  for (const Described& entry : read_readme()) {
    if (!entry.file.ends_with(".crl")) {
      continue;
    }
    SCOPED_TRACE(entry.file);
    const auto crl = Crl::parse(test::read(test::corpus_path("certs/" + entry.file)));
    ASSERT_TRUE(crl) << crl.error().reason << crl.error().detail;
    EXPECT_EQ(described(crl->issuer()), entry.subject);
    EXPECT_EQ(to_hex(crypto::digest(crypto::DigestAlgorithm::kSha256, crl->der())), entry.sha256);
    const Certificate root = root_of(crl->issuer().display());
    EXPECT_TRUE(crl->is_signed_by(*root.public_key()));
    EXPECT_TRUE(crl->number() && crl->number()->is_zero());
    ++lists;
  }
  EXPECT_EQ(lists, 3);
  const auto arl = Crl::parse(test::read(test::corpus_path("certs/crl/rootca_77bdbb.crl"))).value();
  const auto gdca = Certificate::parse(test::read(test::corpus_path("certs/cas/gdca_sm2.der"))).value();
  const auto revoked = arl.find(gdca.serial());
  ASSERT_TRUE(revoked);
  EXPECT_EQ(to_rfc3339(revoked->revoked_at).substr(0, 10), "2014-06-26");
  const auto sheca = Certificate::parse(test::read(test::corpus_path("certs/cas/sheca_sm2.der"))).value();
  EXPECT_FALSE(arl.find(sheca.serial()));
}

TEST(Corpus, BundlesGiveTheirCertificates) {
  HUTONG_NEED_CORPUS();
  for (const std::string file : {"sheca_sm2_chain", "sheca_sm2_test_chain"}) {
    SCOPED_TRACE(file);
    const Bytes bundle = test::read(test::corpus_path("certs/p7b/" + file + ".p7b"));
    EXPECT_EQ(detect_der(bundle), InputKind::kSignedMessage);
    const auto certificates = read_certificates(bundle);
    ASSERT_TRUE(certificates) << certificates.error().reason;
    ASSERT_EQ(certificates->certificates.size(), 2U);
    EXPECT_TRUE(certificates->quirks.contains(Quirk::kPkcs7Bundle));
    const auto& first = certificates->certificates[0];
    const auto& second = certificates->certificates[1];
    EXPECT_TRUE(first.is_signed_by(*second.public_key()) || second.is_signed_by(*first.public_key()));
  }
}

}  // namespace
}  // namespace hutong::x509
