#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "audit/record.h"
#include "base/time.h"
#include "operators/rights.h"
#include "operators/roles.h"
#include "x509/certificate.h"

namespace hutong::operators {

/// Stable numbers: they are stored. Append only.
enum class State : std::uint8_t { kActive = 1, kRetired = 2 };
std::string_view to_string(State state);  ///< "active", "retired"

/// SM3 of the certificate in lower-case hexadecimal: what audit records name a person by.
std::string fingerprint_of(const x509::Certificate& certificate);

/// A person with a carrier who works on the system.
struct Operator {
  std::string id;  ///< ULID
  std::string display_name;
  Role role = Role::kBusinessOperator;
  RightSet rights;          ///< as granted; RightsCatalogue::effective adds what the role has anyway
  std::string region = {};  ///< GB/T 2260: where they work, and nowhere else; empty: everywhere
  x509::Certificate certificate;
  std::string fingerprint;  ///< fingerprint_of(certificate)
  State state = State::kActive;
  std::string created_by;  ///< id of an operator; empty when made by the initialisation
  Time created_at{};
  Time changed_at{};
  std::int64_t version = 1;  ///< grows with every change; what compare-and-set looks at

  audit::Actor actor() const { return {certificate.subject().to_string(), fingerprint}; }
};

/// A program that calls us: known by its TLS client certificate or, for demonstrations on one machine, by a
/// key of which only the SM3 is kept.
struct ApiClient {
  std::string id;  ///< ULID
  std::string display_name;
  RightSet rights = {};
  std::string fingerprint = {};  ///< of the TLS certificate; empty for a client with a key
  State state = State::kActive;
  std::string created_by;
  Time created_at{};
  Time changed_at{};
  std::int64_t version = 1;

  audit::Actor actor() const { return {"client:" + display_name, fingerprint}; }
};

}  // namespace hutong::operators
