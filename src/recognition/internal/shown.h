#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "x509/certificate.h"
#include "x509/name.h"

/// What reports and summaries show of certificates, with personal numbers masked.
namespace hutong::recognition::internal {

std::string shown(const x509::Name& name);
std::string shown_subject(const x509::Certificate& certificate);

struct ShownIdentity {
  std::string_view name_zh;
  std::string_view name_en;
  std::string value;
};
std::vector<ShownIdentity> shown_identities(const x509::Certificate& certificate);

}  // namespace hutong::recognition::internal
