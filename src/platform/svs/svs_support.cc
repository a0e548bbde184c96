#include "platform/svs/svs_support.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <utility>

#include "base/file.h"
#include "crypto/key_file.h"

namespace hutong::platform::svs::test {
namespace {

template <typename T>
T take(Result<T> result) {
  if (!result) {
    throw std::runtime_error(result.error().detail);
  }
  return std::move(result).value();
}

constexpr std::string_view kEntities =
    "[1]\nname = \"trading\"\nkey = \"1.key\"\nkey_password_file = \"1.password\"\ncertificate = \"1.cer\"\n"
    "code_file = \"1.code\"\n";

}  // namespace

World::World()
    : folder_(std::filesystem::path(testing::TempDir()) / ("hutong-svs-" + std::to_string(getpid()))) {
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directories(folder_ / "revocation");
  std::filesystem::create_directories(folder_ / "certificates");
  const Time now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  region_ = std::make_unique<demonstration::Region>(take(demonstration::make_region(now)));
  const auto holder = [](std::string name) {
    return demonstration::Subject{.organization = name, .common_name = std::move(name)};
  };
  const auto extensions = demonstration::signing_extensions(demonstration::credit_code("91150100MA0DEMX12"));
  expired_ = std::make_unique<demonstration::Identity>(
      take(region_->ca_a.issue({holder("过期单位"), demonstration::years(now, -2, -1), extensions})));
  stranger_ = std::make_unique<demonstration::Identity>(
      take(region_->outsider.issue({holder("外来单位"), demonstration::years(now, -1, 1), extensions})));
  write("list.p7m", take(demonstration::make_trust_list(*region_, {})));
  write("signer.cer", region_->list_signer.certificate.der());
  for (const auto& [name, list] : region_->lists) {
    write("revocation/" + name, list);
  }
  write("certificates/supplier.cer", region_->supplier.certificate.der());
  write("certificates/purchaser.cer", region_->purchaser.certificate.der());
  write("certificates/agency.cer", region_->agency_revoked.certificate.der());
  write("1.key",
        take(crypto::write_encrypted_pkcs8(region_->supplier.key.key(), "password", {.rounds = 10})));
  write("1.password", as_bytes("password\n"));
  Bytes chain = der_of(region_->supplier.certificate);
  append(chain, region_->ca_a.certificate().der());
  write("1.cer", chain);
  write("1.code", as_bytes(kCode));
  write("entities.toml", as_bytes(kEntities));
  clock_ = std::make_unique<FixedClock>(now);
  trust_ = std::make_unique<TrustKeeper>(TrustFiles{.list = folder_ / "list.p7m",
                                                    .list_signer = folder_ / "signer.cer",
                                                    .revocation_folder = folder_ / "revocation"},
                                         *clock_);
  service_ = std::make_unique<Service>(*trust_, *clock_, inventory());
  handlers_ = std::make_unique<Handlers>(*service_, *clock_);
}

World::~World() { std::filesystem::remove_all(folder_); }

void World::write(const std::string& name, ByteView content) const {
  take(write_file(folder_ / name, content));
}

Inventory World::inventory() const {
  return take(Inventory::load(folder_ / "entities.toml", folder_ / "certificates"));
}

Result<net::Response> World::post(const std::string& type, const std::string& content_type,
                                  std::string_view body) const {
  net::Request request;
  request.method = net::Method::kPost;
  request.path = "/svs/" + type;
  request.body = octets_of(body);
  if (!type.empty()) {
    request.parameters["type"] = type;
  }
  request.headers.add("Content-Type", content_type);
  return handlers_->answer(request);
}

Code code_in(const Packet& answer) { return static_cast<Code>(*answer.number(Member::kRespValue)); }
Bytes octets_of(std::string_view text) { return to_bytes(as_bytes(text)); }
Bytes der_of(const x509::Certificate& certificate) { return to_bytes(certificate.der()); }

Packet verify_request(const demonstration::Identity& signer, std::string_view data, std::uint64_t level) {
  Packet request;
  request.set(Member::kSignMethod, kSm2Method);
  request.set(Member::kType, std::uint64_t{1});
  request.set(Member::kCert, der_of(signer.certificate));
  request.set(Member::kInDataLen, std::uint64_t{data.size()});
  request.set(Member::kInData, octets_of(data));
  request.set(Member::kSignature, take(signer.key.sign(as_bytes(data))));
  request.set(Member::kVerifyLevel, level);
  return request;
}

Packet sign_request(std::string_view data) {
  Packet request;
  request.set(Member::kSignMethod, kSm2Method);
  request.set(Member::kKeyIndex, std::uint64_t{1});
  request.set(Member::kKeyValue, octets_of(kCode));
  request.set(Member::kInDataLen, std::uint64_t{data.size()});
  request.set(Member::kInData, octets_of(data));
  return request;
}

}  // namespace hutong::platform::svs::test
