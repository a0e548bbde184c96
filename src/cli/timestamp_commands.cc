#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/progress.h"
#include "cli/report_view.h"
#include "cli/trust_options.h"
#include "cms/timestamp.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "recognition/detect.h"
#include "x509/serial.h"

namespace hutong::cli {
namespace {

struct RequestOptions {
  std::string file;
  std::string out;
  std::string digest = "sm3";
  std::string policy;
  bool no_nonce = false;
  bool no_certificate = false;
};

struct VerifyOptions {
  std::string file;
  std::string content;
  std::string request;
  TrustOptions trust;
};

Result<Bytes> digest_of(const Context& context, const std::string& path, crypto::DigestAlgorithm algorithm) {
  HUTONG_TRY(auto file, FileSource::open(path));
  Progress progress(context, std::string(context.text({"正在计算杂凑值", "hashing"})), file.size());
  crypto::Digest digest(algorithm);
  Bytes chunk(std::size_t{1} << 16);
  for (;;) {
    HUTONG_TRY(const std::size_t count, file.read(chunk));
    if (count == 0) {
      return digest.finish();
    }
    digest.update(ByteView(chunk).first(count));
    progress.advance(count);
  }
}

x509::Serial fresh_nonce() {
  Bytes octets(8);
  crypto::system_random().fill(octets);
  return x509::Serial::from_magnitude(octets);
}

Result<Exit> request(Context& context, const RequestOptions& options) {
  cms::TimestampRequest stamp;
  stamp.imprint.algorithm =
      options.digest == "sha256" ? crypto::DigestAlgorithm::kSha256 : crypto::DigestAlgorithm::kSm3;
  HUTONG_TRY(stamp.imprint.digest, digest_of(context, options.file, stamp.imprint.algorithm));
  if (!options.policy.empty()) {
    auto policy = asn1::Oid::parse(options.policy);
    if (!policy) {
      return usage_error("usage.policy", options.policy + ": not an object identifier");
    }
    stamp.policy = *policy;
  }
  if (!options.no_nonce) {
    stamp.nonce = fresh_nonce();
  }
  stamp.certificate_wanted = !options.no_certificate;
  const std::string target = !options.out.empty()  ? options.out
                             : options.file == "-" ? "-"
                                                   : options.file + ".tsq";
  HUTONG_CHECK(write_octets(context, target, stamp.to_der()));
  if (target == "-") {
    return Exit::kGood;
  }
  const std::string imprint = to_hex(stamp.imprint.digest);
  if (context.json) {
    context.out << nlohmann::ordered_json{{"file", target},
                                          {"digest", crypto::digest_name(stamp.imprint.algorithm)},
                                          {"imprint", imprint},
                                          {"nonce", stamp.nonce ? stamp.nonce->to_hex() : ""}}
                       .dump(2)
                << "\n";
  } else {
    context.out << context.text({"时间戳请求已写入 {0}（{1}）", "time stamp request written to {0} ({1})"},
                                {target, imprint})
                << "\n";
  }
  return Exit::kGood;
}

/// What only the request can tell: imprint, nonce and policy are the ones asked for.
Status compare_with_request(const VerifyOptions& options, recognition::RecognitionReport& report) {
  HUTONG_TRY(const auto request_file, FileContent::open(options.request));
  HUTONG_TRY(const auto asked, cms::TimestampRequest::from_der(request_file.view()));
  HUTONG_TRY(const auto response, FileContent::open(options.file));
  const auto detected = recognition::detect(response.view());
  const auto stamp = cms::verify_timestamp(detected.object, cms::expectation_of(asked), {.at = report.at});
  static constexpr std::array<std::string_view, 3> kOfTheRequest{
      "timestamp.imprint_mismatch", "timestamp.nonce_mismatch", "timestamp.policy_mismatch"};
  for (const auto& finding : stamp.findings) {
    const bool new_here = !x509::has_finding(report.findings, finding.code());
    if (new_here && std::ranges::count(kOfTheRequest, finding.code()) > 0) {
      report.findings.insert(report.findings.begin(), finding);
      report.indication = x509::Indication::kInvalid;
    }
  }
  return ok();
}

Result<Exit> verify(Context& context, const VerifyOptions& options) {
  HUTONG_TRY(const auto trust, TrustInputs::load(options.trust, context));
  HUTONG_TRY(auto report, judge_file(context, trust, options.file, options.content));
  if (report.kind != recognition::Kind::kTimestamp && report.kind != recognition::Kind::kUnknown) {
    return Error{Errc::kMalformed, "input.kind",
                 options.file + ": this is a " + std::string(recognition::to_string(report.kind))};
  }
  if (!options.request.empty() && report.kind == recognition::Kind::kTimestamp) {
    HUTONG_CHECK(compare_with_request(options, report));
  }
  print_reports(context, {report});
  return exit_of(report.indication);
}

void add_request(CLI::App& group, Context& context) {
  auto options = std::make_shared<RequestOptions>();
  const std::string_view examples =
      "  hutong timestamp request bid.pdf\n"
      "  hutong timestamp request bid.pdf -o bid.tsq --digest sha256 --no-nonce";
  CLI::App* command = add_command(
      group, context, {"request", {"生成时间戳请求", "make a time stamp request"}, {examples, examples}});
  add_file(command, context, "FILE", options->file, {"要加盖时间戳的文件", "what is to be stamped"})
      ->required();
  add_file(command, context, "-o,--out", options->out,
           {"输出文件（默认为原文件名加 .tsq）", "output (default: FILE.tsq)"});
  command
      ->add_option("--digest", options->digest,
                   std::string(context.text({"sm3（默认）或 sha256", "sm3 (default) or sha256"})))
      ->check(CLI::IsMember({"sm3", "sha256"}))
      ->type_name("NAME");
  command
      ->add_option("--policy", options->policy,
                   std::string(context.text({"时间戳策略", "the policy wanted"})))
      ->type_name("OID");
  add_flag(command, context, "--no-nonce", options->no_nonce, {"不带随机数", "without a nonce"});
  add_flag(command, context, "--no-certificate", options->no_certificate,
           {"不要求附带证书", "do not ask for the authority's certificate"});
  run_with(command, context, options, request);
}

void add_verify(CLI::App& group, Context& context) {
  auto options = std::make_shared<VerifyOptions>();
  const std::string_view examples =
      "  hutong timestamp verify bid.tsr --content bid.pdf --anchor tsa-root.cer\n"
      "  hutong timestamp verify bid.tsr --request bid.tsq --anchor tsa-root.cer --json";
  CLI::App* command = add_command(
      group, context,
      {"verify", {"验证时间戳响应或令牌", "verify a time stamp response or token"}, {examples, examples}});
  add_file(command, context, "FILE", options->file, {"时间戳响应或令牌", "the response or token"})
      ->required();
  add_file(command, context, "--content", options->content, {"加盖时间戳的原文", "what was stamped"});
  add_file(command, context, "--request", options->request,
           {"当初的请求（核对随机数与策略）", "the request (to compare nonce and policy)"});
  add_trust_options(*command, context, options->trust);
  run_with(command, context, options, verify);
}

}  // namespace

void add_timestamp_commands(CLI::App& app, Context& context) {
  CLI::App* group =
      add_group(app, context, "timestamp", {"时间戳：请求、验证", "time stamps: request, verify"});
  add_request(*group, context);
  add_verify(*group, context);
}

}  // namespace hutong::cli
