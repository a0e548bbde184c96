#include "platform/validation/evidence_store.h"

#include <system_error>
#include <variant>

#include "base/encoding.h"
#include "base/file.h"
#include "recognition/detect.h"

namespace hutong::platform {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kListExtension = ".list";
constexpr std::string_view kSignerExtension = ".signer";
constexpr std::string_view kReporterExtension = ".reporter";
constexpr std::string_view kRevocationExtension = ".revocation";
constexpr std::size_t kMostEvidence = std::size_t{1} << 30;
/// How exactly is known when something was needed last.
constexpr std::chrono::hours kTouchEvery{24};

std::string name_of(const crypto::Sm3Digest& sm3, std::string_view extension) {
  return to_hex(sm3) + std::string(extension);
}

Error no_evidence(std::string_view name) {
  return {Errc::kNotFound, "evidence.not_found", "there is no " + std::string(name) + " (any more)"};
}

ByteView der_of(const x509::RevocationSource& object) {
  return std::visit([](const auto& one) { return ByteView(one.der()); }, object);
}

}  // namespace

Result<std::unique_ptr<EvidenceStore>> EvidenceStore::open(fs::path folder, std::chrono::hours keep_for,
                                                           const Clock& clock) {
  std::unique_ptr<EvidenceStore> store(new EvidenceStore(std::move(folder), keep_for, clock));
  if (!store->keeps()) {
    return store;
  }
  std::error_code trouble;
  fs::create_directories(store->folder_, trouble);
  if (trouble) {
    return Error{Errc::kUnavailable, "evidence.folder", "cannot use " + store->folder_.string()};
  }
  store->drop_old();
  return store;
}

Status EvidenceStore::keep_list(ByteView file, const x509::Certificate& signer) {
  if (!keeps()) {
    return ok();
  }
  const auto sm3 = crypto::sm3(file);
  HUTONG_CHECK(keep_file(name_of(sm3, kSignerExtension), signer.der()));
  return keep_file(name_of(sm3, kListExtension), file);
}

void EvidenceStore::touch_list(const crypto::Sm3Digest& list) {
  if (!keeps()) {
    return;
  }
  touch(name_of(list, kSignerExtension));
  touch(name_of(list, kListExtension));
}

Result<crypto::Sm3Digest> EvidenceStore::keep(const x509::RevocationSource& object) {
  const auto* crl = std::get_if<x509::Crl>(&object);
  const auto sm3 = crl != nullptr ? crl->sm3() : crypto::sm3(der_of(object));
  if (keeps()) {
    HUTONG_CHECK(keep_file(name_of(sm3, kRevocationExtension), der_of(object)));
  }
  return sm3;
}

Status EvidenceStore::keep_file(const std::string& name, ByteView content) {
  if (touch(name)) {
    return ok();
  }
  HUTONG_CHECK(write_file(folder_ / name, content, FileMode::kPrivate));
  drop_old();
  const std::lock_guard lock(mutex_);
  touched_[name] = clock_->now();
  return ok();
}

bool EvidenceStore::touch(const std::string& name) {
  const Time now = clock_->now();
  const std::lock_guard lock(mutex_);
  const auto known = touched_.find(name);
  if (known != touched_.end() && now < known->second + kTouchEvery) {
    return true;
  }
  std::error_code absent;
  fs::last_write_time(folder_ / name, fs::file_time_type::clock::now(), absent);
  if (absent) {
    return false;
  }
  touched_[name] = now;
  return true;
}

Result<Bytes> EvidenceStore::read(const std::string& name, const crypto::Sm3Digest& sm3) const {
  if (!keeps()) {
    return no_evidence(name);
  }
  auto content = read_file(folder_ / name, kMostEvidence);
  if (!content) {
    return content.error().code == Errc::kNotFound ? no_evidence(name) : content.error();
  }
  if (crypto::sm3(*content) != sm3) {
    return Error{Errc::kMalformed, "evidence.altered", name + " has another content by now"};
  }
  return content;
}

Status EvidenceStore::keep_reporter(const x509::Certificate& reporter) {
  return keeps() ? keep_file(name_of(reporter.sm3(), kReporterExtension), reporter.der()) : ok();
}

bool EvidenceStore::is_reporter(const x509::Certificate& certificate) const {
  return bool(read(name_of(certificate.sm3(), kReporterExtension), certificate.sm3()));
}

Result<recognition::LoadedTrustList> EvidenceStore::list(const crypto::Sm3Digest& sm3, Time at) const {
  HUTONG_TRY(const Bytes file, read(name_of(sm3, kListExtension), sm3));
  const std::string signer_name = name_of(sm3, kSignerExtension);
  HUTONG_TRY(const Bytes signer_file, read_file(folder_ / signer_name, kMostEvidence));
  HUTONG_TRY(const auto signer, x509::Certificate::parse(ByteView(signer_file)));
  auto loaded = recognition::load_trust_list(file, signer, at);
  if (loaded.list == nullptr) {
    return Error{Errc::kMalformed, "evidence.altered", loaded.detail};
  }
  return loaded;
}

Result<x509::RevocationSource> EvidenceStore::revocation(const crypto::Sm3Digest& sm3) const {
  HUTONG_TRY(Bytes der, read(name_of(sm3, kRevocationExtension), sm3));
  if (auto crl = x509::Crl::parse(ByteView(der))) {
    return x509::RevocationSource(std::move(*crl));
  }
  HUTONG_TRY(auto response, x509::OcspResponse::parse(std::move(der)));
  return x509::RevocationSource(std::move(response));
}

void EvidenceStore::drop_old() {
  const Time now = clock_->now();
  const std::lock_guard lock(mutex_);
  if (now < dropped_ + kTouchEvery) {
    return;
  }
  dropped_ = now;
  const auto oldest = fs::file_time_type::clock::now() - keep_for_ - kTouchEvery;
  std::error_code trouble;
  for (fs::directory_iterator entry(folder_, trouble), end; !trouble && entry != end;
       entry.increment(trouble)) {
    std::error_code ignored;
    if (entry->last_write_time(ignored) < oldest && !ignored) {
      touched_.erase(entry->path().filename().string());
      fs::remove(entry->path(), ignored);
    }
  }
}

}  // namespace hutong::platform
