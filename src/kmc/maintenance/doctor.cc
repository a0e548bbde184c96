#include "kmc/maintenance/doctor.h"

#include <chrono>
#include <utility>

#include "audit/audit_log.h"
#include "kmc/centre.h"
#include "kmc/custody/master_key_repository.h"
#include "kmc/service/authority_repository.h"
#include "kmc/stores/key_repository.h"
#include "net/tls.h"
#include "operators/operator_repository.h"

namespace hutong::kmc {
namespace {

using storage::Reader;

constexpr std::chrono::days kSoon{60};
constexpr std::size_t kMostOperators = 1'000;

/// Collects what is found.
class Examination {
 public:
  Examination(const Config& config, const Clock& clock)
      : config_(&config), now_(clock.now()), clock_(&clock) {}
  std::vector<DoctorFinding> run();

 private:
  void good(std::string check, std::string text) {
    add(Health::kGood, std::move(check), std::move(text), {});
  }
  void add(Health health, std::string check, std::string text, std::string advice) {
    findings_.push_back({health, std::move(check), std::move(text), std::move(advice)});
  }
  void bad(std::string check, const Error& error, std::string advice) {
    add(Health::kBad, std::move(check), std::string(error.reason) + ": " + error.detail, std::move(advice));
  }
  void look_at_files();
  void look_at_tls();
  void look_at_centre(Centre& centre);
  void look_at_certificate(const std::string& check, const std::string& whose,
                           const x509::Certificate& certificate, const std::string& advice);
  Status look_at_stores(Reader& reader);
  Status look_at_people(Reader& reader);
  Status look_at_log(Reader& reader);

  const Config* config_;
  Time now_;
  const Clock* clock_;
  std::vector<DoctorFinding> findings_;
};

void Examination::look_at_files() {
  namespace fs = std::filesystem;
  std::error_code failure;
  const auto status = fs::status(config_->key_password_file, failure);
  if (failure || !fs::exists(status)) {
    add(Health::kBad, "password_file", config_->key_password_file.string() + " cannot be read",
        "put the password of the key store there, readable by the service's account only");
    return;
  }
  const auto others = fs::perms::group_all | fs::perms::others_all;
  if ((status.permissions() & others) != fs::perms::none) {
    add(Health::kWarning, "password_file", config_->key_password_file.string() + " is open to other accounts",
        "chmod 600");
    return;
  }
  good("password_file", "readable by the service's account only");
}

void Examination::look_at_tls() {
  if (config_->tls_certificate.empty() || config_->client_authorities.empty()) {
    add(Health::kWarning, "tls",
        "no key service: tls.certificate or service.client_authorities is not configured",
        "configure both, or no CA can connect");
    return;
  }
  const auto identity = net::read_tls_identity(config_->tls_certificate, config_->tls_key);
  const auto usable = identity ? net::ServerTls::create(*identity) : identity.error();
  if (!usable) {
    bad("tls", usable.error(), "check tls.certificate and tls.key");
    return;
  }
  good("tls", "certificate and key fit together");
}

void Examination::look_at_certificate(const std::string& check, const std::string& whose,
                                      const x509::Certificate& certificate, const std::string& advice) {
  const std::string until = whose + ", until " + to_rfc3339(certificate.not_after());
  if (now_ > certificate.not_after() || now_ < certificate.not_before()) {
    add(Health::kBad, check, until + ": not valid now", advice);
  } else if (now_ + kSoon > certificate.not_after()) {
    add(Health::kWarning, check, until + ": ends soon", advice);
  } else {
    good(check, until);
  }
}

Status Examination::look_at_stores(Reader& reader) {
  HUTONG_TRY(const StockPolicy policy, PolicyRepository::find(reader));
  HUTONG_TRY(const StoreCounts counts, KeyRepository::counts(reader));
  const std::string text = std::to_string(counts.spare) + " spare, " + std::to_string(counts.in_use) +
                           " in use, " + std::to_string(counts.history) + " in the history";
  if (counts.spare < policy.minimum) {
    add(Health::kWarning, "stores", text + "; the minimum is " + std::to_string(policy.minimum),
        "is the service running? it refills by itself");
  } else {
    good("stores", text);
  }
  HUTONG_TRY(const MasterKey master, MasterKeyRepository::current(reader));
  HUTONG_TRY(const auto shares, MasterKeyRepository::shares(reader, master.id));
  if (shares.size() != master.shares) {
    add(Health::kBad, "custodians", "the shares of the master key are not all known", "restore a back-up");
  } else {
    good("custodians", std::to_string(master.threshold) + " of " + std::to_string(master.shares));
  }
  return ok();
}

Status Examination::look_at_people(Reader& reader) {
  HUTONG_TRY(const auto authorities, AuthorityRepository::all(reader));
  for (const Authority& authority : authorities) {
    look_at_certificate("authority", "CA " + authority.name, authority.certificate,
                        "register the CA's new certificate");
  }
  HUTONG_TRY(const auto people, operators::OperatorRepository::search(
                                    reader, {.state = operators::State::kActive, .limit = kMostOperators}));
  for (const operators::Operator& person : people) {
    look_at_certificate("operator", person.display_name, person.certificate,
                        "replace the certificate of this operator");
  }
  return ok();
}

Status Examination::look_at_log(Reader& reader) {
  HUTONG_TRY(const auto chain, audit::verify_chain(reader));
  if (!chain.whole()) {
    add(Health::kBad, "audit_chain", "broken at record " + std::to_string(chain.defect_at),
        "stop the service, keep the database as it is, compare with back-ups");
    return ok();
  }
  good("audit_chain", std::to_string(chain.records) + " records, whole");
  HUTONG_TRY(const auto page, audit::search(reader, {.limit = 1}));
  if (!page.records.empty() && page.records.front().event.time > now_ + std::chrono::minutes(1)) {
    add(Health::kBad, "clock", "the last record was written later than now: the clock went back",
        "set the clock right before the service starts");
  } else {
    good("clock", to_rfc3339(now_));
  }
  return ok();
}

void Examination::look_at_centre(Centre& centre) {
  good("key_store", "the authority key and the key of the spare store open");
  look_at_certificate("centre", centre.record().name, centre.record().certificate,
                      "have a new certificate issued for the centre's key");
  auto reader = centre.database().read();
  for (const auto look :
       {&Examination::look_at_stores, &Examination::look_at_people, &Examination::look_at_log}) {
    const Status looked = reader ? (this->*look)(*reader) : Status(reader.error());
    if (!looked) {
      bad("database", looked.error(), "is the database complete?");
    }
  }
}

std::vector<DoctorFinding> Examination::run() {
  look_at_files();
  look_at_tls();
  const auto centre = Centre::open(*config_, *clock_);
  if (centre) {
    look_at_centre(**centre);
  } else {
    bad("centre", centre.error(),
        centre.error().reason == "kmc.not_initialised" ? "run hutong-kmc init" : "see the reason");
  }
  return std::move(findings_);
}

}  // namespace

std::vector<DoctorFinding> examine(const Config& config, const Clock& clock) {
  return Examination(config, clock).run();
}

}  // namespace hutong::kmc
