#pragma once

#include <string>

#include "base/time.h"
#include "recognition/report.h"

namespace hutong::recognition {

/// For programs that ask often: the verdict, its findings, who it is about and what it rests on, told by
/// fingerprints (docs/openapi.json, schema RecognitionSummary), as JSON text. It masks as report_json.h does
/// and has no octets of certificates. Written straight away: building a tree first costs as much as a
/// verification with a prepared key.
std::string to_summary_json(const RecognitionReport& report, Time created_at);

}  // namespace hutong::recognition
