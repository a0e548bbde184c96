#pragma once

#include <string>
#include <vector>

#include "x509/chain_verifier.h"

namespace hutong::x509 {

/// The checks that look at one certificate alone. Each appends what it finds about `where` ("chain[0]").
void check_validity(const Certificate& certificate, Time at, const std::string& where,
                    std::vector<Finding>& findings);
/// Signature algorithm (unless it is an anchor's, whose signature carries no trust) and key.
enum class SignatureCounts : bool { kNo, kYes };
void check_algorithms(const Certificate& certificate, const AlgorithmPolicy& policy, SignatureCounts counts,
                      const std::string& where, std::vector<Finding>& findings);
bool is_accepted(const crypto::SignatureAlgorithm& algorithm, const AlgorithmPolicy& policy);
/// Critical extensions that nobody here understands, and extensions that did not parse.
void check_extensions(const Certificate& certificate, const std::string& where,
                      std::vector<Finding>& findings);

/// Whether a certificate stands at the end of the path or issues others.
enum class Position : std::uint8_t { kEndEntity, kIssuer };
/// The rules of RFC 5280 section 4 that Profile is about.
void check_profile(const Certificate& certificate, Position position, Profile profile,
                   const std::string& where, std::vector<Finding>& findings);

/// What the request wants of the leaf: key usage, purpose, names.
void check_wishes(const VerifyRequest& request, const std::string& where, std::vector<Finding>& findings);

}  // namespace hutong::x509
