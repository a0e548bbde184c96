#include "ca/cmp/registration_enrolment.h"

#include <chrono>
#include <utility>

#include "base/encoding.h"
#include "ca/cmp/requested_subject.h"
#include "ca/registration/certificate_subject.h"
#include "ca/signing/certificate_repository.h"
#include "ca/signing/template_repository.h"

namespace hutong::ca {
namespace {

namespace registration = hutong::ca::registration;
using registration::NewOrder;
using registration::Order;
using registration::OrderKind;
using registration::OrderState;
using Stage = EnrolmentState::Stage;

registration::Doer doer_of(const CmpSender& sender) {
  registration::Doer doer;
  doer.actor.subject = sender.identity();
  if (sender.certificate) {
    doer.actor.fingerprint = to_hex(sender.certificate->sm3());
  }
  return doer;
}

registration::Entry entry_of(const CmpSender& sender) {
  return sender.automatic ? registration::Entry::kAutomatic : registration::Entry::kSubmit;
}

/// Days up to the end that was asked for, a begun one counted.
std::optional<std::uint32_t> days_until(const std::optional<Time>& end, Time now) {
  if (!end || *end <= now) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::days>(*end - now).count());
}

/// Clients of CMP are told apart from those of the REST profile.
constexpr std::string_view kClientPrefix = "cmp:";

std::string client_of_order(const CmpSender& sender) {
  return sender.client.empty() ? std::string() : std::string(kClientPrefix) + sender.client;
}

Stage stage_of(OrderState state) {
  switch (state) {
    case OrderState::kIssued:
    case OrderState::kDelivered:
    case OrderState::kDone:
      return Stage::kIssued;
    case OrderState::kRefused:
    case OrderState::kCancelled:
      return Stage::kRefused;
    case OrderState::kEntered:
    case OrderState::kSubmitted:
    case OrderState::kApproved:
      break;
  }
  return Stage::kWaiting;
}

OrderKind kind_for(x509::CrlReason reason) {
  switch (reason) {
    case x509::CrlReason::kCertificateHold:
      return OrderKind::kSuspension;
    case x509::CrlReason::kRemoveFromCrl:
      return OrderKind::kRelease;
    default:
      return OrderKind::kRevocation;
  }
}

}  // namespace

Result<NewOrder> RegistrationEnrolment::application(const EnrolmentWish& wish,
                                                    const CmpSender& sender) const {
  HUTONG_TRY(const auto made, [&]() -> Result<CertificateTemplate> {
    HUTONG_TRY(auto reader, system_->database().read());
    return TemplateRepository::find(reader, wish.template_id);
  }());
  HUTONG_TRY(auto subject, requested_subject(wish.subject.value_or(x509::Name()), wish.extensions, made));
  auto applicant = registration::applicant_of(subject);
  if (applicant.number.empty()) {
    applicant.name = sender.organization;
    applicant.number = sender.organization_number;
  }
  NewOrder order;
  order.kind = OrderKind::kApplication;
  order.applicant = std::move(applicant);
  order.template_id = wish.template_id;
  order.subject = std::move(subject);
  return order;
}

Result<NewOrder> RegistrationEnrolment::renewal(const EnrolmentWish& wish, const CmpSender&) const {
  HUTONG_TRY(const auto record, [&]() -> Result<CertificateRecord> {
    HUTONG_TRY(auto reader, system_->database().read());
    return CertificateRepository::find(reader, *wish.renewed);
  }());
  HUTONG_TRY(const auto old, x509::Certificate::parse(record.der));
  if (wish.subject && !(*wish.subject == old.subject())) {
    return Error{Errc::kPolicy, "cmp.template", "a renewal keeps the subject"};
  }
  NewOrder order;
  order.kind = OrderKind::kRenewal;
  order.target = wish.renewed;
  return order;
}

Result<EnrolmentState> RegistrationEnrolment::apply(const EnrolmentWish& wish, const CmpSender& sender) {
  HUTONG_TRY(NewOrder wanted, wish.renewed ? renewal(wish, sender) : application(wish, sender));
  wanted.request = wish.proof;
  wanted.proven_key = wish.key;
  wanted.days = days_until(wish.not_after, system_->clock().now());
  wanted.entry = entry_of(sender);
  wanted.client = client_of_order(sender);
  wanted.idempotency_key = "cmp:" + wish.transaction;
  const registration::Doer doer = doer_of(sender);
  HUTONG_TRY(auto entered, system_->desk().enter(wanted, doer));
  HUTONG_TRY(const Order order, made(std::move(entered.order), doer));
  return state_of(order);
}

Result<Order> RegistrationEnrolment::made(Order order, const registration::Doer& doer) const {
  if (order.state != OrderState::kApproved) {
    return order;
  }
  auto outcomes = system_->maker().make(std::span(&order.id, 1), doer);
  registration::MadeOrder& outcome = outcomes.at(0);
  if (outcome.order) {
    return std::move(*outcome.order);
  }
  if (outcome.problem && outcome.problem->code != Errc::kUnavailable) {
    return std::move(*outcome.problem);
  }
  return order;
}

Result<EnrolmentState> RegistrationEnrolment::state_of(const Order& order) const {
  EnrolmentState state;
  state.order = order.id;
  state.stage = stage_of(order.state);
  state.reason = "the order was refused";
  if (state.stage != Stage::kIssued || !order.issued_signing) {
    return state;
  }
  HUTONG_TRY(auto reader, system_->database().read());
  HUTONG_TRY(const auto signing, CertificateRepository::find(reader, *order.issued_signing));
  HUTONG_TRY(state.certificate, x509::Certificate::parse(signing.der));
  if (order.issued_encryption) {
    HUTONG_TRY(const auto encryption, CertificateRepository::find(reader, *order.issued_encryption));
    HUTONG_TRY(state.encryption, x509::Certificate::parse(encryption.der));
    state.enveloped_key = order.enveloped_key;
  }
  return state;
}

Result<EnrolmentState> RegistrationEnrolment::poll(const std::string& order) {
  HUTONG_TRY(Order found, system_->desk().find(order));
  if (found.problem) {  // whoever tried to make it was allowed to: once more, the key centre may be back
    const registration::Doer doer{found.entered_by};
    HUTONG_TRY(found, made(std::move(found), doer));
  }
  return state_of(found);
}

Status RegistrationEnrolment::confirm(const std::string& order, const CmpSender& sender) {
  HUTONG_TRY(const Order found, system_->desk().find(order));
  if (found.state != OrderState::kIssued) {
    return ok();
  }
  HUTONG_CHECK(system_->desk().deliver({.order = found.id, .version = found.version, .note = "certConf"},
                                       doer_of(sender)));
  return ok();
}

Status RegistrationEnrolment::reject(const std::string& order, const CmpSender& sender) {
  HUTONG_TRY(const Order found, system_->desk().find(order));
  if (!found.issued_signing) {
    return ok();
  }
  return revoke(*found.issued_signing, x509::CrlReason::kCessationOfOperation, sender);
}

Status RegistrationEnrolment::revoke(const x509::Serial& serial, x509::CrlReason reason,
                                     const CmpSender& sender) {
  NewOrder wanted;
  wanted.kind = kind_for(reason);
  wanted.target = serial;
  wanted.entry = registration::Entry::kAutomatic;
  wanted.client = client_of_order(sender);
  if (wanted.kind == OrderKind::kRevocation) {
    wanted.reason = reason;
  }
  const registration::Doer doer = doer_of(sender);
  HUTONG_TRY(auto entered, system_->desk().enter(wanted, doer));
  const std::string id = entered.order.id;
  auto outcomes = system_->maker().make(std::span(&id, 1), doer);
  return outcomes.at(0).problem ? Status(std::move(*outcomes.at(0).problem)) : ok();
}

Result<std::string> RegistrationEnrolment::client_of(const x509::Serial& serial) {
  HUTONG_TRY(const auto record, [&]() -> Result<CertificateRecord> {
    HUTONG_TRY(auto reader, system_->database().read());
    return CertificateRepository::find(reader, serial);
  }());
  if (record.order.empty()) {
    return std::string();
  }
  HUTONG_TRY(const Order order, system_->desk().find(record.order));
  return order.client.starts_with(kClientPrefix) ? order.client.substr(kClientPrefix.size()) : std::string();
}

}  // namespace hutong::ca
