#include "platform/trust/trust_keeper.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "base/stream.h"
#include "net/log.h"
#include "recognition/detect.h"
#include "x509/input.h"

namespace hutong::platform {
namespace {

namespace fs = std::filesystem;
using recognition::LoadedTrustList;
using recognition::TrustListState;

constexpr std::size_t kMostList = std::size_t{256} << 20;
constexpr std::size_t kMostCertificate = 1 << 20;
constexpr std::size_t kMostRevocationFile = std::size_t{1} << 30;

LoadedTrustList no_list(TrustListState state, std::string reason, std::string detail) {
  return {.list = nullptr, .failure = state, .reason = std::move(reason), .detail = std::move(detail)};
}

void describe(const fs::path& path, std::string& out) {
  std::error_code trouble;
  const auto size = fs::file_size(path, trouble);
  const auto written = fs::last_write_time(path, trouble);
  out += path.string() + '\n' + (trouble ? std::string("none") : std::to_string(size)) + '\n' +
         (trouble ? std::string("none") : std::to_string(written.time_since_epoch().count())) + '\n';
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code trouble;
  for (fs::directory_iterator entry(folder, trouble), end; !trouble && entry != end;
       entry.increment(trouble)) {
    if (entry->is_regular_file(trouble) && entry->path().filename().string().front() != '.') {
      files.push_back(entry->path());
    }
  }
  std::ranges::sort(files);
  return files;
}

using RevocationObject = std::variant<x509::Crl, x509::OcspResponse>;

/// Where the snapshots of large lists lie, beside them; files_in leaves it out.
constexpr std::string_view kSnapshotFolder = ".snapshots";
constexpr std::uintmax_t kSnapshotFrom = 1 << 20;  ///< octets of a list

fs::path snapshot_of(const fs::path& list) {
  return list.parent_path() / kSnapshotFolder / (list.filename().string() + ".snapshot");
}

Result<x509::Crl> open_snapshot(const fs::path& file, const std::string& origin) {
  HUTONG_TRY(auto mapped, MappedFile::open(file));
  return x509::Crl::open_snapshot(std::move(mapped), origin);
}

Status write_snapshot(const x509::Crl& list, const fs::path& file, const std::string& origin) {
  HUTONG_TRY(auto out, FileSink::create(file));
  HUTONG_CHECK(list.write_snapshot(out, origin));
  return out.commit();
}

/// The list as a mapped file, so that only what is looked up lies in memory, and a restart reads nothing. A
/// folder that cannot be written costs the memory and nothing else.
x509::Crl mapped(x509::Crl list, const fs::path& path, const std::string& origin) {
  const fs::path snapshot = snapshot_of(path);
  std::error_code trouble;
  fs::create_directories(snapshot.parent_path(), trouble);
  const auto written = write_snapshot(list, snapshot, origin);
  auto opened = written ? open_snapshot(snapshot, origin) : Result<x509::Crl>(written.error());
  if (!opened) {
    net::log(net::LogLevel::kWarning, "revocation.no_snapshot",
             {{"file", path.filename().string()}, {"detail", opened.error().detail}});
    return list;
  }
  return std::move(*opened);
}

void remove_snapshots_without_list(const fs::path& folder) {
  for (const auto& snapshot : files_in(folder / kSnapshotFolder)) {
    std::error_code ignored;
    if (!fs::exists(folder / snapshot.stem(), ignored)) {
      fs::remove(snapshot, ignored);
    }
  }
}

/// An Error unless the file is a CRL or an OCSP response that can be read. `origin`: describe(path).
Result<RevocationObject> read_revocation_file(const fs::path& path, const std::string& origin) {
  std::error_code trouble;
  const bool large = fs::file_size(path, trouble) >= kSnapshotFrom && !trouble;
  if (large) {
    if (auto list = open_snapshot(snapshot_of(path), origin)) {
      return RevocationObject(std::move(*list));
    }
  }
  HUTONG_TRY(const Bytes file, read_file(path, kMostRevocationFile));
  auto found = recognition::detect(file);
  if (found.kind == recognition::Kind::kCrl) {
    HUTONG_TRY(auto crl, x509::Crl::parse(std::move(found.object)));
    return RevocationObject(large ? mapped(std::move(crl), path, origin) : std::move(crl));
  }
  if (found.kind == recognition::Kind::kOcspResponse) {
    HUTONG_TRY(auto response, x509::OcspResponse::parse(std::move(found.object)));
    return RevocationObject(std::move(response));
  }
  return Error{Errc::kMalformed, "revocation.kind", "neither a CRL nor an OCSP response"};
}

}  // namespace

TrustKeeper::TrustKeeper(TrustFiles files, const Clock& clock, std::function<void()> on_reload,
                         OnList on_list)
    : files_(std::move(files)),
      clock_(&clock),
      on_reload_(std::move(on_reload)),
      on_list_(std::move(on_list)) {
  refresh();
}

TrustKeeper::~TrustKeeper() { stop_watching(); }

void TrustKeeper::stop_watching() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (watcher_.joinable()) {
    watcher_.join();
  }
}

std::shared_ptr<const TrustSnapshot> TrustKeeper::current() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

void TrustKeeper::refresh() {
  const std::lock_guard refreshing(refreshing_);
  std::string now = fingerprint();
  if (now == fingerprint_) {
    return;
  }
  fingerprint_ = std::move(now);
  auto snapshot = std::make_shared<TrustSnapshot>();
  snapshot->list = read_list();
  read_revocation(*snapshot);
  {
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(snapshot);
  }
  if (on_reload_) {
    on_reload_();
  }
}

std::string TrustKeeper::fingerprint() const {
  std::string text;
  describe(files_.list, text);
  describe(files_.list_signer, text);
  for (const auto& path : files_in(files_.revocation_folder)) {
    describe(path, text);
  }
  return text;
}

LoadedTrustList TrustKeeper::read_list() {
  auto outcome = [this]() -> LoadedTrustList {
    if (files_.list_signer.empty() || files_.list.empty()) {
      return no_list(
          TrustListState::kMissing,
          files_.list_signer.empty() ? "trust_list.no_signer" : "trust_list.missing",
          files_.list_signer.empty() ? "no trust.list_signer is configured" : "no trust.list is configured");
    }
    const auto signer_file = read_file(files_.list_signer, kMostCertificate);
    const auto signer =
        signer_file ? x509::read_certificate(*signer_file) : Result<x509::Certificate>(signer_file.error());
    if (!signer) {
      return no_list(TrustListState::kMissing, "trust_list.no_signer", signer.error().detail);
    }
    const auto file = read_file(files_.list, kMostList);
    if (!file) {
      return no_list(TrustListState::kMissing, "trust_list.missing", file.error().detail);
    }
    auto loaded = recognition::load_trust_list(*file, *signer, clock_->now());
    if (loaded.list != nullptr && loaded.list->content().number < highest_number_) {
      return no_list(TrustListState::kMalformed, "trust_list.rollback",
                     "list no. " + std::to_string(highest_number_) + " was in force before");
    }
    if (loaded.list != nullptr && on_list_) {
      on_list_(*file, *signer);
    }
    return loaded;
  }();
  const TrustListState state = outcome.state(clock_->now());
  net::Json fields = {{"state", to_string(state)}};
  if (outcome.list != nullptr) {
    highest_number_ = outcome.list->content().number;
    fields["number"] = highest_number_;
    fields["services"] = outcome.list->content().services.size();
    fields["next_update"] = to_rfc3339(outcome.list->content().next_update);
  } else {
    fields["reason"] = outcome.reason;
    fields["detail"] = outcome.detail;
  }
  if (state != TrustListState::kCurrent) {
    fields["consequence"] = "nothing will be called valid";
  }
  net::log(state == TrustListState::kCurrent ? net::LogLevel::kInfo : net::LogLevel::kError,
           "trust_list.loaded", fields);
  return outcome;
}

void TrustKeeper::read_revocation(TrustSnapshot& snapshot) {
  RevocationFiles read;
  for (const auto& path : files_in(files_.revocation_folder)) {
    std::string file;
    describe(path, file);
    if (const auto known = revocation_files_.find(file); known != revocation_files_.end()) {
      read.insert(*known);
    } else if (auto object = read_revocation_file(path, file)) {
      read.emplace(std::move(file), std::move(*object));
    } else {
      net::log(net::LogLevel::kWarning, "revocation.unreadable",
               {{"file", path.filename().string()}, {"reason", object.error().reason}});
    }
  }
  revocation_files_ = std::move(read);
  remove_snapshots_without_list(files_.revocation_folder);
  std::vector<x509::Crl> crls;
  std::vector<x509::OcspResponse> responses;
  for (const auto& [file, object] : revocation_files_) {
    if (const auto* crl = std::get_if<x509::Crl>(&object)) {
      crls.push_back(*crl);
    } else {
      responses.push_back(std::get<x509::OcspResponse>(object));
    }
  }
  net::log(net::LogLevel::kInfo, "revocation.loaded",
           {{"crls", crls.size()}, {"ocsp_responses", responses.size()}});
  snapshot.revocation = recognition::RevocationData(std::move(crls), std::move(responses));
}

void TrustKeeper::start_watching(std::function<void()> before) {
  watcher_ = std::thread([this, before = std::move(before)] { watch(before); });
}

void TrustKeeper::watch(const std::function<void()>& before) {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, files_.reload, [this] { return stopping_; })) {
    lock.unlock();
    try {
      if (before) {
        before();
      }
      refresh();
    } catch (const std::exception& failure) {
      net::log(net::LogLevel::kError, "trust.reload_failed", {{"what", failure.what()}});
    }
    lock.lock();
  }
}

}  // namespace hutong::platform
