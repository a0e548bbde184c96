#include "platform/subjects/region.h"

#include <algorithm>
#include <array>

#include "net/json.h"
#include "net/router.h"

namespace hutong::platform {
namespace {

/// GB/T 2260, the part below 150000.
constexpr std::array kRegions{
    Region{"150000", "内蒙古自治区"},
    Region{"150100", "呼和浩特市"},
    Region{"150102", "新城区"},
    Region{"150103", "回民区"},
    Region{"150104", "玉泉区"},
    Region{"150105", "赛罕区"},
    Region{"150121", "土默特左旗"},
    Region{"150122", "托克托县"},
    Region{"150123", "和林格尔县"},
    Region{"150124", "清水河县"},
    Region{"150125", "武川县"},
    Region{"150200", "包头市"},
    Region{"150202", "东河区"},
    Region{"150203", "昆都仑区"},
    Region{"150204", "青山区"},
    Region{"150205", "石拐区"},
    Region{"150206", "白云鄂博矿区"},
    Region{"150207", "九原区"},
    Region{"150221", "土默特右旗"},
    Region{"150222", "固阳县"},
    Region{"150223", "达尔罕茂明安联合旗"},
    Region{"150300", "乌海市"},
    Region{"150302", "海勃湾区"},
    Region{"150303", "海南区"},
    Region{"150304", "乌达区"},
    Region{"150400", "赤峰市"},
    Region{"150402", "红山区"},
    Region{"150403", "元宝山区"},
    Region{"150404", "松山区"},
    Region{"150421", "阿鲁科尔沁旗"},
    Region{"150422", "巴林左旗"},
    Region{"150423", "巴林右旗"},
    Region{"150424", "林西县"},
    Region{"150425", "克什克腾旗"},
    Region{"150426", "翁牛特旗"},
    Region{"150428", "喀喇沁旗"},
    Region{"150429", "宁城县"},
    Region{"150430", "敖汉旗"},
    Region{"150500", "通辽市"},
    Region{"150502", "科尔沁区"},
    Region{"150521", "科尔沁左翼中旗"},
    Region{"150522", "科尔沁左翼后旗"},
    Region{"150523", "开鲁县"},
    Region{"150524", "库伦旗"},
    Region{"150525", "奈曼旗"},
    Region{"150526", "扎鲁特旗"},
    Region{"150581", "霍林郭勒市"},
    Region{"150600", "鄂尔多斯市"},
    Region{"150602", "东胜区"},
    Region{"150603", "康巴什区"},
    Region{"150621", "达拉特旗"},
    Region{"150622", "准格尔旗"},
    Region{"150623", "鄂托克前旗"},
    Region{"150624", "鄂托克旗"},
    Region{"150625", "杭锦旗"},
    Region{"150626", "乌审旗"},
    Region{"150627", "伊金霍洛旗"},
    Region{"150700", "呼伦贝尔市"},
    Region{"150702", "海拉尔区"},
    Region{"150703", "扎赉诺尔区"},
    Region{"150721", "阿荣旗"},
    Region{"150722", "莫力达瓦达斡尔族自治旗"},
    Region{"150723", "鄂伦春自治旗"},
    Region{"150724", "鄂温克族自治旗"},
    Region{"150725", "陈巴尔虎旗"},
    Region{"150726", "新巴尔虎左旗"},
    Region{"150727", "新巴尔虎右旗"},
    Region{"150781", "满洲里市"},
    Region{"150782", "牙克石市"},
    Region{"150783", "扎兰屯市"},
    Region{"150784", "额尔古纳市"},
    Region{"150785", "根河市"},
    Region{"150800", "巴彦淖尔市"},
    Region{"150802", "临河区"},
    Region{"150821", "五原县"},
    Region{"150822", "磴口县"},
    Region{"150823", "乌拉特前旗"},
    Region{"150824", "乌拉特中旗"},
    Region{"150825", "乌拉特后旗"},
    Region{"150826", "杭锦后旗"},
    Region{"150900", "乌兰察布市"},
    Region{"150902", "集宁区"},
    Region{"150921", "卓资县"},
    Region{"150922", "化德县"},
    Region{"150923", "商都县"},
    Region{"150924", "兴和县"},
    Region{"150925", "凉城县"},
    Region{"150926", "察哈尔右翼前旗"},
    Region{"150927", "察哈尔右翼中旗"},
    Region{"150928", "察哈尔右翼后旗"},
    Region{"150929", "四子王旗"},
    Region{"150981", "丰镇市"},
    Region{"152200", "兴安盟"},
    Region{"152201", "乌兰浩特市"},
    Region{"152202", "阿尔山市"},
    Region{"152221", "科尔沁右翼前旗"},
    Region{"152222", "科尔沁右翼中旗"},
    Region{"152223", "扎赉特旗"},
    Region{"152224", "突泉县"},
    Region{"152500", "锡林郭勒盟"},
    Region{"152501", "二连浩特市"},
    Region{"152502", "锡林浩特市"},
    Region{"152522", "阿巴嘎旗"},
    Region{"152523", "苏尼特左旗"},
    Region{"152524", "苏尼特右旗"},
    Region{"152525", "东乌珠穆沁旗"},
    Region{"152526", "西乌珠穆沁旗"},
    Region{"152527", "太仆寺旗"},
    Region{"152528", "镶黄旗"},
    Region{"152529", "正镶白旗"},
    Region{"152530", "正蓝旗"},
    Region{"152531", "多伦县"},
    Region{"152900", "阿拉善盟"},
    Region{"152921", "阿拉善左旗"},
    Region{"152922", "阿拉善右旗"},
    Region{"152923", "额济纳旗"},
};

}  // namespace

std::span<const Region> regions() { return kRegions; }

const Region* find_region(std::string_view code) {
  const auto* found = std::ranges::lower_bound(kRegions, code, {}, &Region::code);
  return found != kRegions.end() && found->code == code ? found : nullptr;
}

bool is_part_of_region(std::string_view code) { return code != kWholeRegion && find_region(code) != nullptr; }

std::string_view prefix_of(std::string_view region) {
  while (region.ends_with("00")) {
    region.remove_suffix(2);
  }
  return region;
}

bool lies_within(std::string_view code, std::string_view whole) { return code.starts_with(prefix_of(whole)); }

Result<net::Response> list_regions(const net::Request& /*request*/) {
  net::Json items = net::Json::array();
  for (const Region& region : kRegions) {
    items.push_back({{"code", region.code}, {"name_zh", region.name_zh}});
  }
  return net::json_response({{"items", std::move(items)}});
}

}  // namespace hutong::platform
