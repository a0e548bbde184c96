#pragma once

#include <string>
#include <vector>

#include "cli/context.h"
#include "recognition/report.h"
#include "x509/report.h"

namespace hutong::cli {

/// A recognition report for people: the verdict in one line, what was judged, the chain as a tree, signers
/// and stamps, the findings with their clauses.
void print_report(const Context& context, const recognition::RecognitionReport& report);
/// One report is a JSON object, several are an array.
void print_reports(const Context& context, const std::vector<recognition::RecognitionReport>& reports);

void print_findings(const Context& context, const std::vector<x509::Finding>& findings);
/// Valid is kGood, everything else kRejected.
Exit exit_of(x509::Indication indication);
/// The worst of them.
Exit exit_of(const std::vector<recognition::RecognitionReport>& reports);

}  // namespace hutong::cli
