#include <algorithm>
#include <iostream>
#include <iterator>
#include <utility>

#include "base/file.h"
#include "ca/commands.h"
#include "ca/initialisation/ceremony.h"
#include "crypto/pem.h"
#include "x509/input.h"

namespace hutong::ca {
namespace {

constexpr std::size_t kMostFile = 1 << 20;

Error usage(std::string detail) { return {Errc::kMalformed, "init.usage", std::move(detail)}; }

/// DER of a file that may be PEM.
Result<Bytes> read_der(const std::string& file) {
  HUTONG_TRY(Bytes content, read_file(file, kMostFile));
  if (!crypto::looks_like_pem(content)) {
    return content;
  }
  HUTONG_TRY(const auto blocks, crypto::read_pem(as_text(content)));
  return blocks.front().der;
}

Result<Standing> standing_of(const InitOptions& options) {
  const int chosen = (options.root ? 1 : 0) + (options.root_name.empty() ? 0 : 1) +
                     (options.certificate_file.empty() && options.request_file.empty() ? 0 : 1);
  if (chosen != 1) {
    return usage("one of --root, --root-name with --root-folder, --request, --certificate");
  }
  if (options.root) {
    return Standing::kRoot;
  }
  if (options.root_name.empty()) {
    return Standing::kUnderOtherRoot;
  }
  return options.root_folder.empty() ? Result<Standing>(usage("--root-name needs --root-folder"))
                                     : Result(Standing::kUnderOwnRoot);
}

Result<std::vector<FirstOperator>> operators_of(const InitOptions& options) {
  if (!options.demonstration.empty()) {
    return demonstration_operators();
  }
  std::vector<FirstOperator> people = {
      {.name = "super-administrator", .role = operators::Role::kSuperAdministrator},
      {.name = "audit-administrator", .role = operators::Role::kAuditAdministrator}};
  if (options.super_administrator.empty() || options.audit_administrator.empty()) {
    return usage("--super-administrator and --audit-administrator, or --demonstration");
  }
  HUTONG_TRY(people[0].request, read_der(options.super_administrator));
  HUTONG_TRY(people[1].request, read_der(options.audit_administrator));
  return people;
}

Result<CeremonyPlan> plan_of(const InitOptions& options) {
  if (options.organization.empty() || options.name.empty()) {
    return usage("--organization and --name say how the CA is called in its certificate");
  }
  HUTONG_TRY(const Standing standing, standing_of(options));
  CeremonyPlan plan{.standing = standing,
                    .organization = options.organization,
                    .common_name = options.name,
                    .root_common_name = options.root_name,
                    .root_folder = options.root_folder,
                    .output = options.output};
  if (!options.request_file.empty()) {
    return plan;
  }
  if (!options.certificate_file.empty()) {
    HUTONG_TRY(const Bytes content, read_file(options.certificate_file, kMostFile));
    HUTONG_TRY(plan.certificate, x509::read_certificate(content));
  }
  for (const std::string& file : options.chain_files) {
    HUTONG_TRY(const Bytes content, read_file(file, kMostFile));
    HUTONG_TRY(auto above, x509::read_certificates(content));
    std::ranges::move(above.certificates, std::back_inserter(plan.chain));
  }
  HUTONG_TRY(plan.operators, operators_of(options));
  if (!options.demonstration.empty()) {
    HUTONG_TRY(const Bytes password, read_file(options.demonstration, kMostFile));
    const std::string_view text = as_text(password);
    plan.demonstration_password = std::string(text.substr(0, text.find_first_of("\r\n")));
  }
  return plan;
}

/// Keys made in the wrong place would have to be given up, so the ceremony may say where it expects them.
Status check_key_store(const InitOptions& options, const Config& config) {
  const std::string configured = config.sdf.library.empty() ? "file" : "sdf";
  return options.key_store.empty() || options.key_store == configured
             ? ok()
             : Status(usage("ca.toml keeps keys in the store \"" + configured + "\""));
}

}  // namespace

Status run_init(const InitOptions& options, const Clock& clock) {
  HUTONG_TRY(const Config config, read_config(options.config));
  HUTONG_CHECK(check_key_store(options, config));
  HUTONG_TRY(const CeremonyPlan plan, plan_of(options));
  if (!options.request_file.empty()) {
    HUTONG_TRY(const Bytes request, make_request(config, plan));
    HUTONG_CHECK(
        write_file(options.request_file, as_bytes(crypto::write_pem("CERTIFICATE REQUEST", request))));
    std::cout << "certificate request: " << options.request_file << '\n';
    return ok();
  }
  HUTONG_TRY(const CeremonyReport report, initialise(config, plan, clock));
  std::cout << "CA: " << report.authority.subject().to_string()
            << "\nissued by: " << report.authority.issuer().to_string() << '\n';
  for (const auto& file : report.files) {
    std::cout << "wrote " << file.string() << '\n';
  }
  return ok();
}

Status run_root_list(const RootListOptions& options, const Clock& clock) {
  HUTONG_TRY(const Config config, read_config(options.config));
  HUTONG_CHECK(publish_root_list(config, options.root_folder, clock));
  std::cout << "the root's list is published anew\n";
  return ok();
}

}  // namespace hutong::ca
