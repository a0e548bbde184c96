#include "cli/report_view.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "cli/style.h"
#include "recognition/mask.h"
#include "recognition/report_json.h"

namespace hutong::cli {
namespace {

using recognition::ChainElement;
using recognition::Kind;
using recognition::RecognitionReport;

constexpr std::size_t kReportLabelColumns = 14;

Text name_of(Kind kind) {
  switch (kind) {
    case Kind::kCertificate:
      return {"证书", "certificate"};
    case Kind::kCertificateBundle:
      return {"证书包", "bundle of certificates"};
    case Kind::kCrl:
      return {"证书撤销列表", "revocation list"};
    case Kind::kCertificateRequest:
      return {"证书请求", "certificate request"};
    case Kind::kSignedMessage:
      return {"签名消息", "signed message"};
    case Kind::kDetachedSignature:
      return {"分离签名", "detached signature"};
    case Kind::kEnvelopedMessage:
      return {"数字信封", "enveloped message"};
    case Kind::kTimestamp:
      return {"时间戳", "time stamp"};
    case Kind::kOcspResponse:
      return {"OCSP 响应", "OCSP response"};
    case Kind::kUnknown:
      break;
  }
  return {"未知文件", "unknown file"};
}

std::string masked(const std::string& text) { return recognition::mask_resident_numbers(text); }

void print_line(const Context& context, const Text& label, const std::string& value, int depth = 1) {
  context.out << std::string(static_cast<std::size_t>(depth) * 2, ' ')
              << paint(context, Tone::kDim, padded(context.text(label), kReportLabelColumns)) << value
              << "\n";
}

void print_verdict(const Context& context, const RecognitionReport& report) {
  const std::string verdict =
      std::string(mark(report.indication)) + " " + std::string(word(context, report.indication));
  context.out << paint(context, tone(report.indication), verdict);
  if (!report.file.name.empty()) {
    context.out << "  " << report.file.name;
  }
  const std::string_view separator = context.text({"，", ", "});
  const std::string facts = std::string(context.text(name_of(report.kind))) + std::string(separator) +
                            shown_count(report.file.size) + std::string(context.text({" 字节", " octets"}));
  context.out << "  " << paint(context, Tone::kDim, facts) << "\n";
  print_line(context, {"验证时间", "judged for"}, shown(report.at));
  if (report.trust_list) {
    print_line(context, {"信任列表", "trust list"},
               "№ " + std::to_string(report.trust_list->number) + "  " +
                   std::string(context.language == Language::kZh ? report.trust_list->operator_zh
                                                                 : report.trust_list->operator_en));
  }
}

Text role_of(const ChainElement& element) {
  switch (element.role) {
    case recognition::Role::kAnchor:
      return {"信任锚", "anchor"};
    case recognition::Role::kIntermediate:
      return {"CA", "CA"};
    case recognition::Role::kEndEntity:
      break;
  }
  return element.certificate.is_ca() ? Text{"CA", "CA"} : Text{"用户", "end entity"};
}

std::string status_of(const Context& context, const ChainElement& element) {
  switch (element.revocation.status) {
    case x509::CertificateStatus::kGood:
      return paint(context, Tone::kGood, context.text({"✔ 未撤销", "✔ not revoked"}));
    case x509::CertificateStatus::kRevoked:
      return paint(context, Tone::kBad,
                   std::string(context.text({"✘ 已撤销 ", "✘ revoked "})) +
                       (element.revocation.revoked_at ? shown(*element.revocation.revoked_at) : ""));
    case x509::CertificateStatus::kOnHold:
      return paint(context, Tone::kBad, context.text({"✘ 已冻结", "✘ on hold"}));
    case x509::CertificateStatus::kUnknown:
      return paint(context, Tone::kUnsure, context.text({"? 撤销状态未知", "? revocation unknown"}));
    case x509::CertificateStatus::kNotChecked:
      break;
  }
  return "";
}

std::string date_of(Time time) { return to_rfc3339(time).substr(0, 10); }

/// From the anchor down to the end entity, each level a step to the right.
void print_chain(const Context& context, const std::vector<ChainElement>& chain,
                 const std::string& margin = "  ") {
  std::string indent;
  for (auto element = chain.rbegin(); element != chain.rend(); ++element) {
    const auto& certificate = element->certificate;
    const std::string branch = element == chain.rbegin() ? "" : indent + "└─ ";
    const std::string under = element == chain.rbegin() ? "" : indent + "   ";
    context.out << margin << branch << paint(context, Tone::kStrong, masked(certificate.subject().display()))
                << "  " << paint(context, Tone::kDim, context.text(role_of(*element)));
    if (element->vendor) {
      context.out << "  " << (context.language == Language::kZh ? element->vendor->zh : element->vendor->en);
    }
    const std::string status = status_of(context, *element);
    context.out << (status.empty() ? "" : "  ") << status << "\n";
    const std::string key = certificate.public_key() ? std::string(certificate.public_key()->name()) : "?";
    context.out << margin << under
                << paint(context, Tone::kDim,
                         key + "  " + date_of(certificate.not_before()) + " – " +
                             date_of(certificate.not_after()) + "  №" + certificate.serial().to_hex())
                << "\n";
    indent = under;
  }
}

void print_stamp(const Context& context, const recognition::StampFacts& stamp, int depth = 1) {
  const std::string verdict =
      paint(context, tone(stamp.indication),
            std::string(mark(stamp.indication)) + " " + std::string(word(context, stamp.indication)));
  print_line(context, {"时间戳", "time stamp"}, shown(stamp.time) + "  " + verdict, depth);
  print_line(context, {"时间戳机构", "authority"}, stamp.authority, depth);
  if (stamp.imprint_matches) {
    print_line(context, {"原文", "content"},
               std::string(*stamp.imprint_matches ? context.text({"✔ 一致", "✔ matches"})
                                                  : context.text({"✘ 不一致", "✘ differs"})),
               depth);
  }
}

void print_signers(const Context& context, const RecognitionReport& report) {
  print_heading(context, {"签名者", "Signers"});
  std::size_t number = 0;
  for (const auto& signer : report.signers) {
    const std::string verdict =
        std::string(mark(signer.indication)) + " " + std::string(word(context, signer.indication));
    context.out << "  [" << number++ << "] " << paint(context, tone(signer.indication), verdict) << "  "
                << masked(signer.subject) << "\n";
    print_line(context, {"杂凑算法", "digest"}, signer.digest, 2);
    if (signer.signing_time) {
      print_line(context, {"声称的时间", "claimed time"}, shown(*signer.signing_time), 2);
    }
    if (signer.timestamp) {
      print_stamp(context, *signer.timestamp, 2);
    }
    print_chain(context, signer.chain, "    ");
    print_findings(context, signer.findings);
  }
}

void print_message(const Context& context, const recognition::MessageFacts& message) {
  print_line(context, {"消息格式", "format"}, message.type);
  if (!message.content_sm3.empty()) {
    print_line(context, {"原文", "content"},
               shown_count(message.content_size) +
                   std::string(context.text({" 字节，SM3 ", " octets, SM3 "})) + to_hex(message.content_sm3));
  }
  for (const auto& recipient : message.recipients) {
    print_line(context, {"接收者", "recipient"}, masked(recipient.issuer) + "  №" + recipient.serial);
  }
}

void print_crl(const Context& context, const x509::Crl& crl) {
  print_line(context, {"签发者", "issuer"}, masked(crl.issuer().to_string()));
  print_line(context, {"更新", "updates"},
             shown(crl.this_update()) + " → " + (crl.next_update() ? shown(*crl.next_update()) : "?"));
  print_line(context, {"撤销条目", "entries"}, shown_count(crl.entry_count()));
}

void print_revocation(const Context& context, const RecognitionReport& report) {
  if (report.revocation.empty()) {
    return;
  }
  print_heading(context, {"撤销信息", "Revocation data"});
  for (const auto& used : report.revocation) {
    const bool ocsp = used.type == recognition::RevocationUsed::Type::kOcsp;
    context.out << "  " << (ocsp ? "OCSP" : "CRL ") << "  " << masked(used.issuer) << "  "
                << shown(used.this_update) << "  → " << used.used_for << "\n";
  }
}

}  // namespace

void print_findings(const Context& context, const std::vector<x509::Finding>& findings) {
  if (findings.empty()) {
    return;
  }
  print_heading(context, {"检查结果", "Findings"});
  for (const auto& finding : findings) {
    const auto severity = finding.severity();
    context.out << "  " << paint(context, tone(severity), mark(severity)) << " "
                << (context.language == Language::kZh ? finding.message_zh() : finding.message_en())
                << "\n    "
                << paint(context, Tone::kDim,
                         std::string(word(context, severity)) + "  " + std::string(finding.code()) +
                             (finding.where().empty() ? "" : "  " + finding.where()) +
                             (finding.clause().empty() ? "" : "  " + std::string(finding.clause())))
                << "\n";
  }
}

void print_report(const Context& context, const RecognitionReport& report) {
  print_verdict(context, report);
  if (report.message) {
    print_message(context, *report.message);
  }
  if (report.crl) {
    print_crl(context, *report.crl);
  }
  if (report.request) {
    print_line(context, {"申请主体", "subject"}, masked(report.request->subject().to_string()));
  }
  if (report.timestamp) {
    print_stamp(context, *report.timestamp);
  }
  if (!report.signers.empty()) {
    print_signers(context, report);
  } else if (!report.chain.empty()) {
    print_heading(context, {"证书链", "Chain"});
    print_chain(context, report.chain);
  }
  print_revocation(context, report);
  print_findings(context, report.findings);
}

void print_reports(const Context& context, const std::vector<RecognitionReport>& reports) {
  if (!context.json) {
    for (const auto& report : reports) {
      print_report(context, report);
      context.out << (reports.size() > 1 ? "\n" : "");
    }
    return;
  }
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auto& report : reports) {
    list.push_back(recognition::to_json(report));
  }
  context.out << (list.size() == 1 ? list.front() : list).dump(2) << "\n";
}

Exit exit_of(x509::Indication indication) {
  return indication == x509::Indication::kValid ? Exit::kGood : Exit::kRejected;
}

Exit exit_of(const std::vector<RecognitionReport>& reports) {
  const bool good = std::ranges::all_of(
      reports, [](const auto& report) { return report.indication == x509::Indication::kValid; });
  return good ? Exit::kGood : Exit::kRejected;
}

}  // namespace hutong::cli
