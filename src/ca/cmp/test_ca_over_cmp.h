#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "ca/cmp/cmp_clients.h"
#include "ca/cmp/cmp_endpoint.h"
#include "ca/cmp/enrolment.h"
#include "ca/test_support.h"
#include "crypto/signature.h"
#include "net/server.h"

namespace hutong::ca::test {

template <typename T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().reason) + ": " + result.error().detail);
  }
  return std::move(result).value();
}

/// Issues at once, or after `waits` polls, from the signing system of a TestCa; keys of encryption
/// certificates are made here. Orders are in memory.
class DirectEnrolment final : public Enrolment {
 public:
  explicit DirectEnrolment(TestCa& ca) : ca_(&ca) {}
  Result<EnrolmentState> apply(const EnrolmentWish& wish, const CmpSender& sender) override;
  Result<EnrolmentState> poll(const std::string& order) override;
  Status confirm(const std::string& order, const CmpSender& sender) override;
  Status reject(const std::string& order, const CmpSender& sender) override;
  Status revoke(const x509::Serial& serial, x509::CrlReason reason, const CmpSender& sender) override;
  Result<std::string> client_of(const x509::Serial& serial) override;

  int waits = 0;
  bool refuses = false;
  int confirmed = 0;
  int rejected = 0;
  std::size_t orders() const { return states_.size(); }

 private:
  Result<EnrolmentState> issue(const EnrolmentWish& wish, const CertificateTemplate& made);
  Result<PreparedCertificate> encryption_certificate(const EnrolmentWish& wish,
                                                     const std::string& template_id, EnrolmentState& state);

  TestCa* ca_;
  std::map<std::string, EnrolmentState> states_;
  std::map<x509::Serial, std::string> clients_;
};

/// A TestCa with the CMP endpoint behind a server on a free port, an ECDSA key for signing its answers, and
/// one registered client: reference 3078, secret kSecret, all rights.
class CaOverCmp {
 public:
  static constexpr std::string_view kSecret = "a secret of the test, long enough";
  static constexpr std::string_view kReference = "3078";

  CaOverCmp();
  ~CaOverCmp();
  CaOverCmp(const CaOverCmp&) = delete;
  CaOverCmp& operator=(const CaOverCmp&) = delete;

  TestCa& ca() { return ca_; }
  DirectEnrolment& enrolment() { return enrolment_; }
  const CmpClients& clients() const { return *clients_; }
  const CmpEndpoint& endpoint() const { return *endpoint_; }
  const x509::Certificate& signer() const { return *signer_certificate_; }
  std::uint16_t port() const { return server_->port(); }
  CertificateState state_of(const x509::Serial& serial);
  std::size_t certificates();

 private:
  SystemClock clock_;
  TestCa ca_;
  MemoryKeyStore keys_;
  DirectEnrolment enrolment_{ca_};
  std::unique_ptr<CmpClients> clients_;
  std::shared_ptr<const crypto::Signer> signer_;
  std::unique_ptr<x509::Certificate> signer_certificate_;
  std::unique_ptr<CmpEndpoint> endpoint_;
  net::Router router_;
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

}  // namespace hutong::ca::test
