#include "agent/agent_trust.h"

#include <utility>

#include "base/file.h"
#include "x509/input.h"

namespace hutong::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostAnchorFile = std::size_t{16} << 20;
constexpr std::size_t kMostList = std::size_t{64} << 20;

Status add_anchors(const fs::path& path, std::vector<x509::TrustAnchor>& anchors) {
  for (const fs::path& file : anchor_files(path)) {
    HUTONG_TRY(const Bytes content, read_file(file, kMostAnchorFile));
    HUTONG_TRY(const auto certificates, x509::read_certificates(content));
    for (const auto& certificate : certificates.certificates) {
      HUTONG_TRY(auto anchor, x509::TrustAnchor::of(certificate));
      anchors.push_back(std::move(anchor));
    }
  }
  return ok();
}

}  // namespace

std::vector<fs::path> anchor_files(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    return {path};
  }
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path, error)) {
    if (entry.is_regular_file(error)) {
      files.push_back(entry.path());
    }
  }
  return files;
}

Result<std::unique_ptr<const AgentTrust>> AgentTrust::load(const TrustPaths& paths, Time now) {
  auto trust = std::make_unique<AgentTrust>();
  for (const fs::path& path : paths.anchors) {
    HUTONG_CHECK(add_anchors(path, trust->anchors_));
  }
  if (paths.list.empty() != paths.list_signer.empty()) {
    return Error{Errc::kMalformed, "config.trust", "a trust list needs the certificate of whoever signs it"};
  }
  if (!paths.list.empty()) {
    HUTONG_TRY(const Bytes signer_file, read_file(paths.list_signer, kMostAnchorFile));
    HUTONG_TRY(const auto signer, x509::read_certificate(signer_file));
    HUTONG_TRY(const Bytes list, read_file(paths.list, kMostList));
    trust->list_ = recognition::load_trust_list(list, signer, now);
  }
  return std::unique_ptr<const AgentTrust>(std::move(trust));
}

recognition::RecognitionReport AgentTrust::judge(ByteView certificate, std::vector<ByteView> chain,
                                                 Time now) const {
  recognition::Trust trust{.list = list_ ? &*list_ : nullptr, .now = now, .anchors = anchors_};
  recognition::Question question{.file = certificate, .chain = std::move(chain), .at = now};
  return recognition::judge(question, trust);
}

cms::TrustContext AgentTrust::context(Time now) const {
  cms::TrustContext context{.anchors = anchors_};
  if (list_ && list_->state(now) == recognition::TrustListState::kCurrent) {
    context.anchors = list_->list->anchors();
    context.intermediates = list_->list->intermediates();
  }
  return context;
}

}  // namespace hutong::agent
