#pragma once

#include <chrono>
#include <string_view>

#include "base/repeating.h"
#include "base/time.h"
#include "ca/metrics.h"
#include "ca/outage.h"
#include "ca/publishing/file_publisher.h"
#include "ca/publishing/list_publisher.h"
#include "ca/publishing/ocsp_responder.h"
#include "ca/registration/key_centre_tasks.h"
#include "operators/operator_system.h"
#include "storage/database.h"

namespace hutong::ca {

/// The background jobs: due lists, the same as files, what the key management centre is to be told, old
/// sessions, what was refused in an outage of the database, archived audit records; and on a thread of its
/// own, because it must not wait for any of them, what the status service has to forget or to sign anew. A
/// failing job is logged and tried again. While the clock stands before the audit records
/// (audit::check_clock) no list is signed. Stops when destroyed.
class Jobs {
 public:
  struct Parts {
    const ListPublisher& lists;
    OcspResponder& ocsp;
    const operators::OperatorSystem& operators;
    const registration::KeyCentreTasks& key_centre;
    storage::Database& database;
    FilePublisher* files;                ///< null: nothing is written as files
    Metrics& metrics;                    ///< of failed runs
    Outage& outage;                      ///< what is to be recorded once the database serves again
    std::chrono::seconds keep_audit{0};  ///< archived records are deleted after so long; 0: never
    const Clock& clock;
    std::chrono::seconds every{2};
  };
  explicit Jobs(const Parts& parts)
      : parts_(parts),
        jobs_(parts.every, [this] { run_once(); }),
        status_(parts.every, [this] { look_after_status(); }) {}
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

 private:
  void run_once();
  void look_after_status();
  Status check_clock() const;
  void publish();
  void run_hourly();
  template <typename Outcome>
  void report(std::string_view job, const Outcome& outcome);
  Parts parts_;
  std::chrono::steady_clock::time_point next_hourly_{};
  Repeating jobs_;  ///< last: they use the others
  Repeating status_;
};

}  // namespace hutong::ca
