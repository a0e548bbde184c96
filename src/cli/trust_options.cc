#include "cli/trust_options.h"

#include <CLI/CLI.hpp>

#include "cli/files.h"
#include "cli/progress.h"

namespace hutong::cli {
namespace {

x509::RevocationMode mode_of(const std::string& word) {
  if (word == "require") {
    return x509::RevocationMode::kRequire;
  }
  return word == "none" ? x509::RevocationMode::kNone : x509::RevocationMode::kPrefer;
}

Result<std::vector<x509::TrustAnchor>> anchors_from(const std::vector<x509::Certificate>& certificates) {
  std::vector<x509::TrustAnchor> anchors;
  for (const auto& certificate : certificates) {
    HUTONG_TRY(auto anchor, x509::TrustAnchor::of(certificate));
    anchors.push_back(std::move(anchor));
  }
  return anchors;
}

Result<std::vector<x509::OcspResponse>> load_ocsp(const std::vector<std::string>& paths) {
  std::vector<x509::OcspResponse> responses;
  for (const auto& path : paths) {
    HUTONG_TRY(const auto der, load_object(path, x509::InputKind::kOcspResponse));
    HUTONG_TRY(auto response, x509::OcspResponse::parse(der));
    responses.push_back(std::move(response));
  }
  return responses;
}

Result<recognition::LoadedTrustList> load_list(const TrustOptions& options, Time now) {
  if (options.trust_list_signer.empty()) {
    return usage_error("usage.trust_list_signer",
                       "--trust-list needs --trust-list-signer, the certificate of whoever signs the list");
  }
  HUTONG_TRY(const auto signer, load_certificates(options.trust_list_signer));
  HUTONG_TRY(const auto file, FileContent::open(options.trust_list));
  return recognition::load_trust_list(file.view(), signer.front(), now);
}

}  // namespace

void add_trust_options(CLI::App& command, const Context& context, TrustOptions& options) {
  const auto list = [&](const char* name, std::vector<std::string>& values, const Text& text) {
    command.add_option(name, values, std::string(context.text(text)))
        ->type_name("FILE")
        ->allow_extra_args(false)
        ->group(std::string(context.text({"信任", "Trust"})));
  };
  const auto single = [&](const char* name, std::string& value, const char* type, const Text& text) {
    return command.add_option(name, value, std::string(context.text(text)))
        ->type_name(type)
        ->group(std::string(context.text({"信任", "Trust"})));
  };
  list("--anchor", options.anchors,
       {"信任锚证书（文件或目录，可重复）", "trust anchors (file or folder, repeatable)"});
  list("--chain", options.chain,
       {"中间证书（文件或目录，可重复）", "more certificates (file or folder, repeatable)"});
  list("--crl", options.crls, {"证书撤销列表（可重复）", "revocation lists (repeatable)"});
  list("--ocsp", options.ocsp, {"OCSP 响应（可重复）", "OCSP responses (repeatable)"});
  single("--trust-list", options.trust_list, "FILE", {"签名的信任列表", "a signed trust list"});
  single("--trust-list-signer", options.trust_list_signer, "FILE",
         {"信任列表签名者的证书", "the certificate of its signer"});
  single("--at", options.at, "TIME",
         {"验证时间，如 2026-06-01T08:00:00+08:00（默认当前）",
          "the time in question, e.g. 2026-06-01T08:00:00+08:00 (default: now)"});
  single("--revocation", options.revocation, "MODE",
         {"撤销检查：require 必须、prefer 尽量（默认）、none 不查",
          "revocation: require, prefer (default) or none"})
      ->check(CLI::IsMember({"require", "prefer", "none"}))
      ->type_name("MODE");
}

Result<TrustInputs> TrustInputs::load(const TrustOptions& options, const Context& context) {
  TrustInputs inputs;
  inputs.now_ = context.now;
  inputs.at_ = context.now;
  if (!options.at.empty()) {
    HUTONG_TRY(inputs.at_, from_rfc3339(options.at));
  }
  inputs.revocation_ = mode_of(options.revocation);
  HUTONG_TRY(const auto anchors, load_certificates(options.anchors));
  HUTONG_TRY(inputs.anchors_, anchors_from(anchors));
  HUTONG_TRY(inputs.chain_, load_certificates(options.chain));
  HUTONG_TRY(inputs.crls_, load_crls(options.crls));
  HUTONG_TRY(inputs.ocsp_, load_ocsp(options.ocsp));
  if (!options.trust_list.empty()) {
    HUTONG_TRY(inputs.list_, load_list(options, context.now));
  }
  return inputs;
}

recognition::Trust TrustInputs::trust() const {
  return {.list = list_ ? &*list_ : nullptr,
          .now = now_,
          .anchors = anchors_,
          .intermediates = chain_,
          .crls = crls_,
          .ocsp_responses = ocsp_,
          .cache = nullptr};
}

Result<recognition::RecognitionReport> judge_file(const Context& context, const TrustInputs& trust,
                                                  const std::string& file, const std::string& content) {
  HUTONG_TRY(const auto octets, FileContent::open(file));
  std::optional<FileContent> beside;
  if (!content.empty()) {
    HUTONG_TRY(beside, FileContent::open(content));
  }
  const Progress progress(context, std::string(context.text({"正在验证", "verifying"})));
  recognition::Question question{.file = octets.view()};
  question.file_name = file == "-" ? std::string() : std::filesystem::path(file).filename().string();
  if (beside) {
    question.content = beside->view();
  }
  question.at = trust.at();
  question.revocation = trust.revocation();
  return recognition::judge(question, trust.trust());
}

}  // namespace hutong::cli
