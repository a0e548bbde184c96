#include "recognition/internal/session.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "recognition/internal/vendor_quirks.h"
#include "recognition/recognition_findings.h"

namespace hutong::recognition::internal {
namespace {

using x509::Finding;

std::string place(std::size_t index) { return "chain[" + std::to_string(index) + "]"; }

TrustListFacts facts_of(const TrustList& list) {
  const TrustListContent& content = list.content();
  return {.number = content.number,
          .sm3 = list.sm3(),
          .issued_at = content.issued_at,
          .next_update = content.next_update,
          .operator_zh = content.operator_zh,
          .operator_en = content.operator_en};
}

RevocationUsed describe(const x509::Crl& crl, std::string used_for) {
  return {.type = crl.is_delta() ? RevocationUsed::Type::kDeltaCrl : RevocationUsed::Type::kCrl,
          .issuer = crl.issuer().to_string(),
          .this_update = crl.this_update(),
          .next_update = crl.next_update(),
          .number = crl.number() ? crl.number()->to_hex() : std::string(),
          .sm3 = crl.sm3(),
          .used_for = std::move(used_for)};
}

RevocationUsed describe(const x509::OcspResponse& response, std::string used_for) {
  const auto* name = std::get_if<x509::Name>(&response.responder());
  const bool has_answer = !response.responses().empty();
  return {.type = RevocationUsed::Type::kOcsp,
          .issuer = name != nullptr ? name->to_string() : std::string(),
          .this_update = has_answer ? response.responses().front().this_update : response.produced_at(),
          .next_update = has_answer ? response.responses().front().next_update : std::nullopt,
          .number = {},
          .sm3 = crypto::sm3(response.der()),
          .used_for = std::move(used_for)};
}

template <typename T>
void append(std::span<const T> more, std::vector<T>& all) {
  all.insert(all.end(), more.begin(), more.end());
}

const x509::FindingKind& kind_of(TrustListState state) {
  switch (state) {
    case TrustListState::kExpired:
      return findings::kListExpired;
    case TrustListState::kBadSignature:
      return findings::kListBadSignature;
    case TrustListState::kMalformed:
      return findings::kListMalformed;
    default:
      return findings::kListMissing;
  }
}

}  // namespace

Session::Session(const Question& question, const Trust& trust, Detected detected)
    : question_(question),
      trust_(trust),
      detected_(std::move(detected)),
      list_(trust.list != nullptr ? trust.list->list.get() : nullptr) {
  report_.kind = detected_.kind;
  report_.at = question.at;
  report_.file = {.name = question.file_name,
                  .size = question.file.size(),
                  .sm3 = crypto::sm3(question.file),
                  .encoding = detected_.encoding};
  report_.quirks = detected_.quirks;
  read_companions();
}

void Session::add(const x509::FindingKind& kind, std::string where, std::vector<std::string> arguments) {
  report_.findings.emplace_back(kind, std::move(where), std::move(arguments));
}

void Session::add(const std::vector<Finding>& findings) {
  report_.findings.insert(report_.findings.end(), findings.begin(), findings.end());
}

void Session::add_unreadable(const Error& error) {
  add(findings::kInputUnreadable, "file", {std::string(error.reason), error.detail});
}

void Session::read_companions() {
  for (const Bytes& der : detected_.certificates) {
    add_companion_certificate(der, companions_.size() + 1);
  }
  for (const Bytes& der : detected_.crls) {
    if (auto crl = x509::Crl::parse(der)) {
      companion_crls_.push_back(std::move(*crl));
    }
  }
  for (std::size_t i = 0; i < question_.chain.size(); ++i) {
    read_companion(question_.chain[i], i + 1);
  }
}

void Session::read_companion(ByteView file, std::size_t number) {
  const Detected found = detect(file);
  if (found.kind == Kind::kCertificate) {
    add_companion_certificate(found.object, number);
  } else if (found.kind == Kind::kCertificateBundle) {
    for (const Bytes& der : found.certificates) {
      add_companion_certificate(der, number);
    }
  } else if (found.kind == Kind::kCrl) {
    if (auto crl = x509::Crl::parse(found.object)) {
      companion_crls_.push_back(std::move(*crl));
    }
  } else if (found.kind == Kind::kOcspResponse) {
    if (auto response = x509::OcspResponse::parse(found.object)) {
      companion_responses_.push_back(std::move(*response));
    }
  } else {
    add(findings::kCompanionUnreadable, "file", {std::to_string(number), std::string(to_string(found.kind))});
  }
}

void Session::add_companion_certificate(ByteView der, std::size_t number) {
  auto certificate = read_certificate(der, list_);
  if (certificate) {
    companions_.push_back(std::move(*certificate));
  } else {
    add(findings::kCompanionUnreadable, "file",
        {std::to_string(number), std::string(certificate.error().reason)});
  }
}

/// What the caller handed over as it is, and what came along.
Session::Known Session::known_to_caller() const {
  Known known;
  append(trust_.anchors, known.anchors);
  append(trust_.intermediates, known.intermediates);
  append(trust_.crls, known.crls);
  append<x509::Crl>(companion_crls_, known.crls);
  append(trust_.ocsp_responses, known.ocsp_responses);
  append<x509::OcspResponse>(companion_responses_, known.ocsp_responses);
  return known;
}

Session::Known Session::known_for(std::vector<x509::Name> issuers) const {
  for (const auto& certificate : companions_) {
    issuers.push_back(certificate.issuer());
  }
  for (const auto& certificate : trust_.intermediates) {
    issuers.push_back(certificate.issuer());
  }
  if (trust_.revocation != nullptr) {
    trust_.revocation->add_indirect_issuers(issuers);
  }
  Known known = known_to_caller();
  NameSet names(issuers.begin(), issuers.end());
  if (list_ != nullptr) {
    auto candidates = list_->candidates_for(std::move(issuers));
    append<x509::TrustAnchor>(candidates.anchors, known.anchors);
    append<x509::Certificate>(candidates.intermediates, known.intermediates);
    names = std::move(candidates.names);
  }
  if (trust_.revocation != nullptr) {
    const std::size_t other_crls = known.crls.size();
    const std::size_t other_responses = known.ocsp_responses.size();
    trust_.revocation->add_crls_for(names, known.crls);
    trust_.revocation->add_responses_for(names, known.ocsp_responses);
    consider(std::span(known.crls).subspan(other_crls),
             std::span(known.ocsp_responses).subspan(other_responses));
  }
  return known;
}

void Session::consider(std::span<const x509::Crl> crls, std::span<const x509::OcspResponse> responses) const {
  considered_.insert(considered_.end(), crls.begin(), crls.end());
  considered_.insert(considered_.end(), responses.begin(), responses.end());
}

Session::Known Session::known_about(std::span<const x509::Certificate> certificates) const {
  std::vector<x509::Name> names;
  for (const auto& certificate : certificates) {
    names.push_back(certificate.subject());
    names.push_back(certificate.issuer());
  }
  return known_for(std::move(names));
}

bool Session::has_memory() const {
  return trust_.paths != nullptr && companions_.empty() && companion_crls_.empty() &&
         companion_responses_.empty() && trust_.anchors.empty() && trust_.intermediates.empty() &&
         trust_.crls.empty() && trust_.ocsp_responses.empty();
}

std::shared_ptr<const x509::VerifyReport> Session::remembered(const x509::Certificate& leaf, Time at) const {
  const auto answer = has_memory() ? trust_.paths->find({leaf.sm3(), at, question_.revocation}) : nullptr;
  if (answer == nullptr) {
    return nullptr;
  }
  considered_.insert(considered_.end(), answer->considered.begin(), answer->considered.end());
  return {answer, &answer->report};
}

void Session::remember(const x509::Certificate& leaf, Time at, const x509::VerifyReport& report) const {
  if (has_memory()) {
    trust_.paths->add({leaf.sm3(), at, question_.revocation}, {report, considered_});
  }
}

void Session::gather_candidates(std::vector<x509::Name> issuers) {
  known_ = known_for(std::move(issuers));
  known_.intermediates.insert(known_.intermediates.begin(), companions_.begin(), companions_.end());
}

void Session::gather_all_candidates() {
  known_ = known_to_caller();
  known_.intermediates.insert(known_.intermediates.begin(), companions_.begin(), companions_.end());
  if (list_ != nullptr) {
    append<x509::TrustAnchor>(list_->anchors(), known_.anchors);
    append<x509::Certificate>(list_->intermediates(), known_.intermediates);
  }
  if (trust_.revocation != nullptr) {
    append<x509::Crl>(trust_.revocation->crls(), known_.crls);
    append<x509::OcspResponse>(trust_.revocation->ocsp_responses(), known_.ocsp_responses);
    consider(trust_.revocation->crls(), trust_.revocation->ocsp_responses());
  }
}

std::vector<x509::Certificate> Session::certificates_named(const x509::Name& subject) const {
  std::vector<x509::Certificate> found;
  const auto take = [&](const x509::Certificate& certificate) {
    if (certificate.subject() == subject && std::ranges::find(found, certificate) == found.end()) {
      found.push_back(certificate);
    }
  };
  for (const auto& anchor : known_.anchors) {
    if (anchor.certificate) {
      take(*anchor.certificate);
    }
  }
  std::ranges::for_each(known_.intermediates, take);
  return found;
}

x509::VerifyReport Session::verify(const x509::Certificate& leaf, std::optional<asn1::Oid> purpose) const {
  return x509::verify_chain({.leaf = leaf,
                             .at = question_.at,
                             .anchors = known_.anchors,
                             .intermediates = known_.intermediates,
                             .crls = known_.crls,
                             .ocsp_responses = known_.ocsp_responses,
                             .revocation = question_.revocation,
                             .purpose = purpose,
                             .budget = question_.budget,
                             .cache = trust_.cache});
}

std::vector<ChainElement> Session::chain_of(const x509::VerifyReport& verified) const {
  std::vector<ChainElement> chain;
  for (std::size_t i = 0; i < verified.path.size(); ++i) {
    const bool is_anchor = verified.anchor.has_value() && i + 1 == verified.path.size();
    const Role role = is_anchor ? Role::kAnchor : (i == 0 ? Role::kEndEntity : Role::kIntermediate);
    chain.push_back({.role = role,
                     .certificate = verified.path[i].certificate,
                     .revocation = verified.path[i].revocation,
                     .vendor = std::nullopt});
  }
  std::optional<VendorName> vendor;
  for (auto element = chain.rbegin(); list_ != nullptr && element != chain.rend(); ++element) {
    if (const Service* service = list_->find(element->certificate)) {
      vendor = VendorName{service->vendor_zh, service->vendor_en};
    }
    element->vendor = vendor;
  }
  return chain;
}

std::vector<Finding> Session::service_findings(const std::vector<ChainElement>& chain, Time at) const {
  std::vector<Finding> found;
  for (std::size_t i = 0; list_ != nullptr && i < chain.size(); ++i) {
    const Service* service = list_->find(chain[i].certificate);
    if (service == nullptr) {
      continue;
    }
    const auto status = service->status_at(at);
    if (!status) {
      found.emplace_back(findings::kServiceNotYet, place(i), std::vector{service->name_zh});
    } else if (*status == ServiceStatus::kSuspended) {
      found.emplace_back(findings::kServiceSuspended, place(i), std::vector{service->name_zh});
    } else if (*status == ServiceStatus::kWithdrawn) {
      found.emplace_back(findings::kServiceWithdrawn, place(i), std::vector{service->name_zh});
    }
  }
  return found;
}

std::vector<Finding> Session::refused_quirks(const std::vector<ChainElement>& chain,
                                             const std::vector<Finding>& findings) const {
  std::vector<Finding> found;
  for (std::size_t i = 0; list_ != nullptr && i < chain.size(); ++i) {
    const Service* service = list_->find(chain[i].certificate);
    for (const auto& quirk : service != nullptr ? service->refused_quirks : std::vector<std::string>()) {
      const auto shown = std::ranges::find(findings, quirk, &Finding::code);
      if (shown != findings.end()) {
        found.emplace_back(findings::kQuirkRefused, shown->where(), std::vector{service->name_zh, quirk});
      }
    }
  }
  return found;
}

void Session::adopt(const x509::VerifyReport& verified) {
  report_.chain = chain_of(verified);
  add(verified.findings);
  add(service_findings(report_.chain, question_.at));
  add(refused_quirks(report_.chain, verified.findings));
  count_quirks(report_.chain);
  note_revocation(verified);
}

void Session::count_quirks(const std::vector<ChainElement>& chain) {
  for (const ChainElement& element : chain) {
    report_.quirks.add(element.certificate.quirks());
  }
}

cms::TrustContext Session::message_trust() const {
  return {
      .revocation = question_.revocation, .budget = question_.budget, .cache = trust_.cache, .source = this};
}

void Session::note_revocation(const x509::VerifyReport& verified) {
  for (std::size_t i = 0; i < verified.path.size(); ++i) {
    for (const auto& source : verified.path[i].revocation.sources) {
      report_.revocation.push_back(
          std::visit([&](const auto& object) { return describe(object, place(i)); }, source));
    }
  }
}

void Session::add_list_state() {
  if (trust_.list == nullptr) {
    return;
  }
  if (list_ != nullptr) {
    report_.trust_list = facts_of(*list_);
  }
  const TrustListState state = trust_.list->state(trust_.now);
  if (state == TrustListState::kExpired) {
    add(findings::kListExpired, "trust_list", {to_rfc3339(list_->content().next_update)});
  } else if (state != TrustListState::kCurrent) {
    add(kind_of(state), "trust_list");
  }
  if (state != TrustListState::kCurrent) {
    take_back_validity();
  }
}

/// Parts of a report have verdicts of their own; none may say valid without a current list.
void Session::take_back_validity() {
  const auto take_back = [](x509::Indication& indication) {
    if (indication == x509::Indication::kValid) {
      indication = x509::Indication::kIndeterminate;
    }
  };
  for (SignerFacts& signer : report_.signers) {
    take_back(signer.indication);
    if (signer.timestamp) {
      take_back(signer.timestamp->indication);
    }
  }
  if (report_.timestamp) {
    take_back(report_.timestamp->indication);
  }
}

RecognitionReport Session::finish() && {
  if (detected_.private_key) {
    add(findings::kPrivateKey, "file");
  }
  if (detected_.ignored > 0) {
    add(findings::kInputIgnored, "file", {std::to_string(detected_.ignored)});
  }
  add(x509::quirk_findings(detected_.quirks, "file"));
  add_list_state();
  std::ranges::stable_sort(report_.findings, std::ranges::greater{}, &Finding::severity);
  report_.indication = x509::indication_of(report_.findings);
  report_.considered = std::move(considered_);
  return std::move(report_);
}

}  // namespace hutong::recognition::internal
