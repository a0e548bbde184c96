#include "token/skf_text.h"

#include <algorithm>
#include <array>

#include "token/skf.h"

namespace hutong::token {
namespace {

constexpr SkfResultText kResults[] = {
    {SAR_OK, "SAR_OK", "成功", "success"},
    {SAR_FAIL, "SAR_FAIL", "操作失败", "the operation failed"},
    {SAR_UNKNOWNERR, "SAR_UNKNOWNERR", "未知错误", "unknown error"},
    {SAR_NOTSUPPORTYETERR, "SAR_NOTSUPPORTYETERR", "该功能暂不支持", "not supported"},
    {SAR_FILEERR, "SAR_FILEERR", "文件操作错误", "file error"},
    {SAR_INVALIDHANDLEERR, "SAR_INVALIDHANDLEERR", "无效的句柄", "the handle is not valid"},
    {SAR_INVALIDPARAMERR, "SAR_INVALIDPARAMERR", "无效的参数", "a parameter is not valid"},
    {SAR_READFILEERR, "SAR_READFILEERR", "读文件错误", "the file cannot be read"},
    {SAR_WRITEFILEERR, "SAR_WRITEFILEERR", "写文件错误", "the file cannot be written"},
    {SAR_NAMELENERR, "SAR_NAMELENERR", "名称长度错误", "the name is too long or empty"},
    {SAR_KEYUSAGEERR, "SAR_KEYUSAGEERR", "密钥用途错误", "the key is not for this use"},
    {SAR_MODULUSLENERR, "SAR_MODULUSLENERR", "模的长度错误", "the length of the modulus is wrong"},
    {SAR_NOTINITIALIZEERR, "SAR_NOTINITIALIZEERR", "未初始化", "not initialised"},
    {SAR_OBJERR, "SAR_OBJERR", "对象错误", "wrong object"},
    {SAR_MEMORYERR, "SAR_MEMORYERR", "内存错误", "out of memory"},
    {SAR_TIMEOUTERR, "SAR_TIMEOUTERR", "超时", "time-out"},
    {SAR_INDATALENERR, "SAR_INDATALENERR", "输入数据长度错误", "the input has a wrong length"},
    {SAR_INDATAERR, "SAR_INDATAERR", "输入数据错误", "the input is wrong"},
    {SAR_GENRANDERR, "SAR_GENRANDERR", "生成随机数错误", "random octets cannot be made"},
    {SAR_HASHOBJERR, "SAR_HASHOBJERR", "杂凑对象错误", "wrong hash object"},
    {SAR_HASHERR, "SAR_HASHERR", "杂凑运算错误", "hashing failed"},
    {SAR_GENRSAKEYERR, "SAR_GENRSAKEYERR", "产生RSA密钥错误", "the RSA key cannot be made"},
    {SAR_RSAMODULUSLENERR, "SAR_RSAMODULUSLENERR", "RSA密钥模长错误",
     "the length of the RSA modulus is wrong"},
    {SAR_CSPIMPRTPUBKEYERR, "SAR_CSPIMPRTPUBKEYERR", "CSP服务导入公钥错误",
     "the public key cannot be imported"},
    {SAR_RSAENCERR, "SAR_RSAENCERR", "RSA加密错误", "RSA encryption failed"},
    {SAR_RSADECERR, "SAR_RSADECERR", "RSA解密错误", "RSA decryption failed"},
    {SAR_HASHNOTEQUALERR, "SAR_HASHNOTEQUALERR", "杂凑值不相等", "the hash values differ"},
    {SAR_KEYNOTFOUNTERR, "SAR_KEYNOTFOUNTERR", "密钥未找到", "no such key"},
    {SAR_CERTNOTFOUNTERR, "SAR_CERTNOTFOUNTERR", "证书未找到", "no such certificate"},
    {SAR_NOTEXPORTERR, "SAR_NOTEXPORTERR", "对象未导出", "the object was not exported"},
    {SAR_DECRYPTPADERR, "SAR_DECRYPTPADERR", "解密时填充错误", "the padding is wrong"},
    {SAR_MACLENERR, "SAR_MACLENERR", "MAC长度错误", "the length of the MAC is wrong"},
    {SAR_BUFFER_TOO_SMALL, "SAR_BUFFER_TOO_SMALL", "缓冲区不足", "the buffer is too small"},
    {SAR_KEYINFOTYPEERR, "SAR_KEYINFOTYPEERR", "密钥类型错误", "wrong type of key"},
    {SAR_NOT_EVENTERR, "SAR_NOT_EVENTERR", "无事件错误", "there was no event"},
    {SAR_DEVICE_REMOVED, "SAR_DEVICE_REMOVED", "设备已移除", "the device was removed"},
    {SAR_PIN_INCORRECT, "SAR_PIN_INCORRECT", "PIN不正确", "the PIN is wrong"},
    {SAR_PIN_LOCKED, "SAR_PIN_LOCKED", "PIN被锁死", "the PIN is locked"},
    {SAR_PIN_INVALID, "SAR_PIN_INVALID", "PIN无效", "the PIN is not valid"},
    {SAR_PIN_LEN_RANGE, "SAR_PIN_LEN_RANGE", "PIN长度错误", "the PIN is too short or too long"},
    {SAR_USER_ALREADY_LOGGED_IN, "SAR_USER_ALREADY_LOGGED_IN", "用户已经登录",
     "the user has logged in already"},
    {SAR_USER_PIN_NOT_INITIALIZED, "SAR_USER_PIN_NOT_INITIALIZED", "没有初始化用户口令",
     "the user PIN was never set"},
    {SAR_USER_TYPE_INVALID, "SAR_USER_TYPE_INVALID", "PIN类型错误", "no such type of PIN"},
    {SAR_APPLICATION_NAME_INVALID, "SAR_APPLICATION_NAME_INVALID", "应用名称无效",
     "the name of the application is not valid"},
    {SAR_APPLICATION_EXISTS, "SAR_APPLICATION_EXISTS", "应用已经存在", "the application exists already"},
    {SAR_USER_NOT_LOGGED_IN, "SAR_USER_NOT_LOGGED_IN", "用户没有登录", "the PIN must be entered first"},
    {SAR_APPLICATION_NOT_EXISTS, "SAR_APPLICATION_NOT_EXISTS", "应用不存在", "no such application"},
    {SAR_FILE_ALREADY_EXIST, "SAR_FILE_ALREADY_EXIST", "文件已经存在", "the file exists already"},
    {SAR_NO_ROOM, "SAR_NO_ROOM", "存储空间不足", "no room left on the device"},
    {SAR_FILE_NOT_EXIST, "SAR_FILE_NOT_EXIST", "文件不存在", "no such file"},
    {SAR_REACH_MAX_CONTAINER_COUNT, "SAR_REACH_MAX_CONTAINER_COUNT", "已达到最大可管理容器数",
     "there are as many containers as the device can hold"},
    {SAR_AUTH_BLOCKED, "SAR_AUTH_BLOCKED", "认证被锁定", "authentication is blocked"},
    {SAR_CERTNOUSAGEERR, "SAR_CERTNOUSAGEERR", "证书没有用途", "the certificate states no use"},
    {SAR_INVALIDCONTAINERERR, "SAR_INVALIDCONTAINERERR", "无效的容器", "the container is not valid"},
    {SAR_CONTAINER_NOT_EXISTS, "SAR_CONTAINER_NOT_EXISTS", "容器不存在", "no such container"},
    {SAR_CONTAINER_EXISTS, "SAR_CONTAINER_EXISTS", "容器已经存在", "the container exists already"},
    {SAR_CERTUSAGEERR, "SAR_CERTUSAGEERR", "证书用途错误", "the certificate is not for this use"},
    {SAR_KEYNOUSAGEERR, "SAR_KEYNOUSAGEERR", "密钥没有用途", "the key states no use"},
    {SAR_FILEATTRIBUTEERR, "SAR_FILEATTRIBUTEERR", "文件权限错误",
     "the rights of the file do not allow this"},
    {SAR_DEVNOAUTH, "SAR_DEVNOAUTH", "设备未认证", "the device was not authenticated"},
};

constexpr bool sorted_by_code() { return std::ranges::is_sorted(kResults, {}, &SkfResultText::code); }
static_assert(sorted_by_code());

std::string number_of(std::uint32_t code) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) {
    text += kDigits[(code >> shift) & 0xF];
  }
  return text;
}

}  // namespace

std::span<const SkfResultText> skf_results() { return kResults; }

const SkfResultText* find_skf_result(std::uint32_t code) {
  const auto* found = std::ranges::lower_bound(kResults, code, {}, &SkfResultText::code);
  return found != std::ranges::end(kResults) && found->code == code ? found : nullptr;
}

std::string skf_result_label(std::uint32_t code) {
  const SkfResultText* known = find_skf_result(code);
  return known == nullptr ? number_of(code) : std::string(known->name) + " (" + number_of(code) + ")";
}

}  // namespace hutong::token
