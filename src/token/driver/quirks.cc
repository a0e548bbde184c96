#include "token/driver/quirks.h"

#include <algorithm>

namespace hutong::token {
namespace {

constexpr std::array<QuirkRow, kQuirkCount> kTable{{
    {Quirk::kLeftAlignedNumbers, "left_aligned_numbers", "坐标与签名值在64字节字段中靠左存放",
     "coordinates and signature values stand in the left half of their fields"},
    {Quirk::kDerSignatures, "der_signatures", "签名返回DER编码而不是ECCSIGNATUREBLOB",
     "signatures come as DER instead of ECCSIGNATUREBLOB"},
    {Quirk::kNoSessionKeyImport, "no_session_key_import",
     "不支持用加密私钥导入会话密钥，无法在介质内解密信封",
     "session keys cannot be imported, so no envelope opens in the token"},
    {Quirk::kUnendedNameLists, "unended_name_lists", "名称列表末尾缺少结束符",
     "name lists lack the NUL behind the last name"},
    {Quirk::kDraftAlgorithms, "draft_algorithms", "使用2010年草案的SM2算法标识",
     "SM2 algorithms by the numbers of the draft of 2010"},
    {Quirk::kInvalidPinIsWrongPin, "invalid_pin_is_wrong_pin", "PIN错误时返回SAR_PIN_INVALID",
     "a wrong PIN is answered by SAR_PIN_INVALID"},
    {Quirk::kFailIsNotFound, "fail_is_not_found", "容器或证书不存在时返回SAR_FAIL",
     "an absent container or certificate is answered by SAR_FAIL"},
}};

}  // namespace

std::span<const QuirkRow> quirk_table() { return kTable; }

std::optional<Quirk> quirk_from_name(std::string_view name) {
  const auto* const found = std::ranges::find(kTable, name, &QuirkRow::name);
  return found != kTable.end() ? std::optional(found->quirk) : std::nullopt;
}

}  // namespace hutong::token
