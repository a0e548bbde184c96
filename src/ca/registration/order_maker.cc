#include "ca/registration/order_maker.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>
#include <utility>

#include "audit/audit_log.h"
#include "ca/registration/key_centre_tasks.h"
#include "ca/registration/order_events.h"
#include "ca/registration/order_rules.h"
#include "cms/enveloped_key.h"
#include "net/log.h"

namespace hutong::ca::registration {
namespace {

/// Below this it is faster to sign on the thread that is here already.
constexpr std::size_t kWorthAThread = 8;

Error made_meanwhile() {
  return {Errc::kConflict, "order.changed", "somebody else was faster: read the order again"};
}
bool is_good(const MakingJob& job) { return !job.problem; }

void sign_all(const SigningSystem& signing, std::span<MakingJob> jobs) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs.size(); i = next++) {
      if (is_good(jobs[i])) {
        if (const Status signed_one = sign(signing, jobs[i]); !signed_one) {
          jobs[i].problem = signed_one.error();
        }
      }
    }
  };
  std::vector<std::jthread> helpers;
  const std::size_t most =
      std::min<std::size_t>(std::thread::hardware_concurrency(), jobs.size() / kWorthAThread);
  while (helpers.size() + 1 < most) {
    helpers.emplace_back(work);
  }
  work();
}

/// The pair that the centre sends is the one that it names, and the one that the certificate has.
Status take_key(MakingJob& job, const Result<EscrowedKey>& answer) {
  HUTONG_TRY(const auto key, answer);
  const Error wrong{Errc::kCryptoFail, "key_centre.wrong_key",
                    "the key centre's envelope does not hold the key that it names"};
  const auto inside = cms::enveloped_public_key(key.protected_key);
  if (!inside || key.key.sm2() == nullptr || inside.value() != *key.key.sm2()) {
    return wrong;
  }
  if ((job.encryption_key && *job.encryption_key != key.key) ||
      (job.signing_key && *job.signing_key == key.key)) {
    return wrong;
  }
  job.encryption_key = key.key;
  job.enveloped_key = key.protected_key;
  return ok();
}

/// One message for all orders that need this kind of answer.
template <typename Request, typename Ask>
void ask(std::span<MakingJob> jobs, std::optional<Request> MakingJob::*request, Ask ask_centre) {
  std::vector<MakingJob*> asking;
  std::vector<Request> requests;
  for (MakingJob& job : jobs) {
    if (is_good(job) && job.*request) {
      asking.push_back(&job);
      requests.push_back(*(job.*request));
    }
  }
  if (requests.empty()) {
    return;
  }
  const Result<KeyCentre::Keys> answers = ask_centre(requests);
  for (std::size_t i = 0; i < asking.size(); ++i) {
    const Status taken = answers ? take_key(*asking[i], answers.value().at(i)) : Status(answers.error());
    if (!taken) {
      asking[i]->problem = taken.error();
    }
  }
}

Status change_states(storage::Transaction& transaction, const MakingJob& job) {
  for (const PlannedChange& planned : job.changes) {
    HUTONG_TRY(const auto record, CertificateRepository::find_for_update(transaction, planned.serial));
    HUTONG_CHECK(CertificateRepository::change_state(transaction, record, planned.change));
  }
  if (job.given_up_key) {
    HUTONG_CHECK(KeyCentreTasks::add_revocation(transaction, *job.given_up_key, job.now));
  }
  return ok();
}

Status store_certificates(storage::Transaction& transaction, const MakingJob& job) {
  if (job.signing) {
    HUTONG_CHECK(SigningSystem::store(transaction, *job.signing));
  }
  if (job.encryption) {
    HUTONG_CHECK(SigningSystem::store(transaction, *job.encryption));
  }
  if (job.inherited_key) {
    HUTONG_CHECK(EscrowedKeys::inherit(transaction, job.encryption->record.serial, *job.inherited_key));
  }
  if (job.signing && job.kept_encryption) {
    HUTONG_CHECK(
        CertificateRepository::set_pair(transaction, *job.kept_encryption, job.signing->record.serial));
  }
  return ok();
}

net::Json serials_of(const MakingJob& job) {
  net::Json json = net::Json::object();
  if (job.signing) {
    json["signing"] = job.signing->record.serial.to_hex();
  }
  if (job.encryption) {
    json["encryption"] = job.encryption->record.serial.to_hex();
  }
  return json;
}

void add_events(const MakingJob& job, const Doer& doer, Time now, std::vector<audit::Event>& events) {
  events.push_back(order_event(job.order, StepKind::kMake, doer, now, serials_of(job)));
  for (const PlannedChange& planned : job.changes) {
    const bool released = planned.change.to == CertificateState::kValid;
    net::Json detail{{"order", job.order.id}};
    if (planned.change.reason) {
      detail["reason"] = to_string(*planned.change.reason);
    }
    events.push_back({.time = now,
                      .actor = doer.actor,
                      .action = released ? "certificate.released"
                                         : "certificate." + std::string(to_string(planned.change.to)),
                      .object_kind = "certificate",
                      .object_id = planned.serial.to_hex(),
                      .detail = net::to_text(detail),
                      .signature = doer.signature});
  }
}

/// What the order is after it was made.
void finish_order(MakingJob& job) {
  Order& order = job.order;
  order.changed_at = job.now;
  order.problem.reset();
  order.enveloped_key = job.enveloped_key;
  if (job.signing) {
    order.issued_signing = job.signing->record.serial;
  }
  if (job.encryption || job.kept_encryption) {
    order.issued_encryption = job.encryption ? job.encryption->record.serial : *job.kept_encryption;
  }
}

}  // namespace

OrderMaker::OrderMaker(storage::Database& database, const PersonalSeal& seal, const SigningSystem& signing,
                       const KeyCentre& centre, const Clock& clock, StatusListener listener,
                       StepObserver observer)
    : database_(&database),
      signing_(&signing),
      centre_(&centre),
      clock_(&clock),
      listener_(std::move(listener)),
      observer_(std::move(observer)),
      orders_(seal) {}

std::vector<MakingJob> OrderMaker::load(std::span<const std::string> ids, Time now,
                                        std::vector<MadeOrder>& made) const {
  std::vector<MakingJob> jobs;
  jobs.reserve(ids.size());
  std::set<std::string_view> seen;
  auto reader = database_->read();
  for (const std::string& id : ids) {
    made.push_back({.id = id});
    if (!reader) {
      made.back().problem = reader.error();
      continue;
    }
    if (!seen.insert(id).second) {
      made.back().problem = Error{Errc::kMalformed, "order.twice", "named twice in one call"};
      continue;
    }
    auto order = orders_.find(*reader, id);
    if (!order) {
      made.back().problem = order.error();
      continue;
    }
    jobs.push_back({.order = std::move(order).value(), .now = now});
    if (const Status planned = plan(*reader, templates_, *signing_, jobs.back()); !planned) {
      jobs.back().problem = planned.error();
    }
  }
  return jobs;
}

void OrderMaker::ask_key_centre(std::span<MakingJob> jobs, Time now) const {
  ask(jobs, &MakingJob::apply,
      [&](std::span<const cms::ApplyKeyRequest> requests) { return centre_->apply(requests, now); });
  ask(jobs, &MakingJob::restore,
      [&](std::span<const cms::RestoreKeyRequest> requests) { return centre_->restore(requests, now); });
}

Status OrderMaker::write(storage::Transaction& transaction, MakingJob& job, const Doer& doer) const {
  const Status saved = orders_.save(transaction, job.order);
  if (!saved) {
    return saved.error().reason == storage::reason::kConflict ? Status(made_meanwhile()) : saved;
  }
  HUTONG_CHECK(change_states(transaction, job));
  HUTONG_CHECK(store_certificates(transaction, job));
  if (observer_) {
    HUTONG_CHECK(observer_(transaction, job.order, StepKind::kMake, job.now));
  }
  return OrderRepository::add_step(transaction, job.order.id,
                                   history_step(job.order, StepKind::kMake, doer, job.now, {}));
}

Status OrderMaker::commit_once(std::span<MakingJob*> jobs, const Doer& doer, Time now,
                               MakingJob*& guilty) const {
  std::vector<std::int64_t> versions;
  for (MakingJob* job : jobs) {
    versions.push_back(job->order.version);
  }
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    std::vector<audit::Event> events;
    events.reserve(jobs.size());
    guilty = nullptr;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      jobs[i]->order.version = versions[i];  // this may be another attempt
      if (const Status written = write(transaction, *jobs[i], doer); !written) {
        for (std::size_t k = 0; k <= i; ++k) {
          jobs[k]->order.version = versions[k];  // nothing of this attempt was saved
        }
        guilty = jobs[i];
        return written;
      }
      add_events(*jobs[i], doer, now, events);
    }
    return audit::append(transaction, events);
  });
}

void OrderMaker::settle_unknown(std::span<MakingJob*> jobs, const Error& error) const {
  auto reader = database_->read();
  for (MakingJob* job : jobs) {
    const auto stored = reader ? orders_.find(*reader, job->order.id) : Result<Order>(reader.error());
    if (!stored || stored->state != job->order.state || stored->version != job->order.version) {
      job->problem = error;
    }
  }
}

void OrderMaker::commit(std::span<MakingJob> jobs, const Doer& doer, Time now) const {
  std::vector<MakingJob*> good;
  for (MakingJob& job : jobs) {
    if (is_good(job)) {
      job.order.state = state_after(job.order, StepKind::kMake).value();  // plan() has asked
      finish_order(job);
      good.push_back(&job);
    }
  }
  while (!good.empty()) {
    MakingJob* guilty = nullptr;
    const Status committed = commit_once(good, doer, now, guilty);
    if (committed) {
      return;
    }
    if (committed.error().reason == storage::reason::kOutcomeUnknown) {
      return settle_unknown(good, committed.error());
    }
    const bool is_its_own = guilty != nullptr && committed.error().code != Errc::kUnavailable;
    for (MakingJob* job : good) {
      if (!is_its_own || job == guilty) {
        job->problem = committed.error();
      }
    }
    std::erase_if(good, [](const MakingJob* job) { return !is_good(*job); });
  }
}

Status OrderMaker::record_problem(storage::Transaction& transaction, const MakingJob& job, const Doer& doer,
                                  Time now, std::vector<audit::Event>& events) const {
  const Error& problem = *job.problem;
  HUTONG_TRY(auto order, orders_.find(transaction, job.order.id));
  if (state_after(order, StepKind::kMakeFailed)) {
    order.problem = OrderProblem{std::string(problem.reason), problem.detail, now};
    order.changed_at = std::max(order.changed_at, now);
    const Status saved = orders_.save(transaction, order);
    if (saved) {
      HUTONG_CHECK(OrderRepository::add_step(
          transaction, order.id, history_step(order, StepKind::kMakeFailed, doer, now, problem.reason)));
      if (observer_) {
        HUTONG_CHECK(observer_(transaction, order, StepKind::kMakeFailed, now));
      }
    } else if (saved.error().reason != storage::reason::kConflict) {
      return saved;
    }
  }
  events.push_back(order_event(order, StepKind::kMakeFailed, doer, now, {{"code", problem.reason}}));
  return ok();
}

void OrderMaker::record_problems(std::span<const MakingJob> jobs, const Doer& doer, Time now) const {
  if (std::ranges::all_of(jobs, is_good)) {
    return;
  }
  const Status recorded =
      storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
        std::vector<audit::Event> events;
        for (const MakingJob& job : jobs) {
          if (!is_good(job)) {
            HUTONG_CHECK(record_problem(transaction, job, doer, now, events));
          }
        }
        return audit::append(transaction, events);
      });
  if (!recorded) {
    net::log(net::LogLevel::kError, "order.problems_not_recorded", {{"why", recorded.error().reason}});
  }
}

void OrderMaker::tell(std::span<const MakingJob> jobs, Time now) const {
  if (!listener_) {
    return;
  }
  std::vector<ChangedCertificate> changed;
  auto reader = database_->read();
  for (const MakingJob& job : jobs) {
    for (const PlannedChange& planned : job.changes) {
      const auto record = is_good(job) && reader ? CertificateRepository::find(*reader, planned.serial)
                                                 : Result<CertificateRecord>(Error{Errc::kNotFound, {}, {}});
      if (record) {
        changed.push_back({record->authority, planned.serial, record->partition});
      }
    }
  }
  if (!changed.empty()) {
    listener_(changed, now);
  }
}

std::vector<MadeOrder> OrderMaker::make(std::span<const std::string> ids, const Doer& doer) const {
  const Time now = clock_->now();
  std::vector<MadeOrder> made;
  auto jobs = load(ids, now, made);
  ask_key_centre(jobs, now);
  sign_all(*signing_, jobs);
  commit(jobs, doer, now);
  record_problems(jobs, doer, now);
  tell(jobs, now);
  auto job = jobs.begin();
  for (MadeOrder& one : made) {
    if (!one.problem) {  // it has a job; they are in the same order
      one.problem = job->problem;
      one.order = std::move(job->order);
      ++job;
    }
  }
  return made;
}

}  // namespace hutong::ca::registration
