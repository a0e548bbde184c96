// Whatever the certificates, lists and responses are: the work stays within the budget, and "valid" is only
// said of a path that ends in the anchor, without an error or anything undecided.

#include <algorithm>
#include <optional>
#include <vector>

#include "asn1/reader.h"
#include "fuzz/property.h"
#include "x509/chain_verifier.h"

namespace hutong::fuzz {
namespace {

using namespace std::chrono_literals;

constexpr Time kAt{1'800'000'000s};
constexpr std::size_t kMostObjects = 24;

/// One DER object after the other; what it is decides where it goes.
struct Material {
  std::vector<x509::Certificate> certificates;
  std::vector<x509::Crl> crls;
  std::vector<x509::OcspResponse> responses;

  void add(ByteView der) {
    if (auto certificate = x509::Certificate::parse(der)) {
      certificates.push_back(*std::move(certificate));
    } else if (auto crl = x509::Crl::parse(der)) {
      crls.push_back(*std::move(crl));
    } else if (auto response = x509::OcspResponse::parse(der)) {
      responses.push_back(*std::move(response));
    }
  }
};

Material cut(ByteView input) {
  Material material;
  asn1::Reader reader(input);
  for (std::size_t i = 0; i < kMostObjects && !reader.at_end(); ++i) {
    const auto element = reader.read_any();
    if (!element) {
      break;
    }
    material.add(element->encoded);
  }
  return material;
}

void check(const x509::VerifyRequest& request) {
  const x509::VerifyReport report = x509::verify_chain(request);
  require(report.work.signature_checks <= request.budget.signature_checks,
          "signature checks within the budget");
  require(report.work.path_steps <= request.budget.path_steps, "steps within the budget");
  require(!report.path.empty(), "a report shows the leaf at least");
  require(report.path[0].certificate == request.leaf, "the path begins with the leaf");
  require(report.indication == x509::indication_of(report.findings),
          "the indication follows from the findings");
  require(!report.trusted() || report.anchor.has_value(), "only a path to an anchor is valid");
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  if (size == 0) {
    return 0;
  }
  const fuzz::Material material = fuzz::cut(ByteView(data + 1, size - 1));
  if (material.certificates.empty()) {
    return 0;
  }
  std::vector<x509::TrustAnchor> anchors;
  if (auto anchor = x509::TrustAnchor::of(material.certificates.back())) {
    anchors.push_back(*std::move(anchor));
  }
  x509::VerifyRequest request{.leaf = material.certificates.front(), .at = fuzz::kAt};
  request.anchors = anchors;
  request.intermediates = material.certificates;
  request.crls = material.crls;
  request.ocsp_responses = material.responses;
  request.revocation = static_cast<x509::RevocationMode>(data[0] % 3);
  request.profile = (data[0] & 4) != 0 ? x509::Profile::kRfc5280 : x509::Profile::kTolerant;
  request.budget = {.signature_checks = 8, .path_steps = 64, .path_length = 8, .name_comparisons = 1'000};
  fuzz::check(request);
  return 0;
}
