#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "tests/support/support.h"
#include "x509/certificate.h"
#include "x509/chain_verifier.h"
#include "x509/crl.h"

namespace hutong::x509 {
namespace {

/// The two whose signatures were made without, or with another, Z value. The first is its own issuer. The
/// second names itself as issuer, but points at another key (authorityKeyIdentifier 3e3b…) that the corpus
/// does not have: alone it is undecided, taken for its own issuer it is forged.
constexpr const char* kBadRoot = "odd/openssl_sm2_india_root.der";
constexpr const char* kBadLeaf = "odd/openssl_sm2_noza.der";

using Files = std::map<std::string, Certificate>;

Files load_certificates() {
  Files files;
  for (const char* folder : {"roots", "cas", "ee", "pairs", "odd"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(test::corpus_path(std::string("certs/") + folder))) {
      const std::string name = std::string(folder) + "/" + entry.path().filename().string();
      auto certificate = Certificate::parse(test::read(entry.path()));
      EXPECT_TRUE(certificate) << name << ": " << certificate.error().detail;
      if (certificate) {
        files.emplace(name, *std::move(certificate));
      }
    }
  }
  return files;
}

std::vector<Certificate> values(const Files& files) {
  std::vector<Certificate> certificates;
  for (const auto& [name, certificate] : files) {
    certificates.push_back(certificate);
  }
  return certificates;
}

/// Every self-signed certificate whose signature holds: the national roots and the roots of the test systems.
std::vector<TrustAnchor> roots_of(const Files& files) {
  std::vector<TrustAnchor> anchors;
  for (const auto& [name, certificate] : files) {
    if (certificate.is_self_signed()) {
      auto anchor = TrustAnchor::of(certificate, name);
      EXPECT_TRUE(anchor) << name;
      anchors.push_back(*std::move(anchor));
    }
  }
  return anchors;
}

const Certificate* issuer_of(const Files& files, const Certificate& certificate) {
  const auto& wanted = certificate.extensions().authority_key_identifier;
  for (const auto& [name, candidate] : files) {
    const auto& own = candidate.extensions().subject_key_identifier;
    const bool other_key = wanted && wanted->key_identifier && own && !equal(*wanted->key_identifier, *own);
    if (candidate.subject() == certificate.issuer() && !other_key) {
      return &candidate;
    }
  }
  return nullptr;
}

/// By names and key identifiers alone.
bool leads_to_root(const Files& files, const Certificate& certificate) {
  const Certificate* at = &certificate;
  while (const Certificate* issuer = issuer_of(files, *at)) {
    if (issuer == at || *issuer == *at) {
      return true;
    }
    at = issuer;
  }
  return false;
}

VerifyReport verify(const Certificate& leaf, const std::vector<Certificate>& all,
                    const std::vector<TrustAnchor>& anchors) {
  VerifyRequest request{.leaf = leaf, .at = leaf.not_before() + std::chrono::hours(24)};
  request.anchors = anchors;
  request.intermediates = all;
  request.revocation = RevocationMode::kNone;
  return verify_chain(request);
}

std::string reason_of(const VerifyReport& report) {
  for (const auto& finding : report.findings) {
    if (finding.severity() >= Severity::kUndecided) {
      return std::string(finding.code()) + " (" + finding.where() + ")";
    }
  }
  std::string chain;
  for (const auto& element : report.path) {
    chain += (chain.empty() ? "" : " < ") + element.certificate.subject().display();
  }
  return chain;
}

void print_row(const std::string& file, const VerifyReport& report) {
  std::cout << std::left << std::setw(42) << file << std::setw(15) << to_string(report.indication)
            << reason_of(report) << "\n";
}

TEST(CorpusChains, ValidateWhereTheIssuerIsKnown) {
  HUTONG_NEED_CORPUS();
  const Files files = load_certificates();
  const auto all = values(files);
  const auto anchors = roots_of(files);
  unsigned validated = 0;
  for (const auto& [name, certificate] : files) {
    const VerifyReport report = verify(certificate, all, anchors);
    print_row(name, report);
    if (name == kBadRoot) {
      EXPECT_EQ(report.indication, Indication::kInvalid);
      EXPECT_TRUE(has_finding(report.findings, "path.signature_invalid"));
    } else if (leads_to_root(files, certificate)) {
      EXPECT_TRUE(report.trusted()) << name << ": " << reason_of(report);
      validated += report.trusted() ? 1 : 0;
    } else {
      EXPECT_EQ(report.indication, Indication::kIndeterminate) << name;
      EXPECT_TRUE(has_finding(report.findings, "path.no_issuer")) << name;
      EXPECT_EQ(report.path.size(), issuer_of(files, certificate) == nullptr ? 1U : 2U) << name;
    }
  }
  std::cout << validated << " of " << files.size() << " validate to a root of the corpus\n";
  EXPECT_EQ(validated, 27U);
}

/// Not even as trust anchors: their own signatures are wrong.
TEST(CorpusChains, WrongSelfSignaturesAreRefused) {
  HUTONG_NEED_CORPUS();
  const Files files = load_certificates();
  for (const char* name : {kBadRoot, kBadLeaf}) {
    const Certificate& certificate = files.at(name);
    const std::vector<TrustAnchor> anchors = {*TrustAnchor::of(certificate)};
    const VerifyReport report = verify(certificate, {}, anchors);
    EXPECT_EQ(report.indication, Indication::kInvalid) << name;
    EXPECT_TRUE(has_finding(report.findings, "path.signature_invalid")) << name;
  }
}

struct NamedCrl {
  std::string file;
  std::string root;
};

Crl load_crl(const std::string& file) {
  auto crl = Crl::parse(test::read(test::corpus_path("certs/crl/" + file)));
  EXPECT_TRUE(crl) << file;
  return *crl;
}

TEST(CorpusChains, RealListsVerify) {
  HUTONG_NEED_CORPUS();
  const Files files = load_certificates();
  for (const auto& [file, root] :
       {NamedCrl{"civil_servant_root_ba7f7c.crl", "roots/nrcac_civil_servant_root.der"},
        NamedCrl{"device_root_4eaf6e.crl", "roots/nrcac_device_root.der"},
        NamedCrl{"rootca_77bdbb.crl", "roots/nrcac_rootca.der"}}) {
    const Crl crl = load_crl(file);
    const Certificate& issuer = files.at(root);
    EXPECT_EQ(crl.issuer(), issuer.subject());
    EXPECT_TRUE(crl.is_signed_by(*issuer.public_key())) << file;
    for (const auto& [other, certificate] : files) {
      if (certificate.public_key() && !(*certificate.public_key() == *issuer.public_key())) {
        EXPECT_FALSE(crl.is_signed_by(*certificate.public_key())) << file << " by " << other;
      }
    }
  }
}

VerifyReport verify_with_list(const Files& files, const std::string& leaf, Time at) {
  const std::vector<TrustAnchor> anchors = {*TrustAnchor::of(files.at("roots/nrcac_rootca.der"))};
  const std::vector<Crl> crls = {load_crl("rootca_77bdbb.crl")};
  VerifyRequest request{.leaf = files.at(leaf), .at = at};
  request.anchors = anchors;
  request.crls = crls;
  request.revocation = RevocationMode::kRequire;
  return verify_chain(request);
}

TEST(CorpusChains, TheNationalRootsListRevokesGdca) {
  HUTONG_NEED_CORPUS();
  const Files files = load_certificates();
  const Time when_fresh = load_crl("rootca_77bdbb.crl").this_update() + std::chrono::hours(1);
  const VerifyReport revoked = verify_with_list(files, "cas/gdca_sm2.der", when_fresh);
  EXPECT_EQ(revoked.indication, Indication::kInvalid);
  EXPECT_TRUE(has_finding(revoked.findings, "revocation.revoked"));
  ASSERT_FALSE(revoked.path.empty());
  EXPECT_EQ(revoked.path[0].revocation.status, CertificateStatus::kRevoked);
  ASSERT_TRUE(revoked.path[0].revocation.revoked_at);
  EXPECT_EQ(to_rfc3339(*revoked.path[0].revocation.revoked_at).substr(0, 10), "2014-06-26");
  EXPECT_TRUE(verify_with_list(files, "cas/sheca_sm2.der", when_fresh).trusted());

  const VerifyReport earlier =
      verify_with_list(files, "cas/gdca_sm2.der", *from_rfc3339("2014-06-01T00:00:00Z"));
  EXPECT_TRUE(earlier.trusted()) << reason_of(earlier);
  EXPECT_TRUE(has_finding(earlier.findings, "revocation.revoked_later"));
}

}  // namespace
}  // namespace hutong::x509
