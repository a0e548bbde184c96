// Any octets get an answer as a message: a report or a named error. Nothing is judged valid but the content
// that the seeds sign; reading in small pieces gives the same as reading at once; an enveloped key opens to
// its own public key or not at all.

#include <algorithm>

#include "cms/enveloped_key.h"
#include "cms/signed_data.h"
#include "cms/signed_envelope.h"
#include "cms/verify.h"
#include "crypto/sm3.h"
#include "fuzz/cms_identities.h"
#include "fuzz/property.h"

namespace hutong::fuzz {
namespace {

constexpr std::string_view kSignedContent = "hello GM/T 0010";

/// A few octets at a time, of changing number.
class Drip final : public ByteSource {
 public:
  explicit Drip(ByteView content) : content_(content) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    const std::size_t count = std::min({out.size(), content_.size() - at_, std::size_t{1} + at_ % 7});
    std::ranges::copy(content_.subspan(at_, count), out.begin());
    at_ += count;
    return count;
  }

 private:
  ByteView content_;
  std::size_t at_ = 0;
};

class Collector final : public cms::ContentObserver {
 public:
  Status begin(const cms::SignedData&) override { return ok(); }
  Status write(ByteView piece) override {
    append(content, piece);
    return ok();
  }
  Bytes content;
};

void check_reading(ByteView input) {
  Bytes at_once;
  const auto whole = cms::read_signed_data(input, &at_once);
  Drip drip(input);
  Collector collector;
  const auto pieces = cms::read_signed_data(drip, collector);
  require(whole.has_value() == pieces.has_value(), "pieces are accepted exactly when the whole is");
  require(at_once == collector.content, "the content does not depend on the pieces");
  if (whole) {
    require(whole->content_size == at_once.size(), "the size is that of the content");
    require(whole->signers.size() == pieces->signers.size(), "signers do not depend on the pieces");
  } else {
    require(whole.error().reason == pieces.error().reason, "reasons do not depend on the pieces");
  }
}

void require_known_content(const cms::SignedMessageReport& report) {
  if (report.indication() != x509::Indication::kValid || !cms::is_data(report.content_type)) {
    return;
  }
  require(equal(report.content_sm3, crypto::sm3(as_bytes(kSignedContent))),
          "only what was signed is judged valid");
}

void check_judging(ByteView input) {
  const auto report = cms::verify_message(input, judgement().options);
  require(report.has_value(), "a message in memory gets a report");
  require_known_content(*report);
  const auto detached = cms::verify_detached(input, as_bytes("other content"), judgement().options);
  require(detached.has_value(), "a detached signature in memory gets a report");
  require(detached->indication() != x509::Indication::kValid, "a signature is not valid for other content");
}

void check_opening(ByteView input) {
  static const auto key = private_key(kRecipientKey);
  const cms::Sm2KeyOpener opener(key);
  const auto opened = cms::open_envelope(input, {opener});
  require(opened || opened.error().code != Errc::kInternal, "a refusal says why");
  const auto both = cms::open_and_verify(input, {opener}, judgement().options);
  if (both) {
    require_known_content(both->report);
  }
}

void check_enveloped_key(ByteView input) {
  static const auto holder = private_key(kSignerKey);
  const auto key = cms::unwrap_key_pair(input, cms::Sm2KeyOpener(holder));
  if (key) {
    const auto named = cms::enveloped_public_key(input);
    require(named && *named == key->public_key(), "an enveloped key is its public key's");
  }
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hutong::ByteView input(data, size);
  hutong::fuzz::check_reading(input);
  hutong::fuzz::check_judging(input);
  hutong::fuzz::check_opening(input);
  hutong::fuzz::check_enveloped_key(input);
  return 0;
}
