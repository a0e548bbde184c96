#include "recognition/list_signers.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "base/stream.h"
#include "cms/sign.h"
#include "cms/verify.h"

namespace hutong::recognition {
namespace {

constexpr std::string_view kAnnouncementFormat = "hutong-list-signer/1";
constexpr std::size_t kMostAnnouncement = 64 * 1024;

Error wrong_announcement(std::string detail) {
  return {Errc::kMalformed, "trust_list.announcement", "announcement: " + std::move(detail)};
}

Result<std::string> text_of(const nlohmann::json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_string()) {
    return wrong_announcement(std::string(member) + " is missing or no text");
  }
  return found->get<std::string>();
}

Result<SignerAnnouncement> parse_announcement(std::string_view text) {
  const auto json = nlohmann::json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || json.value("format", nlohmann::json()) != kAnnouncementFormat) {
    return wrong_announcement("the content is of another format");
  }
  HUTONG_TRY(const auto base64, text_of(json, "certificate"));
  HUTONG_TRY(auto der, from_base64(base64));
  HUTONG_TRY(auto next, x509::Certificate::parse(std::move(der)));
  HUTONG_TRY(const auto from_text, text_of(json, "from"));
  HUTONG_TRY(const Time from, from_rfc3339(from_text));
  HUTONG_TRY(const auto until_text, text_of(json, "until"));
  HUTONG_TRY(const Time until, from_rfc3339(until_text));
  return SignerAnnouncement{.next = std::move(next), .from = from, .until = until};
}

}  // namespace

Result<Bytes> write_announcement(const SignerAnnouncement& announcement, const crypto::Signer& key,
                                 const x509::Certificate& signer, Time now) {
  const nlohmann::ordered_json json = {{"format", kAnnouncementFormat},
                                       {"certificate", to_base64(announcement.next.der())},
                                       {"from", to_rfc3339(announcement.from)},
                                       {"until", to_rfc3339(announcement.until)}};
  const std::string text = json.dump(1) + "\n";
  const std::vector<cms::MessageSigner> signers = {{.key = key, .certificate = signer}};
  cms::SignOptions options;
  options.signing_time = now;
  return cms::sign_attached(as_bytes(text), signers, options);
}

Result<SignerAnnouncement> read_announcement(ByteView message, const x509::Certificate& signer, Time now) {
  MemorySink json(kMostAnnouncement);
  const std::vector<x509::Certificate> known = {signer};
  HUTONG_TRY(const auto report,
             cms::verify_message(message, {.at = now, .certificates = known, .content = &json}));
  const bool is_theirs = !report.detached && report.signers.size() == 1 &&
                         report.signers.front().signature_verified && report.signers.front().certificate &&
                         *report.signers.front().certificate == signer &&
                         report.indication() != x509::Indication::kInvalid;
  if (!is_theirs || now < signer.not_before() || now > signer.not_after()) {
    return Error{Errc::kCryptoFail, "trust_list.announcement", "not signed by a list signer who may"};
  }
  return parse_announcement(as_text(json.content()));
}

bool is_announced(const x509::Certificate& known, const x509::Certificate& signer,
                  std::span<const Bytes> announcements, Time now) {
  const auto looked_at = announcements.first(std::min(announcements.size(), kMostAnnouncements));
  std::vector<x509::Certificate> reached = {known};
  for (std::size_t i = 0; i < reached.size() && reached.size() <= kMostAnnouncements; ++i) {
    for (const Bytes& message : looked_at) {
      auto announcement = read_announcement(message, reached[i], now);
      if (!announcement || now < announcement->from || now > announcement->until) {
        continue;
      }
      if (announcement->next == signer) {
        return true;
      }
      if (std::ranges::find(reached, announcement->next) == reached.end()) {
        reached.push_back(std::move(announcement->next));
      }
    }
  }
  return false;
}

}  // namespace hutong::recognition
