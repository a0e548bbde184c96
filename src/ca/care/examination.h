#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ca/care/doctor.h"

/// The parts of examine(): each adds what it found. An Error when the database cannot be read.
namespace hutong::ca::care {

using Findings = std::vector<Diagnosis>;

inline Diagnosis good(std::string code, std::string zh, std::string en) {
  return {std::move(code), Health::kGood, std::move(zh), std::move(en)};
}
inline Diagnosis warning(std::string code, std::string zh, std::string en) {
  return {std::move(code), Health::kWarning, std::move(zh), std::move(en)};
}
inline Diagnosis bad(std::string code, std::string zh, std::string en) {
  return {std::move(code), Health::kBad, std::move(zh), std::move(en)};
}

/// Authorities and service keys: the key is in the store, fits its certificate, and the certificate lasts.
Status examine_keys(storage::Reader& reader, const crypto::KeyStore& keys, Time now, Findings& out);
/// Certificates of active operators that end soon.
Status examine_operators(storage::Reader& reader, Time now, Findings& out);
/// Every list that certificates name is published and current.
Status examine_lists(storage::Reader& reader, const Patient& patient, Time now, Findings& out);
/// The addresses answer with what the database holds.
Status examine_publishing_points(storage::Reader& reader, const Patient& patient, Findings& out);
/// The key management centre lets us in.
void examine_key_centre(const Result<net::Client>& centre, Findings& out);

}  // namespace hutong::ca::care
