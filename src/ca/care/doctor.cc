#include "ca/care/doctor.h"

#include <algorithm>
#include <utility>

#include "audit/audit_log.h"
#include "audit/clock_check.h"
#include "ca/care/examination.h"

namespace hutong::ca {
namespace {

using care::bad;
using care::Findings;
using care::good;
using care::warning;

constexpr std::uintmax_t kLittleRoom = std::uintmax_t{1} << 30;
constexpr std::uintmax_t kNoRoom = std::uintmax_t{64} << 20;

Status examine_clock(storage::Reader& reader, Time now, Findings& out) {
  HUTONG_TRY(const auto page, audit::search(reader, {.limit = 1}));
  if (page.records.empty()) {
    out.push_back(bad("ca.initialised", "尚未初始化：请先运行 hutong-ca init",
                      "not initialised: run `hutong-ca init` first"));
    return ok();
  }
  if (const Status clock = audit::check_clock(reader, now); !clock) {
    out.push_back(
        bad("clock",
            "系统时钟早于已有的审计记录：请校准时钟（NTP），期间不会签发；若此前时钟偏快、现已校准，"
            "请运行 hutong-ca accept-clock（" +
                clock.error().detail + "）",
            clock.error().detail + " (NTP), nothing is signed until then; if it had been ahead and "
                                   "is right now, run `hutong-ca accept-clock`"));
  } else {
    out.push_back(good("clock", "系统时钟晚于审计记录", "the clock stands after the audit records"));
  }
  return ok();
}

Status examine_audit(storage::Reader& reader, Findings& out) {
  HUTONG_TRY(const auto report, audit::verify_chain(reader));
  const std::string count = std::to_string(report.records);
  if (report.whole()) {
    out.push_back(good("audit.chain", "审计链完整，共 " + count + " 条",
                       "the audit chain is whole: " + count + " records"));
  } else {
    const std::string where = std::to_string(report.defect_at);
    out.push_back(bad("audit.chain", "审计链在第 " + where + " 条断裂：请保留数据库副本并通知审计管理员",
                      "the audit chain is broken at record " + where +
                          ": keep a copy of the database and tell the audit administrator"));
  }
  return ok();
}

void examine_room(const std::filesystem::path& folder, Findings& out) {
  std::error_code failure;
  const auto space = std::filesystem::space(folder, failure);
  if (failure) {
    out.push_back(warning("disk", "无法查询磁盘空间：" + folder.string(),
                          "the room on the disk cannot be found out: " + folder.string()));
    return;
  }
  const std::string left = std::to_string(space.available >> 20) + " MiB";
  if (space.available < kLittleRoom) {
    auto finding = warning("disk", "磁盘空间只剩 " + left + "：请清理或扩容",
                           "only " + left + " are left on the disk: make room");
    finding.health = space.available < kNoRoom ? Health::kBad : Health::kWarning;
    out.push_back(std::move(finding));
    return;
  }
  out.push_back(good("disk", "磁盘空间剩余 " + left, left + " are left on the disk"));
}

}  // namespace

std::string_view to_string(Health health) {
  switch (health) {
    case Health::kGood:
      return "good";
    case Health::kWarning:
      return "warning";
    case Health::kBad:
      break;
  }
  return "bad";
}

Health worst(const std::vector<Diagnosis>& all) {
  const auto found = std::ranges::max_element(all, {}, &Diagnosis::health);
  return found == all.end() ? Health::kGood : found->health;
}

net::Json to_json(const std::vector<Diagnosis>& all) {
  net::Json list = net::Json::array();
  for (const Diagnosis& one : all) {
    list.push_back({{"code", one.code},
                    {"health", to_string(one.health)},
                    {"message_zh", one.text_zh},
                    {"message_en", one.text_en}});
  }
  return {{"health", to_string(worst(all))}, {"findings", list}};
}

Result<std::vector<Diagnosis>> examine(const Patient& patient, Time now) {
  Findings out;
  HUTONG_TRY(auto reader, patient.database.read());
  HUTONG_CHECK(examine_clock(reader, now, out));
  HUTONG_CHECK(examine_audit(reader, out));
  if (!patient.folder.empty()) {
    examine_room(patient.folder, out);
  }
  HUTONG_CHECK(care::examine_keys(reader, patient.keys, now, out));
  HUTONG_CHECK(care::examine_operators(reader, now, out));
  HUTONG_CHECK(care::examine_lists(reader, patient, now, out));
  if (patient.ask == AskOthers::kYes) {
    HUTONG_CHECK(care::examine_publishing_points(reader, patient, out));
    if (patient.key_centre) {
      care::examine_key_centre(*patient.key_centre, out);
    }
  }
  return out;
}

}  // namespace hutong::ca
