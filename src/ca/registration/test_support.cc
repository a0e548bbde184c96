#include "ca/registration/test_support.h"

#include "ca/registration/schema.h"
#include "ca/registration/template_grants.h"
#include "cms/enveloped_key.h"

namespace hutong::ca::registration::test {

Result<EscrowedKey> FakeKeyCentre::key_of(const x509::Serial& serial, ByteView holder_spki,
                                          bool may_make) const {
  const std::lock_guard lock(mutex_);
  auto& key = keys_[serial.to_hex()];
  if (!key && !may_make) {
    return Error{Errc::kPolicy, "key_centre.refused", "no such key"};
  }
  if (!key) {
    key = std::make_shared<const crypto::Sm2PrivateKey>(crypto::Sm2PrivateKey::generate());
  }
  HUTONG_TRY(const auto holder, crypto::PublicKey::from_spki(holder_spki));
  HUTONG_TRY(auto wrapped, cms::wrap_key_pair(*key, *holder.sm2()));
  const auto named = swapping_ ? crypto::Sm2PrivateKey::generate().public_key() : key->public_key();
  return EscrowedKey{crypto::PublicKey(named), std::move(wrapped)};
}

Result<KeyCentre::Keys> FakeKeyCentre::apply(std::span<const cms::ApplyKeyRequest> requests,
                                             Time /*now*/) const {
  if (away_) {
    return Error{Errc::kUnavailable, "key_centre.away", "connection refused"};
  }
  Keys keys;
  for (const auto& request : requests) {
    keys.push_back(refusing_ ? Result<EscrowedKey>(Error{Errc::kPolicy, "key_centre.refused", "not today"})
                             : key_of(request.certificate, request.user_spki, true));
  }
  return keys;
}

Result<KeyCentre::Keys> FakeKeyCentre::restore(std::span<const cms::RestoreKeyRequest> requests,
                                               Time /*now*/) const {
  if (away_) {
    return Error{Errc::kUnavailable, "key_centre.away", "connection refused"};
  }
  Keys keys;
  for (const auto& request : requests) {
    keys.push_back(key_of(request.certificate, request.user_spki, false));
  }
  return keys;
}

Result<std::vector<Status>> FakeKeyCentre::revoke(std::span<const cms::RevokeKeyRequest> requests,
                                                  Time /*now*/) const {
  if (away_) {
    return Error{Errc::kUnavailable, "key_centre.away", "connection refused"};
  }
  const std::lock_guard lock(mutex_);
  for (const auto& request : requests) {
    revoked_.insert(request.certificate.to_hex());
  }
  return std::vector<Status>(requests.size(), ok());
}

void FakeKeyCentre::set_away(bool away) { away_ = away; }
void FakeKeyCentre::set_refusing(bool refusing) { refusing_ = refusing; }
void FakeKeyCentre::set_swapping(bool swapping) { swapping_ = swapping; }
std::size_t FakeKeyCentre::keys() const {
  const std::lock_guard lock(mutex_);
  return keys_.size();
}
bool FakeKeyCentre::is_revoked(const x509::Serial& serial) const {
  const std::lock_guard lock(mutex_);
  return revoked_.contains(serial.to_hex());
}

Bytes Subscriber::request() const {
  const auto name = x509::Name::from_string("CN=随便,C=CN").value();
  const auto der = x509::sign(
      x509::TbsCertificateRequest{.subject = name, .challenge_password = {}, .extensions = {}}, key);
  const ByteView view = der.value().view();
  return {view.begin(), view.end()};
}

void RegistrationTest::SetUp() {
  HUTONG_NEED_DATABASE(home_);
  ca_ =
      std::make_unique<ca::test::TestCa>(PublishingAddresses{.crl = "http://ca.example/ca.crl"}, home_.url());
  must(storage::migrate(database(), "audit", audit::migrations(), clock_));
  must(storage::migrate(database(), kRegistrationComponent, registration_migrations(), clock_));
  const auto granted = storage::in_transaction(
      database(), [&](storage::Transaction& transaction) -> Result<TemplateGrants::Changes> {
        HUTONG_CHECK(TemplateGrants::grant_defaults(transaction, clock_.now()));
        return TemplateGrants::synchronise(transaction, clock_.now());
      });
  ASSERT_TRUE(granted) << granted.error().reason;
  seal_.emplace(must(PersonalSeal::load(database(), ca_->keys())));
  system_ = std::make_unique<RegistrationSystem>(RegistrationSystem::Parts{
      .database = database(),
      .seal = *seal_,
      .signing = ca_->signing(),
      .key_centre = centre_,
      .clock = clock_,
      .listener = [this](std::span<const ChangedCertificate> changed,
                         Time /*now*/) { told_.insert(told_.end(), changed.begin(), changed.end()); },
      .observer = [this](storage::Transaction& transaction, const Order& order, StepKind step,
                         Time at) { return observer_ ? observer_(transaction, order, step, at) : ok(); }});
}

NewOrder RegistrationTest::application(const Subscriber& subscriber, std::string_view number) const {
  return {.applicant = Applicant{.name = "演示机构",
                                 .number = std::string(number),
                                 .role = ApplicantRole::kSupplier,
                                 .region = "150100",
                                 .contact = "张三",
                                 .phone = "13800138000"},
          .template_id = "organization-signing",
          .subject = SubjectData{.attributes = {{"O", "演示机构"}, {"CN", "演示机构"}}},
          .request = subscriber.request()};
}

NewOrder RegistrationTest::order_for(OrderKind kind, const x509::Serial& target) const {
  return {.kind = kind, .target = target};
}

Order RegistrationTest::approved(const NewOrder& wish) const {
  auto order = enter(wish);
  order = must(desk().submit(step(order), enterer_));
  return must(desk().approve(step(order), reviewer_));
}

std::optional<Error> RegistrationTest::make(const std::string& order) const {
  return maker().make(std::span(&order, 1), maker_of_certificates_).front().problem;
}

Order RegistrationTest::issued(const NewOrder& wish) const {
  const auto order = approved(wish);
  if (const auto problem = make(order.id)) {
    throw std::runtime_error(std::string(problem->reason) + " " + problem->detail);
  }
  return now(order);
}

CertificateRecord RegistrationTest::record(const x509::Serial& serial) const {
  auto reader = must(database().read());
  return must(CertificateRepository::find(reader, serial));
}

std::vector<audit::Record> RegistrationTest::records(std::string_view action) const {
  auto reader = must(database().read());
  return must(audit::search(reader, {.action = std::string(action), .limit = 1000})).records;
}

std::int64_t RegistrationTest::count(std::string_view table) const {
  auto reader = must(database().read());
  return must(reader.query_one("SELECT COUNT(*) FROM " + std::string(table))).integer(0);
}

}  // namespace hutong::ca::registration::test
