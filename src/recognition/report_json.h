#pragma once

#include <nlohmann/json_fwd.hpp>

#include "recognition/report.h"
#include "recognition/trust_list.h"

namespace hutong::recognition {

/// The report as the API and `--json` show it (docs/openapi.json, schema RecognitionReport), without `id` and
/// `created_at`, which are the platform's. Numbers that tell who a natural person is are masked, except
/// inside the certificate's own octets (`der`).
nlohmann::ordered_json to_json(const RecognitionReport& report);
/// The same for storing: without the octets of certificates that tell who a natural person is.
nlohmann::ordered_json to_json_to_keep(const RecognitionReport& report);
/// True when to_json_to_keep leaves something out.
bool has_personal_octets(const RecognitionReport& report);
nlohmann::ordered_json to_json(const x509::Finding& finding);

/// The summary of a list: number, sm3, times, operator, state, services.
nlohmann::ordered_json to_json(const LoadedTrustList& list, Time now);

}  // namespace hutong::recognition
