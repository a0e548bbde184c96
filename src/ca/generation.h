#pragma once

#include <memory>

#include "base/result.h"
#include "base/time.h"
#include "ca/config.h"
#include "ca/metrics.h"
#include "ca/outage.h"
#include "ca/signing/keys_in_use.h"
#include "net/request_metrics.h"
#include "net/router.h"
#include "storage/database.h"

namespace hutong::ca {

/// Everything of the program that stands on the keys in use: what signs, what is published, the registration
/// system, time stamps, the interface for platforms, the routes to all of it, the background jobs. After a
/// rollover or a renewal of services the next one is made beside it and takes over its routes; requests under
/// way end with the former one. Nodes on one database bear each other, so two of these do as well.
class Generation {
 public:
  /// What stays from one to the next. Everything outlives them.
  struct Base {
    const Config& config;
    const Clock& clock;
    storage::Database& database;
    const net::RequestMetrics& requests;
    Metrics& metrics;
    Outage& outage;
  };
  /// Opens the keys and builds bottom-up; nothing runs yet. An Error for what makes serving pointless: not
  /// initialised, no database, a wrong password, a key that is not there.
  static Result<std::shared_ptr<Generation>> load(const Base& base);
  Generation(const Generation&) = delete;
  Generation& operator=(const Generation&) = delete;
  ~Generation();

  const KeysInUse& keys() const;
  /// Of the public and the platforms; of operators too where nothing is apart.
  const net::Router& routes() const;
  const net::Router& management_routes() const;  ///< of operators, where config.management_port

  /// Publishes the lists that are due, so that a new CA key has some before it signs certificates.
  Status publish_lists() const;
  /// The background jobs and the webhooks.
  void start();
  void stop();

 private:
  struct Parts;
  explicit Generation(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace hutong::ca
