#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/time.h"
#include "net/client.h"
#include "net/json.h"
#include "net/server.h"
#include "operators/certificate_policy.h"
#include "tests/tools/test_ca.h"

/// For the HTTP tests of programs with operators. Everything throws when it cannot do what it is told.
namespace hutong::test {

/// A clock that a test moves; any thread.
class MovableClock final : public Clock {
 public:
  explicit MovableClock(Time time) : time_(time) {}
  Time now() const override {
    const std::lock_guard lock(mutex_);
    return time_;
  }
  void move(std::chrono::seconds by) {
    const std::lock_guard lock(mutex_);
    time_ += by;
  }

 private:
  mutable std::mutex mutex_;
  Time time_;
};

/// A key with its certificate: what an operator's carrier holds.
struct Carrier {
  std::shared_ptr<const crypto::Signer> key;
  x509::Certificate certificate;
};

/// Issues operators' certificates and knows which ones are revoked. The issuer is Party("操作员CA").
class CarrierIssuer {
 public:
  CarrierIssuer();
  Carrier make(std::string_view common_name, Time from = kYear2026, Time until = kYear2036);
  void set_status(const Carrier& carrier, operators::CertificateStatus status);
  const x509::Certificate& certificate() const { return certificate_; }
  /// For OperatorSystem::Parts; this object must outlive it.
  operators::CertificateAuthority authority() const;

 private:
  Party issuer_;
  x509::Certificate certificate_;
  std::uint32_t next_serial_ = 100;
  mutable std::mutex mutex_;
  std::map<std::string, operators::CertificateStatus> status_;
};

/// A server on a free port of 127.0.0.1, running until it is destroyed.
class RunningServer {
 public:
  explicit RunningServer(const net::Router& router, net::ServerOptions options = {});
  ~RunningServer();
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;
  std::string url() const;
  std::uint16_t port() const { return server_->port(); }

 private:
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

/// An answer; the code of a problem body, or empty.
struct Answer {
  int status = 0;
  net::Json json;
  std::string code;
  net::ClientResponse response;
};

/// An operator at a browser: logs in and signs every request that changes something. `audience` is an origin
/// that the program is configured with.
class OperatorClient {
 public:
  OperatorClient(const std::string& url, std::string audience, Carrier carrier, const Clock& clock);

  /// Throws unless the login succeeds.
  void log_in();
  Answer try_log_in();
  /// The body of POST /api/v1/session for a fresh challenge.
  net::Json login_body();

  Answer get(const std::string& target) const;
  Answer post(const std::string& target, const net::Json& body = net::Json::object()) const;
  Answer put(const std::string& target, const net::Json& body) const;
  Answer remove(const std::string& target) const;
  /// A body that is no JSON (an upload), signed the same way.
  Answer send(net::Method method, const std::string& target, std::string body,
              std::string_view content_type) const;

  /// The request with bearer token, time and signature, for tests that then change something.
  net::ClientRequest signed_request(net::Method method, const std::string& target, std::string body,
                                    std::string_view content_type = "application/json") const;
  Answer exchange(const net::ClientRequest& request) const;

  const Carrier& carrier() const { return carrier_; }
  const std::string& token() const { return token_; }
  const std::string& session() const { return session_; }
  const net::Json& self() const { return self_; }  ///< "operator" of the login's answer

 private:
  net::Client client_;
  std::string audience_;
  Carrier carrier_;
  const Clock* clock_;
  std::string token_;
  std::string session_;
  net::Json self_;
};

}  // namespace hutong::test
