#include "platform/validation/recomputation.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>
#include <vector>

#include "base/encoding.h"
#include "base/stream.h"
#include "cms/verify.h"
#include "net/router.h"
#include "recognition/judge.h"
#include "recognition/report_json.h"

namespace hutong::platform {
namespace {

constexpr std::size_t kMostReportText = std::size_t{64} << 20;
constexpr net::JsonLimits kReportLimits{.depth = 16, .values = 1'000'000};

/// What a report says that it rests on.
struct Foundation {
  Time created_at{};
  Time at{};
  x509::RevocationMode revocation = x509::RevocationMode::kPrefer;
  crypto::Sm3Digest list{};
  std::vector<crypto::Sm3Digest> revocation_data;
};

Error no_inputs() {
  return {Errc::kPolicy, "recomputation.no_inputs", "the report does not say what it rested on"};
}

Result<crypto::Sm3Digest> digest_from(const net::Json& text) {
  crypto::Sm3Digest digest{};
  if (!text.is_string()) {
    return no_inputs();
  }
  const auto octets = from_hex(text.get_ref<const std::string&>());
  if (!octets || octets->size() != digest.size()) {
    return no_inputs();
  }
  std::ranges::copy(*octets, digest.begin());
  return digest;
}

Result<Time> time_from(const net::Json& report, const char* member) {
  const auto text = report.find(member);
  if (text == report.end() || !text->is_string()) {
    return no_inputs();
  }
  return from_rfc3339(text->get_ref<const std::string&>());
}

x509::RevocationMode mode_from(const net::Json& inputs) {
  const auto name = inputs.value("revocation", "");
  return name == "require" ? x509::RevocationMode::kRequire
         : name == "none"  ? x509::RevocationMode::kNone
                           : x509::RevocationMode::kPrefer;
}

Result<Foundation> foundation_of(const net::Json& report) {
  const auto inputs = report.find("inputs");
  const auto list = report.find("trust_list");
  if (inputs == report.end() || !inputs->is_object() || list == report.end() || !list->is_object()) {
    return no_inputs();
  }
  Foundation foundation;
  HUTONG_TRY(foundation.created_at, time_from(report, "created_at"));
  HUTONG_TRY(foundation.at, time_from(report, "at"));
  foundation.revocation = mode_from(*inputs);
  HUTONG_TRY(foundation.list, digest_from(list->value("sm3", net::Json())));
  for (const auto& object : inputs->value("revocation_sm3", net::Json::array())) {
    HUTONG_TRY(const auto sm3, digest_from(object));
    foundation.revocation_data.push_back(sm3);
  }
  return foundation;
}

std::string hex_sm3(ByteView octets) { return to_hex(crypto::sm3(octets)); }

/// The files handed in are those that the report is about.
Status expect_same_files(const net::Json& report, const Upload& question) {
  const auto other = [](std::string_view reason, std::string_view what) {
    return Error{Errc::kMalformed, reason, "the report is about another " + std::string(what)};
  };
  const auto& inputs = report["inputs"];
  if (report.value("file", net::Json::object()).value("sm3", "") != hex_sm3(question.file)) {
    return other("recomputation.file", "file");
  }
  if (inputs.value("content_sm3", "") != (question.content ? hex_sm3(*question.content) : std::string())) {
    return other("recomputation.content", "content, or none");
  }
  net::Json chain = net::Json::array();
  std::ranges::transform(question.chain, std::back_inserter(chain), hex_sm3);
  if (inputs.value("chain_sm3", net::Json::array()) != chain) {
    return other("recomputation.chain", "chain, or none");
  }
  return ok();
}

/// What of a report a second computation must come to again. The octets of certificates are not kept of
/// natural persons, and a file may have another name by now.
net::Json comparable(net::Json report) {
  for (const auto* own : {"id", "created_at", "inputs"}) {
    report.erase(own);
  }
  report["file"].erase("name");
  const auto without_octets = [](net::Json& chain) {
    for (auto& element : chain) {
      element.erase("der");
    }
  };
  without_octets(report["chain"]);
  if (report.contains("signers")) {
    for (auto& signer : report["signers"]) {
      without_octets(signer["chain"]);
    }
  }
  return report;
}

/// The members that the two do not share.
net::Json differences(const net::Json& then, const net::Json& again) {
  net::Json names = net::Json::array();
  for (const auto& [name, value] : then.items()) {
    if (!again.contains(name) || again[name] != value) {
      names.push_back(name);
    }
  }
  for (const auto& [name, value] : again.items()) {
    if (!then.contains(name)) {
      names.push_back(name);
    }
  }
  return names;
}

Result<recognition::RevocationData> revocation_of(const Foundation& foundation,
                                                  const EvidenceStore& evidence) {
  std::vector<x509::Crl> crls;
  std::vector<x509::OcspResponse> responses;
  for (const auto& sm3 : foundation.revocation_data) {
    HUTONG_TRY(const auto object, evidence.revocation(sm3));
    if (const auto* crl = std::get_if<x509::Crl>(&object)) {
      crls.push_back(*crl);
    } else {
      responses.push_back(std::get<x509::OcspResponse>(object));
    }
  }
  return recognition::RevocationData(std::move(crls), std::move(responses));
}

}  // namespace

Result<std::string> Recompute::text_of(const Input& input) const {
  if (!input.report_id.empty()) {
    return reports_->get(input.report_id);
  }
  MemorySink text(kMostReportText);
  const auto message = cms::verify_message(input.signed_report, {.at = clock_->now(), .content = &text});
  const bool is_signed = message && !message->detached && message->signers.size() == 1 &&
                         message->signers.front().signature_verified;
  if (!is_signed || !evidence_->is_reporter(*message->signers.front().certificate)) {
    return Error{Errc::kMalformed, "recomputation.signature", "no report that this platform signed"};
  }
  return std::string(as_text(text.content()));
}

Result<Recompute::Output> Recompute::process(const Input& input) const {
  HUTONG_TRY(const auto text, text_of(input));
  HUTONG_TRY(const auto then, net::parse_json(text, kReportLimits));
  HUTONG_TRY(const auto foundation, foundation_of(then));
  HUTONG_CHECK(expect_same_files(then, input.question));
  HUTONG_TRY(const auto list,
             lists_.get(foundation.list, foundation.created_at,
                        [this](const crypto::Sm3Digest& sm3, Time at) { return evidence_->list(sm3, at); }));
  HUTONG_TRY(const auto revocation, revocation_of(foundation, *evidence_));
  const recognition::Question question{.file = input.question.file,
                                       .file_name = input.question.file_name,
                                       .content = input.question.content,
                                       .chain = input.question.chain,
                                       .at = foundation.at,
                                       .revocation = foundation.revocation};
  const auto report = recognition::judge(
      question, {.list = &list, .now = foundation.created_at, .revocation = &revocation, .cache = &cache_});
  const net::Json again = recognition::to_json(report);
  const net::Json differing = differences(comparable(then), comparable(again));
  return Output{.json = {{"id", then.value("id", "")},
                         {"created_at", then["created_at"]},
                         {"indication", then["indication"]},
                         {"program", then["inputs"].value("program", "")},
                         {"same", differing.empty()},
                         {"differences", differing},
                         {"report", again}}};
}

net::Response Recompute::render(const Output& output) { return net::json_response(output.json); }

}  // namespace hutong::platform
