#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "x509/internal/path_session.h"

namespace hutong::x509 {

/// What the certificate at the end of a path is wanted for.
enum class PathRole : std::uint8_t {
  kLeaf,        ///< the request's leaf: its key usage, purpose, names and policies are asked for
  kListIssuer,  ///< signs revocation lists: cRLSign (RFC 5280 6.3.3 (f))
  kResponder,   ///< signs OCSP responses
};

struct PathVerdict {
  std::vector<Finding> findings;
  PolicySet user_constrained;
  bool signatures_good = true;
};

/// Basic path validation of RFC 5280 6.1 for one path that ends in an anchor; the signatures come from the
/// session, revocation is apart.
PathVerdict validate_path(PathSession& session, const Path& path, PathRole role);

/// The certificates to show and to check: those of the path, then the anchor's own if it has one and the path
/// does not consist of it.
std::vector<const Certificate*> shown_certificates(const Path& path);
std::string chain_position(std::size_t index, std::string_view part = {});  ///< "chain[1].basicConstraints"

}  // namespace hutong::x509
