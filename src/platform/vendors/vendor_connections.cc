#include "platform/vendors/vendor_connections.h"

#include <string>
#include <system_error>

#include "base/file.h"

namespace hutong::platform {
namespace {

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

/// The first line of the vendor's file, or nothing.
Result<std::string> client_key(const std::filesystem::path& folder, const std::string& uscc) {
  const auto file = folder / (uscc + ".key");
  std::error_code absent;
  if (folder.empty() || !std::filesystem::exists(file, absent)) {
    return std::string();
  }
  HUTONG_TRY(const Bytes content, read_file(file, kMostClientKey));
  const std::string_view text = as_text(content);
  return std::string(text.substr(0, text.find_first_of("\r\n")));
}

}  // namespace

Result<VendorConnections> VendorConnections::load(const ConnectionFiles& files) {
  HUTONG_TRY(auto tls, client_tls(files));
  return VendorConnections(std::move(tls), files.keys);
}

Result<ca_connector::RestConnector> VendorConnections::to(const Vendor& vendor) const {
  if (vendor.content.connector_kind != ConnectorKind::kRest) {
    return Error{Errc::kPolicy, "connector.kind", "the vendor speaks CMP, which tells nothing about orders"};
  }
  HUTONG_TRY(auto key, client_key(keys_, vendor.content.uscc));
  return ca_connector::RestConnector::create(
      {.address = vendor.content.connector_address, .tls = tls_, .key = std::move(key)});
}

}  // namespace hutong::platform
