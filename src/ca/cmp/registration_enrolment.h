#pragma once

#include <string>

#include "ca/cmp/enrolment.h"
#include "ca/registration/registration_system.h"

namespace hutong::ca {

/// Enrolment through the orders of the registration system, which outlives it. A client's application is an
/// order of that client under the transaction's identifier as idempotency key; whether it is made at once or
/// waits for review, the client's right says. Renewals by a subscriber's own key and revocations are made at
/// once.
class RegistrationEnrolment final : public Enrolment {
 public:
  explicit RegistrationEnrolment(const registration::RegistrationSystem& system) : system_(&system) {}

  /// Besides the reasons of orders: kPolicy "cmp.template" (an attribute twice, other alternative names than
  /// DNS names and addresses of e-mail, a renewal under another name).
  Result<EnrolmentState> apply(const EnrolmentWish& wish, const CmpSender& sender) override;
  Result<EnrolmentState> poll(const std::string& order) override;
  Status confirm(const std::string& order, const CmpSender& sender) override;
  Status reject(const std::string& order, const CmpSender& sender) override;
  /// certificateHold suspends, removeFromCRL releases (RFC 9483 4.2).
  Status revoke(const x509::Serial& serial, x509::CrlReason reason, const CmpSender& sender) override;
  Result<std::string> client_of(const x509::Serial& serial) override;

 private:
  Result<registration::NewOrder> application(const EnrolmentWish& wish, const CmpSender& sender) const;
  Result<registration::NewOrder> renewal(const EnrolmentWish& wish, const CmpSender& sender) const;
  /// Makes what is approved; an order that cannot be made right now waits.
  Result<registration::Order> made(registration::Order order, const registration::Doer& doer) const;
  Result<EnrolmentState> state_of(const registration::Order& order) const;

  const registration::RegistrationSystem* system_;
};

}  // namespace hutong::ca
