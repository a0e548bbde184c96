#pragma once

#include "net/json.h"
#include "recognition/report_json.h"
#include "x509/certificate.h"

/// Certificates and verdicts as pages see them (docs/agent-protocol.md, Signing and verifying).
namespace hutong::agent {

/// certificate.info without `extensions`.
net::Json certificate_facts(const x509::Certificate& certificate);
net::Json extension_list(const x509::Certificate& certificate);
net::Json finding_list(const std::vector<x509::Finding>& findings);

}  // namespace hutong::agent
