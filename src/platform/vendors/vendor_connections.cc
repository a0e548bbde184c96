#include "platform/vendors/vendor_connections.h"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/encoding.h"
#include "base/file.h"
#include "base/secret.h"
#include "net/json.h"
#include "recognition/trust_list.h"

namespace hutong::platform {
namespace {

using ca_connector::CmpIdentity;
using ca_connector::CmpSecret;

constexpr std::size_t kMostTlsFile = 4 << 20;
constexpr std::size_t kMostClientKey = 4096;

Result<std::shared_ptr<const net::ClientTls>> client_tls(const ConnectionFiles& files) {
  if (files.authorities.empty()) {
    return std::shared_ptr<const net::ClientTls>();
  }
  HUTONG_TRY(const Bytes authorities, read_file(files.authorities, kMostTlsFile));
  if (files.certificate.empty()) {
    return net::ClientTls::create(authorities);
  }
  HUTONG_TRY(const auto identity, net::read_tls_identity(files.certificate, files.key));
  return net::ClientTls::create(authorities, &identity);
}

/// The vendor's file in the folder, or nothing.
Result<std::optional<Bytes>> file_of(const std::filesystem::path& folder, const std::string& name) {
  const auto file = folder / name;
  std::error_code absent;
  if (folder.empty() || !std::filesystem::exists(file, absent)) {
    return std::optional<Bytes>();
  }
  HUTONG_TRY(Bytes content, read_file(file, kMostClientKey));
  return std::optional(std::move(content));
}

/// Cuts the first line off.
std::string_view next_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  line.remove_suffix(line.ends_with('\r') ? 1 : 0);
  return line;
}

/// The first line of the vendor's file, or nothing.
Result<std::string> client_key(const std::filesystem::path& folder, const std::string& uscc) {
  HUTONG_TRY(auto content, file_of(folder, uscc + ".key"));
  if (!content) {
    return std::string();
  }
  const ScopedWipe wipe(*content);
  std::string_view text = as_text(*content);
  return std::string(next_line(text));
}

/// Reference and secret, a line each, or nothing.
Result<std::optional<CmpSecret>> client_secret(const std::filesystem::path& folder, const std::string& uscc) {
  HUTONG_TRY(auto content, file_of(folder, uscc + ".cmp"));
  if (!content) {
    return std::optional<CmpSecret>();
  }
  const ScopedWipe wipe(*content);
  std::string_view text = as_text(*content);
  const std::string_view reference = next_line(text);
  const std::string_view secret = next_line(text);
  if (reference.empty() || secret.empty()) {
    return Error{Errc::kPolicy, "connector.secret_file", "a reference and a secret are wanted, a line each"};
  }
  return std::optional(CmpSecret{to_bytes(as_bytes(reference)), SecretBytes::copy_of(as_bytes(secret))});
}

/// What its application says are its CAs.
std::vector<x509::Certificate> authorities_of(const Vendor& vendor) {
  std::vector<x509::Certificate> authorities;
  for (const net::Json& service : vendor.content.profile.at("services")) {
    const auto kind = recognition::service_kind_from(service.at("kind").get_ref<const std::string&>());
    if (kind != recognition::ServiceKind::kRoot && kind != recognition::ServiceKind::kCa) {
      continue;
    }
    auto der = from_base64(service.at("certificate").get_ref<const std::string&>());
    auto certificate = der ? x509::Certificate::parse(std::move(*der)) : std::move(der).error();
    if (certificate) {
      authorities.push_back(std::move(*certificate));
    }
  }
  return authorities;
}

Status check_kind(const Vendor& vendor, ConnectorKind kind) {
  if (vendor.content.connector_kind == kind) {
    return ok();
  }
  return Error{Errc::kPolicy, "connector.kind",
               kind == ConnectorKind::kRest
                   ? "the vendor speaks CMP, which has no question after orders: its punctuality cannot be "
                     "measured, only that of vendors with the REST profile"
                   : "the vendor does not speak CMP"};
}

}  // namespace

Result<VendorConnections> VendorConnections::load(const ConnectionFiles& files, const Clock& clock) {
  HUTONG_TRY(auto tls, client_tls(files));
  std::optional<SigningIdentity> signer;
  if (!files.signer.empty()) {
    HUTONG_TRY(signer, SigningIdentity::load(files.signer, files.signer_password));
  }
  return VendorConnections(std::move(tls), files.keys, std::move(signer), clock);
}

Result<ca_connector::RestConnector> VendorConnections::over_rest(const Vendor& vendor) const {
  HUTONG_CHECK(check_kind(vendor, ConnectorKind::kRest));
  HUTONG_TRY(auto key, client_key(keys_, vendor.content.uscc));
  return ca_connector::RestConnector::create(
      {.address = vendor.content.connector_address, .tls = tls_, .key = std::move(key)});
}

Result<std::variant<CmpSecret, CmpIdentity>> VendorConnections::protection_for(const Vendor& vendor) const {
  using Protection = std::variant<CmpSecret, CmpIdentity>;
  HUTONG_TRY(auto secret, client_secret(keys_, vendor.content.uscc));
  if (secret) {
    return Protection(std::move(*secret));
  }
  if (!signer_) {
    return Error{Errc::kPolicy, "connector.no_identity",
                 "there is neither a secret shared with this vendor nor a key to sign for it"};
  }
  return Protection(CmpIdentity{signer_->shared_key(), signer_->certificate()});
}

Result<ca_connector::CmpConnector> VendorConnections::over_cmp(const Vendor& vendor) const {
  HUTONG_CHECK(check_kind(vendor, ConnectorKind::kCmp));
  HUTONG_TRY(auto protection, protection_for(vendor));
  return ca_connector::CmpConnector::create({.address = vendor.content.connector_address,
                                             .tls = tls_,
                                             .protection = std::move(protection),
                                             .authorities = authorities_of(vendor)},
                                            *clock_);
}

Result<std::string> VendorConnections::who_answers(const Vendor& vendor) const {
  if (vendor.content.connector_kind == ConnectorKind::kRest) {
    HUTONG_TRY(const auto connector, over_rest(vendor));
    HUTONG_TRY(auto promises, connector.promises());
    return std::move(promises.vendor);
  }
  HUTONG_TRY(const auto connector, over_cmp(vendor));
  HUTONG_TRY(const auto answerer, connector.ask());
  return (answerer.signer ? *answerer.signer : answerer.authorities.front()).subject().to_string();
}

}  // namespace hutong::platform
