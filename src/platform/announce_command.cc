#include "base/file.h"
#include "platform/commands.h"
#include "platform/trust/list_signer.h"
#include "recognition/list_signers.h"
#include "x509/input.h"

namespace hutong::platform {
namespace {

constexpr std::size_t kMostNextSigner = 1 << 20;

Result<Time> time_or(const std::string& text, Time otherwise) {
  if (text.empty()) {
    return otherwise;
  }
  const auto time = from_rfc3339(text);
  if (!time) {
    return Error{Errc::kMalformed, "announcement.time", text + " is no time as 2028-05-31T00:00:00Z"};
  }
  return *time;
}

}  // namespace

Status announce_signer(const Config& config, const AnnounceOptions& options, const Clock& clock) {
  if (config.trust_signer_key.empty()) {
    return Error{Errc::kMalformed, "config.trust_signer", "configuration: there is no trust_signer.key"};
  }
  HUTONG_TRY(const auto signer, ListSigner::load({.key = config.trust_signer_key,
                                                  .password_file = config.trust_signer_password,
                                                  .announcements = {}}));
  HUTONG_TRY(const Bytes file, read_file(options.next, kMostNextSigner));
  HUTONG_TRY(auto next, x509::read_certificate(file));
  const Time now = clock.now();
  HUTONG_TRY(const Time from, time_or(options.from, now));
  HUTONG_TRY(const Time until, time_or(options.until, signer.certificate().not_after()));
  if (until <= from) {
    return Error{Errc::kMalformed, "announcement.time", "the announcement would end before it begins"};
  }
  HUTONG_TRY(const Bytes message,
             recognition::write_announcement({.next = std::move(next), .from = from, .until = until},
                                             signer.key(), signer.certificate(), now));
  return write_file(options.output, message);
}

}  // namespace hutong::platform
