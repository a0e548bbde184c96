#include "platform/subjects/region.h"

#include <algorithm>
#include <array>

#include "net/json.h"
#include "net/router.h"

namespace hutong::platform {
namespace {

/// GB/T 2260, the part below 150000. Mongolian names in English as the standard romanises them and maps write
/// them, the words for divisions and sides translated.
constexpr std::array kRegions{
    Region{"150000", "内蒙古自治区", "Inner Mongolia Autonomous Region"},
    Region{"150100", "呼和浩特市", "Hohhot"},
    Region{"150102", "新城区", "Xincheng District"},
    Region{"150103", "回民区", "Huimin District"},
    Region{"150104", "玉泉区", "Yuquan District"},
    Region{"150105", "赛罕区", "Saihan District"},
    Region{"150121", "土默特左旗", "Tumd Left Banner"},
    Region{"150122", "托克托县", "Togtoh County"},
    Region{"150123", "和林格尔县", "Horinger County"},
    Region{"150124", "清水河县", "Qingshuihe County"},
    Region{"150125", "武川县", "Wuchuan County"},
    Region{"150200", "包头市", "Baotou"},
    Region{"150202", "东河区", "Donghe District"},
    Region{"150203", "昆都仑区", "Hondlon District"},
    Region{"150204", "青山区", "Qingshan District"},
    Region{"150205", "石拐区", "Shiguai District"},
    Region{"150206", "白云鄂博矿区", "Bayan Obo Mining District"},
    Region{"150207", "九原区", "Jiuyuan District"},
    Region{"150221", "土默特右旗", "Tumd Right Banner"},
    Region{"150222", "固阳县", "Guyang County"},
    Region{"150223", "达尔罕茂明安联合旗", "Darhan Muminggan United Banner"},
    Region{"150300", "乌海市", "Wuhai"},
    Region{"150302", "海勃湾区", "Haibowan District"},
    Region{"150303", "海南区", "Hainan District"},
    Region{"150304", "乌达区", "Ud District"},
    Region{"150400", "赤峰市", "Chifeng"},
    Region{"150402", "红山区", "Hongshan District"},
    Region{"150403", "元宝山区", "Yuanbaoshan District"},
    Region{"150404", "松山区", "Songshan District"},
    Region{"150421", "阿鲁科尔沁旗", "Ar Horqin Banner"},
    Region{"150422", "巴林左旗", "Bairin Left Banner"},
    Region{"150423", "巴林右旗", "Bairin Right Banner"},
    Region{"150424", "林西县", "Linxi County"},
    Region{"150425", "克什克腾旗", "Hexigten Banner"},
    Region{"150426", "翁牛特旗", "Ongniud Banner"},
    Region{"150428", "喀喇沁旗", "Harqin Banner"},
    Region{"150429", "宁城县", "Ningcheng County"},
    Region{"150430", "敖汉旗", "Aohan Banner"},
    Region{"150500", "通辽市", "Tongliao"},
    Region{"150502", "科尔沁区", "Horqin District"},
    Region{"150521", "科尔沁左翼中旗", "Horqin Left Wing Middle Banner"},
    Region{"150522", "科尔沁左翼后旗", "Horqin Left Wing Rear Banner"},
    Region{"150523", "开鲁县", "Kailu County"},
    Region{"150524", "库伦旗", "Hure Banner"},
    Region{"150525", "奈曼旗", "Naiman Banner"},
    Region{"150526", "扎鲁特旗", "Jarud Banner"},
    Region{"150581", "霍林郭勒市", "Holingol"},
    Region{"150600", "鄂尔多斯市", "Ordos"},
    Region{"150602", "东胜区", "Dongsheng District"},
    Region{"150603", "康巴什区", "Kangbashi District"},
    Region{"150621", "达拉特旗", "Dalad Banner"},
    Region{"150622", "准格尔旗", "Jungar Banner"},
    Region{"150623", "鄂托克前旗", "Otog Front Banner"},
    Region{"150624", "鄂托克旗", "Otog Banner"},
    Region{"150625", "杭锦旗", "Hanggin Banner"},
    Region{"150626", "乌审旗", "Uxin Banner"},
    Region{"150627", "伊金霍洛旗", "Ejin Horo Banner"},
    Region{"150700", "呼伦贝尔市", "Hulunbuir"},
    Region{"150702", "海拉尔区", "Hailar District"},
    Region{"150703", "扎赉诺尔区", "Jalai Nur District"},
    Region{"150721", "阿荣旗", "Arun Banner"},
    Region{"150722", "莫力达瓦达斡尔族自治旗", "Morin Dawa Daur Autonomous Banner"},
    Region{"150723", "鄂伦春自治旗", "Oroqen Autonomous Banner"},
    Region{"150724", "鄂温克族自治旗", "Ewenki Autonomous Banner"},
    Region{"150725", "陈巴尔虎旗", "Chen Barag Banner"},
    Region{"150726", "新巴尔虎左旗", "Xin Barag Left Banner"},
    Region{"150727", "新巴尔虎右旗", "Xin Barag Right Banner"},
    Region{"150781", "满洲里市", "Manzhouli"},
    Region{"150782", "牙克石市", "Yakeshi"},
    Region{"150783", "扎兰屯市", "Zalantun"},
    Region{"150784", "额尔古纳市", "Ergun"},
    Region{"150785", "根河市", "Genhe"},
    Region{"150800", "巴彦淖尔市", "Bayannur"},
    Region{"150802", "临河区", "Linhe District"},
    Region{"150821", "五原县", "Wuyuan County"},
    Region{"150822", "磴口县", "Dengkou County"},
    Region{"150823", "乌拉特前旗", "Urad Front Banner"},
    Region{"150824", "乌拉特中旗", "Urad Middle Banner"},
    Region{"150825", "乌拉特后旗", "Urad Rear Banner"},
    Region{"150826", "杭锦后旗", "Hanggin Rear Banner"},
    Region{"150900", "乌兰察布市", "Ulanqab"},
    Region{"150902", "集宁区", "Jining District"},
    Region{"150921", "卓资县", "Zhuozi County"},
    Region{"150922", "化德县", "Huade County"},
    Region{"150923", "商都县", "Shangdu County"},
    Region{"150924", "兴和县", "Xinghe County"},
    Region{"150925", "凉城县", "Liangcheng County"},
    Region{"150926", "察哈尔右翼前旗", "Qahar Right Wing Front Banner"},
    Region{"150927", "察哈尔右翼中旗", "Qahar Right Wing Middle Banner"},
    Region{"150928", "察哈尔右翼后旗", "Qahar Right Wing Rear Banner"},
    Region{"150929", "四子王旗", "Siziwang Banner"},
    Region{"150981", "丰镇市", "Fengzhen"},
    Region{"152200", "兴安盟", "Hinggan League"},
    Region{"152201", "乌兰浩特市", "Ulanhot"},
    Region{"152202", "阿尔山市", "Arxan"},
    Region{"152221", "科尔沁右翼前旗", "Horqin Right Wing Front Banner"},
    Region{"152222", "科尔沁右翼中旗", "Horqin Right Wing Middle Banner"},
    Region{"152223", "扎赉特旗", "Jalaid Banner"},
    Region{"152224", "突泉县", "Tuquan County"},
    Region{"152500", "锡林郭勒盟", "Xilingol League"},
    Region{"152501", "二连浩特市", "Erenhot"},
    Region{"152502", "锡林浩特市", "Xilinhot"},
    Region{"152522", "阿巴嘎旗", "Abag Banner"},
    Region{"152523", "苏尼特左旗", "Sonid Left Banner"},
    Region{"152524", "苏尼特右旗", "Sonid Right Banner"},
    Region{"152525", "东乌珠穆沁旗", "East Ujimqin Banner"},
    Region{"152526", "西乌珠穆沁旗", "West Ujimqin Banner"},
    Region{"152527", "太仆寺旗", "Taibus Banner"},
    Region{"152528", "镶黄旗", "Xianghuang Banner"},
    Region{"152529", "正镶白旗", "Zhengxiangbai Banner"},
    Region{"152530", "正蓝旗", "Zhenglan Banner"},
    Region{"152531", "多伦县", "Duolun County"},
    Region{"152900", "阿拉善盟", "Alxa League"},
    Region{"152921", "阿拉善左旗", "Alxa Left Banner"},
    Region{"152922", "阿拉善右旗", "Alxa Right Banner"},
    Region{"152923", "额济纳旗", "Ejin Banner"},
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
    items.push_back({{"code", region.code}, {"name_zh", region.name_zh}, {"name_en", region.name_en}});
  }
  return net::json_response({{"items", std::move(items)}});
}

}  // namespace hutong::platform
