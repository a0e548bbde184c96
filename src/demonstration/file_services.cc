#include "demonstration/file_services.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "asn1/oids.h"
#include "base/file.h"
#include "x509/input.h"

namespace hutong::demonstration {
namespace {

namespace fs = std::filesystem;
using recognition::Service;
using recognition::ServiceKind;

Result<x509::Certificate> certificate_in(const fs::path& path) {
  HUTONG_TRY(const Bytes file, read_file(path, kMostServiceFile));
  return x509::read_certificate(file);
}

Service service_of(std::string id, const std::string& vendor, ServiceKind kind,
                   const x509::Certificate& certificate, Time since) {
  const std::string name = certificate.subject().display();
  return {.id = std::move(id),
          .name_zh = name,
          .name_en = name,
          .vendor_zh = vendor,
          .vendor_en = vendor,
          .kind = kind,
          .certificate = certificate,
          .periods = {{.status = recognition::ServiceStatus::kGranted, .since = since}},
          .quirks = {}};
}

}  // namespace

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code trouble;
  for (fs::directory_iterator entry(folder, trouble), end; !trouble && entry != end;
       entry.increment(trouble)) {
    files.push_back(entry->path());
  }
  std::ranges::sort(files);
  return files;
}

std::vector<Service> national_roots(const fs::path& corpus, Time since) {
  std::vector<Service> services;
  for (const auto& path : files_in(corpus / "certs" / "roots")) {
    const auto root = certificate_in(path);
    if (!root || root->subject().text_of(asn1::oids::kOrganization) != "NRCAC") {
      continue;
    }
    services.push_back(
        service_of("national-" + path.stem().string(), "国家电子认证根CA", ServiceKind::kRoot, *root, since));
    services.back().name_zh.insert(0, "国家根 ");
    services.back().name_en.insert(0, "National root ");
    services.back().vendor_en = "National Root CA";
  }
  return services;
}

}  // namespace hutong::demonstration
