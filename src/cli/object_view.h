#pragma once

#include "cli/context.h"
#include "x509/certificate.h"
#include "x509/certificate_request.h"
#include "x509/crl.h"

/// Everything that an object says, for people. Judges nothing.
namespace hutong::cli {

void print_certificate(const Context& context, const x509::Certificate& certificate);
/// At most this many entries are listed.
void print_crl_content(const Context& context, const x509::Crl& crl, std::size_t most_entries);
void print_request(const Context& context, const x509::CertificateRequest& request);

}  // namespace hutong::cli
