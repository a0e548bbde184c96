#include "platform/validation/validation_room.h"

#include <string>
#include <utility>

#include "net/log.h"

namespace hutong::platform {

Result<std::unique_ptr<ValidationRoom>> ValidationRoom::open(const Settings& settings, const Clock& clock) {
  std::unique_ptr<ValidationRoom> room(new ValidationRoom(clock));
  HUTONG_TRY(room->reports_, ReportStore::open(settings.reports_folder, settings.reports));
  const auto folder =
      room->reports_->keeps() ? settings.reports_folder / "evidence" : std::filesystem::path();
  HUTONG_TRY(room->evidence_, EvidenceStore::open(folder, settings.keep_evidence_for, clock));
  if (!settings.signer_key.empty()) {
    HUTONG_TRY(auto signer, SigningIdentity::load(settings.signer_key, settings.signer_password));
    room->signer_.emplace(std::move(signer));
    HUTONG_CHECK(room->evidence_->keep_reporter(room->signer_->certificate()));
  }
  return room;
}

void ValidationRoom::keep_list(ByteView file, const x509::Certificate& signer) {
  if (const auto kept = evidence_->keep_list(file, signer); !kept) {
    net::log(net::LogLevel::kError, "trust_list.not_kept", {{"detail", kept.error().detail}});
  }
}

void ValidationRoom::begin(const Judgement& judgement) {
  create_ =
      std::make_unique<CreateValidation>(CreateValidation::Parts{.trust = judgement.trust,
                                                                 .reports = *reports_,
                                                                 .evidence = *evidence_,
                                                                 .metrics = judgement.metrics,
                                                                 .clock = *clock_,
                                                                 .signer = signer_ ? &*signer_ : nullptr,
                                                                 .sources = judgement.sources});
  batch_ = std::make_unique<ValidateBatch>(*create_);
  show_ = std::make_unique<ShowValidation>(*reports_);
  show_signed_ = std::make_unique<ShowSignedValidation>(*reports_);
  recompute_ = std::make_unique<Recompute>(*reports_, *evidence_, *clock_);
}

void ValidationRoom::add_routes(net::Router& router, std::size_t upload_limit) const {
  const auto add = [&router](net::Method method, std::string pattern, std::size_t most, const auto& handler) {
    router.add({.method = method,
                .pattern = std::move(pattern),
                .weight = net::Weight::kHeavy,
                .body_limit = most,
                .handler = [&handler](const net::Request& request) { return net::serve(handler, request); }});
  };
  add(net::Method::kPost, "/api/v1/validations", upload_limit, *create_);
  add(net::Method::kPost, "/api/v1/validation-batches", upload_limit, *batch_);
  add(net::Method::kPost, "/api/v1/recomputations", upload_limit, *recompute_);
  add(net::Method::kGet, "/api/v1/validations/{id}", 0, *show_);
  add(net::Method::kGet, "/api/v1/validations/{id}/signed", 0, *show_signed_);
}

}  // namespace hutong::platform
