#include <algorithm>
#include <iostream>
#include <utility>

#include "base/file.h"
#include "crypto/pem.h"
#include "kmc/commands.h"
#include "kmc/initialisation/ceremony.h"

namespace hutong::kmc {
namespace {

constexpr std::size_t kMostFile = 1 << 20;
constexpr std::size_t kDemonstrationCustodians = 3;

Error usage(std::string detail) { return {Errc::kMalformed, "init.usage", std::move(detail)}; }

/// DER of a certificate file, DER or PEM.
Result<Bytes> read_certificate_der(const std::string& file) {
  HUTONG_TRY(Bytes content, read_file(file, kMostFile));
  if (!crypto::looks_like_pem(content)) {
    return content;
  }
  HUTONG_TRY(const auto blocks, crypto::read_pem(as_text(content)));
  return blocks.front().der;
}
Result<x509::Certificate> read_certificate(const std::string& file) {
  HUTONG_TRY(Bytes der, read_certificate_der(file));
  return x509::Certificate::parse(std::move(der));
}
Result<std::optional<x509::Certificate>> read_optional(const std::string& file) {
  if (file.empty()) {
    return std::optional<x509::Certificate>();
  }
  HUTONG_TRY(auto certificate, read_certificate(file));
  return std::optional(std::move(certificate));
}
Result<std::vector<CustodianEntry>> custodians_of(const InitOptions& options) {
  std::vector<CustodianEntry> custodians;
  for (const std::string& entry : options.custodians) {
    const auto parts = split_list(entry, '=');
    if (parts.size() != 2) {
      return usage("--custodian NAME=CERTIFICATE");
    }
    HUTONG_TRY(auto certificate, read_certificate(parts[1]));
    custodians.push_back({.name = parts[0], .certificate = std::move(certificate)});
  }
  for (const std::string& entry : options.password_custodians) {
    const auto parts = split_list(entry, '=');
    if (parts.size() != 2) {
      return usage("--custodian-password NAME=FILE");
    }
    HUTONG_TRY(auto password, read_first_line(parts[1]));
    custodians.push_back({.name = parts[0], .password = std::move(password)});
  }
  if (custodians.empty() && !options.demonstration.empty()) {
    for (std::size_t number = 1; number <= kDemonstrationCustodians; ++number) {
      custodians.push_back({.name = "分量保管员" + std::to_string(number)});
    }
  }
  return custodians;
}

Result<std::vector<AuthorityEntry>> authorities_of(const InitOptions& options) {
  std::vector<AuthorityEntry> authorities;
  for (const std::string& entry : options.authorities) {
    const auto parts = split_list(entry, ',');
    if (parts.size() != 3) {
      return usage("--authority NAME,CERTIFICATE,TLS-CERTIFICATE");
    }
    HUTONG_TRY(auto certificate, read_certificate(parts[1]));
    HUTONG_TRY(auto tls, read_certificate_der(parts[2]));
    authorities.push_back(
        {.name = parts[0], .certificate = std::move(certificate), .tls_certificate = std::move(tls)});
  }
  return authorities;
}

Result<CeremonyPlan> plan_of(const InitOptions& options) {
  CeremonyPlan plan{.name = options.name,
                    .certificate = std::nullopt,
                    .threshold = options.threshold,
                    .custodians = {},
                    .super_administrator = std::nullopt,
                    .audit_administrator = std::nullopt,
                    .demonstration_password = std::nullopt,
                    .authorities = {},
                    .policy = {.minimum = options.minimum, .target = options.target},
                    .output = options.output};
  HUTONG_TRY(plan.certificate, read_optional(options.certificate_file));
  HUTONG_TRY(plan.super_administrator, read_optional(options.super_administrator));
  HUTONG_TRY(plan.audit_administrator, read_optional(options.audit_administrator));
  HUTONG_TRY(plan.custodians, custodians_of(options));
  HUTONG_TRY(plan.authorities, authorities_of(options));
  if (!options.demonstration.empty()) {
    HUTONG_TRY(plan.demonstration_password, read_first_line(options.demonstration));
  }
  return plan;
}

}  // namespace

std::vector<std::string> split_list(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t end = text.find(at); end != std::string::npos; end = text.find(at, begin)) {
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  parts.push_back(text.substr(begin));
  return parts;
}

Result<std::string> read_first_line(const std::string& file) {
  HUTONG_TRY(const Bytes content, read_file(file, kMostFile));
  std::string text(as_text(content));
  return text.substr(0, text.find_first_of("\r\n"));
}

Status run_init(const InitOptions& options, const Clock& clock) {
  HUTONG_TRY(const Config config, read_config(options.config));
  if (!options.request_file.empty()) {
    HUTONG_TRY(const Bytes request, make_request(config, options.name));
    HUTONG_CHECK(
        write_file(options.request_file, as_bytes(crypto::write_pem("CERTIFICATE REQUEST", request))));
    std::cout << "certificate request: " << options.request_file << '\n';
    return ok();
  }
  HUTONG_TRY(const CeremonyPlan plan, plan_of(options));
  HUTONG_TRY(const CeremonyReport report, initialise(config, plan, clock));
  std::cout << "centre: " << report.centre.subject().to_string() << "\nmaster key: " << report.master << ", "
            << plan.threshold << " of " << plan.custodians.size() << " custodians\n";
  for (const std::string& file : report.files) {
    std::cout << "wrote " << (plan.output / file).string() << '\n';
  }
  return ok();
}

}  // namespace hutong::kmc
