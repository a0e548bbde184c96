#include "agent/loopback_identity.h"

#include <utility>

#include "base/file.h"
#include "x509/input.h"

namespace hutong::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostPem = 65'536;

struct Files {
  fs::path certificate;
  fs::path key;
  fs::path authority;
};

Files files_in(const fs::path& folder) {
  return {.certificate = folder / "loopback.crt",
          .key = folder / "loopback.key",
          .authority = folder / "loopback-authority.crt"};
}

Result<LoopbackIdentity> read_identity(const Files& files) {
  HUTONG_TRY(auto tls, net::read_tls_identity(files.certificate, files.key));
  HUTONG_CHECK(net::ServerTls::create(tls));  // the key is there and the certificate's
  HUTONG_TRY(const Bytes authority, read_file(files.authority, kMostPem));
  HUTONG_CHECK(x509::read_certificate(authority));
  HUTONG_TRY(const auto certificates, x509::read_certificates(tls.certificates));
  const Time expires = certificates.certificates.front().not_after();
  return LoopbackIdentity{.tls = std::move(tls), .authority = files.authority, .expires = expires};
}

Result<LoopbackIdentity> make_identity(const Files& files, Time now) {
  HUTONG_TRY(auto made, net::make_confined({.name = "Hutong agent on this machine",
                                            .hosts = {"127.0.0.1", "localhost"},
                                            .not_before = now - std::chrono::hours(1),
                                            .not_after = now + kLoopbackLifetime}));
  HUTONG_CHECK(write_file(files.key, made.identity.key.expose(), FileMode::kPrivate));
  HUTONG_CHECK(write_file(files.certificate, made.identity.certificates));
  HUTONG_CHECK(write_file(files.authority, made.authority));
  return LoopbackIdentity{
      .tls = std::move(made.identity), .authority = files.authority, .expires = now + kLoopbackLifetime};
}

}  // namespace

Result<LoopbackIdentity> keep_loopback_identity(const fs::path& folder, Time now) {
  const Files files = files_in(folder);
  auto known = read_identity(files);
  if (known && known->expires > now + kLoopbackRenewal) {
    return known;
  }
  return make_identity(files, now);
}

}  // namespace hutong::agent
