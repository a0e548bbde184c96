#include "ca/end_to_end/load.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include "audit/audit_log.h"
#include "base/encoding.h"
#include "ca/registration/order.h"
#include "ca/signing/certificate_repository.h"
#include "ca/timestamping/timestamp_repository.h"
#include "cms/timestamp.h"
#include "x509/builder.h"
#include "x509/crl.h"
#include "x509/name.h"

namespace hutong::ca::test {
namespace {

using hutong::test::Answer;
using hutong::test::OperatorClient;
using net::Json;
using Serials = std::set<std::string>;

template <typename T>
T need(Result<T> result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().reason) + " " + result.error().detail);
  }
  return std::move(result).value();
}

Json revocation(const x509::Serial& serial) {
  return {
      {"kind", "revocation"}, {"certificate", serial.to_hex()}, {"reason", "superseded"}, {"submit", true}};
}

/// A node that answers, but not as it should.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The three people who take an order from entry to its end.
class People {
 public:
  People(std::uint16_t port, const std::string& audience, const Desk& desk, const Clock& clock)
      : enterer_("http://127.0.0.1:" + std::to_string(port), audience, desk.enterer, clock),
        reviewer_("http://127.0.0.1:" + std::to_string(port), audience, desk.reviewer, clock),
        maker_("http://127.0.0.1:" + std::to_string(port), audience, desk.maker, clock) {
    enterer_.log_in();
    reviewer_.log_in();
    maker_.log_in();
  }
  /// The order at its end. Throws when a step is refused or nobody answers.
  Json carry_out(const Json& wish) const {
    Json order = good(enterer_.post("/api/v1/orders", wish));
    const std::string path = "/api/v1/orders/" + order.at("id").get<std::string>();
    order = good(reviewer_.post(path + "/approval", {{"version", order.at("version")}}));
    return good(maker_.post(path + "/issuance", {{"version", order.at("version")}}));
  }

 private:
  static Json good(const Answer& answer) {
    if (answer.status >= 300) {
      throw Refused(answer.response.body);
    }
    return answer.json;
  }
  OperatorClient enterer_;
  OperatorClient reviewer_;
  OperatorClient maker_;
};

Serials texts(const std::vector<x509::Serial>& serials) {
  Serials texts;
  for (const auto& serial : serials) {
    EXPECT_TRUE(texts.insert(serial.to_hex()).second) << serial.to_hex() << " came twice";
  }
  return texts;
}

/// Everything that the audit log says was issued or revoked.
struct Recorded {
  Serials issued;
  Serials revoked;
};
Recorded recorded(storage::Reader& reader) {
  Recorded found;
  const auto rows =
      need(reader.query("SELECT action, object_id, detail FROM audit_records WHERE action IN "
                        "('certificate.issued', 'certificate.revoked', 'order.issued') ORDER BY sequence"));
  const auto add = [](Serials& serials, const std::string& serial) {
    EXPECT_TRUE(serials.insert(serial).second) << serial << " is recorded twice";
  };
  for (const storage::Row& row : rows) {
    if (row.text(0) == "certificate.revoked") {
      add(found.revoked, row.text(1));
    } else if (row.text(0) == "certificate.issued") {
      add(found.issued, row.text(1));
    } else {
      const Json detail = need(net::parse_json(row.text(2)));
      for (const char* use : {"signing", "encryption"}) {
        if (detail.contains(use)) {
          add(found.issued, detail.at(use).get<std::string>());
        }
      }
    }
  }
  return found;
}

void check_certificates(storage::Reader& reader, const Promises& promises) {
  Serials issued;
  Serials revoked;
  for (const storage::Row& row : need(reader.query("SELECT serial, state FROM certificates"))) {
    issued.insert(row.text(0));
    if (row.get<CertificateState>(1) == CertificateState::kRevoked) {
      revoked.insert(row.text(0));
    }
  }
  const Recorded records = recorded(reader);
  EXPECT_EQ(issued, records.issued) << "no certificate without record, no record without certificate";
  EXPECT_EQ(revoked, records.revoked);
  EXPECT_TRUE(std::ranges::includes(issued, texts(promises.issued)));
  EXPECT_TRUE(std::ranges::includes(revoked, texts(promises.revoked)));
}

/// An order that is issued names its certificates and a certificate its order; no other order has one.
void check_orders(storage::Reader& reader) {
  Serials of_orders;
  for (const storage::Row& row :
       need(reader.query("SELECT state, issued_signing, issued_encryption FROM orders "
                         "WHERE issued_signing IS NOT NULL"))) {
    of_orders.insert(row.text(1));
    if (!row.is_null(2)) {
      of_orders.insert(row.text(2));
    }
    const auto state = row.get<registration::OrderState>(0);
    EXPECT_TRUE(state == registration::OrderState::kIssued || state == registration::OrderState::kDelivered);
  }
  Serials with_order;
  for (const storage::Row& row : need(reader.query("SELECT serial FROM certificates WHERE order_id <> ''"))) {
    with_order.insert(row.text(0));
  }
  EXPECT_EQ(of_orders, with_order);
}

void check_stamps(storage::Reader& reader, const Promises& promises) {
  texts(promises.stamps);
  for (const auto& serial : promises.stamps) {
    EXPECT_TRUE(TimestampRepository::find(reader, serial)) << "a stamp without record";
  }
  const auto stamps = need(reader.query_one("SELECT count(*) FROM time_stamps")).integer(0);
  const auto records =
      need(reader.query_one("SELECT count(*) FROM audit_records WHERE action = ?", "timestamp.given"));
  EXPECT_EQ(stamps, records.integer(0)) << "each with its audit record";
}

}  // namespace

Json application(const std::string& template_id) {
  const crypto::Sm2Signer key(crypto::Sm2PrivateKey::generate());
  const auto request =
      need(x509::sign(x509::TbsCertificateRequest{.subject = need(x509::Name::from_string("CN=随便,C=CN")),
                                                  .challenge_password = {},
                                                  .extensions = {}},
                      key));
  return {
      {"kind", "application"},
      {"applicant",
       {{"name", "演示机构"}, {"number", "91350100M000100Y43"}, {"role", "supplier"}, {"region", "150100"}}},
      {"template", template_id},
      {"subject", {{"attributes", {{"O", "演示机构"}, {"CN", "演示机构"}}}}},
      {"request", to_base64(request.view())},
      {"submit", true}};
}

void check_store(storage::Database& database, const Promises& promises) {
  auto reader = need(database.read());
  EXPECT_TRUE(need(audit::verify_chain(reader)).whole());
  check_certificates(reader, promises);
  check_orders(reader);
  check_stamps(reader, promises);
}

x509::Crl see_list(std::uint16_t port, const std::string& path, Promises& promises, std::mutex& mutex) {
  const auto highest = [&]() -> std::uint64_t& { return promises.list_numbers[path]; };
  std::uint64_t before = 0;
  {
    const std::scoped_lock lock(mutex);
    before = highest();
  }
  const auto answer = need(net::fetch("127.0.0.1", port, {.target = path}));
  if (answer.status != 200) {
    throw Refused(path + ": " + std::to_string(answer.status) + " " + answer.body);
  }
  auto list = need(x509::Crl::parse(as_bytes(answer.body)));
  const std::uint64_t number = std::stoull(list.number()->to_hex(), nullptr, 16);
  const std::scoped_lock lock(mutex);
  EXPECT_GE(number, before) << path;
  highest() = std::max(highest(), number);
  return list;
}

Load::Load(std::uint16_t port, std::string audience, const Desk& desk, std::string authority,
           Promises& promises, std::mutex& mutex)
    : port_(port),
      audience_(std::move(audience)),
      desk_(&desk),
      authority_(std::move(authority)),
      promises_(&promises),
      mutex_(&mutex) {
  start([this] { issue(); });
  start([this] { issue(); });
  start([this] { revoke(); });
  start([this] { stamp(); });
  start([this] { watch_lists(); });
}

void Load::stop() {
  stopping_ = true;
  for (auto& worker : workers_) {
    worker.join();
  }
  workers_.clear();
}

template <typename Work>
void Load::start(Work work) {
  workers_.emplace_back([work] {
    try {
      work();
    } catch (const Refused& refused) {
      ADD_FAILURE() << refused.what();
    } catch (const std::exception&) {  // the node is gone; whatever it did not answer was perhaps done
    }
  });
}

void Load::issue() {
  const People people(port_, audience_, *desk_, clock_);
  while (!stopping_) {
    const Json order = people.carry_out(application(desk_->template_id));
    std::vector<x509::Serial> serials;
    for (const Json& certificate : order.at("certificates")) {
      serials.push_back(need(x509::Serial::from_hex(certificate.at("serial").get<std::string>())));
    }
    const std::scoped_lock lock(*mutex_);
    promises_->issued.insert(promises_->issued.end(), serials.begin(), serials.end());
    promises_->revocable.push_back(std::move(serials));
  }
}

void Load::revoke() {
  const People people(port_, audience_, *desk_, clock_);
  while (!stopping_) {
    std::vector<x509::Serial> next;
    {
      const std::scoped_lock lock(*mutex_);
      if (promises_->taken < promises_->revocable.size()) {
        next = promises_->revocable[promises_->taken++];
      }
    }
    if (next.empty()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      continue;
    }
    const Json order = people.carry_out(revocation(next.front()));
    EXPECT_EQ(order.at("state"), "done");
    const std::scoped_lock lock(*mutex_);
    promises_->revoked.insert(promises_->revoked.end(), next.begin(), next.end());
  }
}

void Load::stamp() {
  const cms::TimestampRequest wanted{.imprint = cms::imprint_of(as_bytes("标书")),
                                     .policy = std::nullopt,
                                     .nonce = std::nullopt,
                                     .certificate_wanted = false,
                                     .extensions = {}};
  const Bytes query = wanted.to_der();
  while (!stopping_) {
    const auto reply = need(net::fetch("127.0.0.1", port_,
                                       {.method = net::Method::kPost,
                                        .target = "/tsa",
                                        .headers = {{"Content-Type", "application/timestamp-query"}},
                                        .body = std::string(as_text(query))}));
    const auto report = cms::verify_timestamp(as_bytes(reply.body), {}, {.at = clock_.now()});
    if (reply.status == 200 && report.info) {
      const std::scoped_lock lock(*mutex_);
      promises_->stamps.push_back(report.info->serial);
    }
  }
}

void Load::watch_lists() {
  while (!stopping_) {
    for (const char* name : {"/0.crl", "/0-delta.crl"}) {
      see_list(port_, "/crl/" + authority_ + name, *promises_, *mutex_);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

}  // namespace hutong::ca::test
