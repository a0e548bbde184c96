#pragma once

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "x509/policy_graph.h"

/// The NIST PKITS suite as the corpus keeps it: pkits.json and the DER files it names.
namespace hutong::test {

struct PkitsCase {
  std::string number;  ///< "4.8.13"
  std::string title;
  std::vector<std::string> certificates;  ///< names of files, trust anchor first, end entity last
  std::vector<std::string> crls;
  x509::PolicySet initial_policies;
  bool explicit_policy = false;
  bool mapping_inhibited = false;
  bool any_policy_inhibited = false;
  x509::PolicySet user_constrained;  ///< meaningful when valid
  bool valid = false;
};
std::ostream& operator<<(std::ostream& out, const PkitsCase& test);
/// Empty when there is no corpus.
std::vector<PkitsCase> load_pkits_cases();

/// DER by file name, without extension.
struct PkitsFiles {
  std::map<std::string, Bytes> certificates;
  std::map<std::string, Bytes> crls;
};
PkitsFiles load_pkits_files();

/// The same certificates and lists with every key and signature replaced by SM2 with SM3. Names, extensions,
/// key identifiers, serial numbers and times stay octet for octet, so the graph is the same. A key becomes
/// the same new key wherever it occurs. A signature that no key of its issuer verifies becomes one that no
/// key verifies either. DSA keys, also those with inherited parameters, are understood for that purpose.
PkitsFiles rekey_to_sm2(const PkitsFiles& files);

}  // namespace hutong::test
