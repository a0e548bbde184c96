#include "ca/registration/batch_import.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/encoding.h"
#include "crypto/random.h"
#include "net/ulid.h"
#include "tables/table.h"

namespace hutong::ca::registration {
namespace {

constexpr std::array<ImportColumn, 11> kColumns{{
    {"name", "名称", "name", true},
    {"number", "证件号码", "number", true},
    {"role", "角色", "role"},
    {"region", "盟市代码", "region"},
    {"contact", "联系人", "contact"},
    {"phone", "手机号码", "phone"},
    {"email", "电子邮箱", "email"},
    {"common_name", "证书名称", "common name"},
    {"unit", "部门", "unit"},
    {"days", "有效天数", "days"},
    {"request", "证书请求", "request"},
}};
constexpr std::array<std::pair<std::string_view, ApplicantRole>, 5> kRolesZh{{
    {"采购人", ApplicantRole::kPurchaser},
    {"代理机构", ApplicantRole::kAgency},
    {"供应商", ApplicantRole::kSupplier},
    {"评审专家", ApplicantRole::kExpert},
    {"其他", ApplicantRole::kOther},
}};

struct Explanation {
  std::string_view code;
  std::string_view column;
  std::string_view zh;
};
constexpr std::array<Explanation, 16> kExplanations{{
    {"applicant.name", "name", "名称应为 1 至 64 个字符"},
    {"applicant.number", "number", "不是正确的统一社会信用代码或居民身份号码，请核对校验位"},
    {"applicant.region", "region", "盟市代码应为以 15 开头的 6 位数字"},
    {"applicant.contact", "contact", "联系人最多 64 个字符"},
    {"applicant.phone", "phone", "电话号码只能由数字、加号、连字符和空格组成"},
    {"applicant.email", "email", "电子邮箱地址不正确"},
    {"issuing.days", "days", "有效天数超出模板允许的范围"},
    {"subject.text", "common_name", "证书名称应为 1 至 64 个字符，首尾不能有空格"},
    {"subject.missing", "common_name", "缺少模板要求的证书内容"},
    {"subject.identity", "number", "证件号码与模板要求的类型不符"},
    {"subject.not_in_template", "unit", "模板中没有这一项"},
    {"order.key_repeated", "request", "该密钥已用于其他证书或业务单"},
    {"order.key_weak", "request", "该密钥不安全，请重新生成"},
    {"order.key_algorithm", "request", "只签发 SM2 证书"},
    {"order.possession", "request", "证书请求的签名不正确"},
    {"import.row_repeated", "", "与前面的一行完全相同"},
}};

using Columns = std::map<std::string_view, std::size_t>;  ///< field to its place

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

Error bad_heading(std::string detail) { return {Errc::kMalformed, "import.heading", std::move(detail)}; }

ImportFinding finding_for(std::size_t row, std::string_view code, std::string_view detail,
                          std::string_view column = {}) {
  const auto known = std::ranges::find(kExplanations, code, &Explanation::code);
  const bool is_known = known != kExplanations.end();
  return {.row = row,
          .column = std::string(column.empty() && is_known ? known->column : column),
          .code = std::string(code),
          .message_zh = std::string(is_known ? known->zh : std::string_view("这一行的内容不符合要求")),
          .message_en = std::string(detail)};
}

/// Which column stands where. Headings that nobody knows are passed over, with a finding.
Result<Columns> read_heading(const std::vector<std::string>& heading, std::size_t row,
                             std::vector<ImportFinding>& findings) {
  Columns columns;
  for (std::size_t i = 0; i < heading.size(); ++i) {
    const auto known = std::ranges::find_if(kColumns, [&](const ImportColumn& column) {
      return column.zh == heading[i] || column.en == lower(heading[i]) || column.field == lower(heading[i]);
    });
    if (known == kColumns.end() && !heading[i].empty()) {
      ImportFinding unknown =
          finding_for(row, "import.column_unknown", "this column is passed over", heading[i]);
      unknown.message_zh = "不认识这一列，已略过";
      findings.push_back(std::move(unknown));
    } else if (known != kColumns.end() && !columns.emplace(known->field, i).second) {
      return bad_heading("the column " + std::string(known->zh) + " is there twice");
    }
  }
  for (const ImportColumn& column : kColumns) {
    if (column.is_required && !columns.contains(column.field)) {
      return bad_heading("the column " + std::string(column.zh) + " (" + std::string(column.en) +
                         ") is missing");
    }
  }
  return columns;
}

/// One row by the names of its fields.
class Cells {
 public:
  Cells(const Columns& columns, const std::vector<std::string>& row) : columns_(&columns), row_(&row) {}
  std::string operator[](std::string_view field) const {
    const auto found = columns_->find(field);
    return found != columns_->end() && found->second < row_->size() ? (*row_)[found->second] : std::string();
  }

 private:
  const Columns* columns_;
  const std::vector<std::string>* row_;
};

std::optional<ApplicantRole> role_of(const std::string& text) {
  if (text.empty()) {
    return ApplicantRole::kOther;
  }
  const auto zh = std::ranges::find(kRolesZh, text, [](const auto& row) { return row.first; });
  return zh != kRolesZh.end() ? std::optional(zh->second) : applicant_role_from(lower(text));
}

/// A value that is no value of its kind.
struct BadValue {
  std::string_view column;
  std::string_view zh;
  std::string_view en;
};

std::optional<BadValue> read_values(const Cells& cells, NewOrder& order) {
  const auto role = role_of(cells["role"]);
  if (!role) {
    return BadValue{"role", "角色应为采购人、代理机构、供应商、评审专家或其他", "no such role"};
  }
  order.applicant->role = *role;
  if (const std::string days = cells["days"]; !days.empty()) {
    std::uint32_t count = 0;
    const auto [end, error] = std::from_chars(days.data(), days.data() + days.size(), count);
    if (error != std::errc() || end != days.data() + days.size()) {
      return BadValue{"days", "有效天数应为整数", "not a whole number"};
    }
    order.days = count;
  }
  auto request = from_base64(cells["request"]);
  if (!request) {
    return BadValue{"request", "证书请求应为 base64", "not base64"};
  }
  order.request = std::move(request).value();
  return std::nullopt;
}

NewOrder order_of(const Cells& cells, const ImportWish& wish) {
  NewOrder order{.applicant = Applicant{.name = cells["name"],
                                        .number = cells["number"],
                                        .region = cells["region"],
                                        .contact = cells["contact"],
                                        .phone = cells["phone"],
                                        .email = cells["email"]},
                 .template_id = wish.template_id,
                 .subject = SubjectData{},
                 .entry = wish.entry};
  if (const std::string name = cells["common_name"]; !name.empty()) {
    order.subject->attributes.emplace("CN", name);
  }
  if (const std::string unit = cells["unit"]; !unit.empty()) {
    order.subject->attributes.emplace("OU", unit);
  }
  return order;
}

bool is_empty(const std::vector<std::string>& row) {
  return std::ranges::all_of(row, [](const std::string& cell) { return cell.empty(); });
}

/// The rows of a table, judged one after the other.
class Judge {
 public:
  Judge(const OrderDesk& desk, const ImportWish& wish, ImportReport& report)
      : desk_(&desk), wish_(&wish), report_(&report) {}

  void judge(std::size_t number, const std::vector<std::string>& row, const Columns& columns) {
    ++report_->rows;
    const Cells cells(columns, row);
    NewOrder order = order_of(cells, *wish_);
    if (!seen_.insert(row).second) {
      report_->findings.push_back(finding_for(number, "import.row_repeated", "the same as a row before"));
      return;
    }
    if (const auto bad = read_values(cells, order)) {
      ImportFinding finding = finding_for(number, "import.value", bad->en, bad->column);
      finding.message_zh = bad->zh;
      report_->findings.push_back(std::move(finding));
      return;
    }
    if (const Status checked = desk_->check(order); !checked) {
      report_->findings.push_back(finding_for(number, checked.error().reason, checked.error().detail));
      return;
    }
    if (!order.request.empty() && !requests_.insert(order.request).second) {
      report_->findings.push_back(finding_for(number, "order.key_repeated", "a row before has the same key"));
      return;
    }
    good_.push_back(std::move(order));
  }
  std::vector<NewOrder> take() { return std::move(good_); }

 private:
  const OrderDesk* desk_;
  const ImportWish* wish_;
  ImportReport* report_;
  std::set<std::vector<std::string>> seen_;
  std::set<Bytes> requests_;
  std::vector<NewOrder> good_;
};

}  // namespace

std::span<const ImportColumn> import_columns() { return kColumns; }

Result<ImportReport> import_orders(const OrderDesk& desk, const ImportWish& wish, const Doer& doer) {
  HUTONG_TRY(const auto table, tables::read_table(wish.file));
  const auto heading = std::ranges::find_if_not(table.rows, is_empty);
  if (heading == table.rows.end()) {
    return bad_heading("the table is empty");
  }
  ImportReport report;
  const auto first = static_cast<std::size_t>(heading - table.rows.begin());
  HUTONG_TRY(const auto columns, read_heading(*heading, first + 1, report.findings));
  Judge judge(desk, wish, report);
  for (std::size_t i = first + 1; i < table.rows.size(); ++i) {
    if (!is_empty(table.rows[i])) {
      judge.judge(i + 1, table.rows[i], columns);
    }
  }
  std::vector<NewOrder> good = judge.take();
  report.good = good.size();
  const bool is_taken =
      wish.take == Take::kGoodRows || (wish.take == Take::kAllOrNothing && report.good == report.rows);
  if (!is_taken || good.empty()) {
    return report;
  }
  report.batch = net::make_ulid(std::chrono::system_clock::now(), crypto::system_random());
  for (NewOrder& order : good) {
    order.batch = report.batch;
  }
  HUTONG_TRY(const auto entered, desk.enter_all(good, doer));
  for (const EnteredOrder& one : entered) {
    report.orders.push_back(one.order.id);
  }
  return report;
}

}  // namespace hutong::ca::registration
