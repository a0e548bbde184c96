#include "agent/answer.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hutong::agent {
namespace {

struct KnownProblem {
  std::string_view code;
  ProblemText text;
};

/// The codes that a page meets most; all others are told by their kind.
constexpr std::array<KnownProblem, 35> kKnownProblems{{
    {"agent.request", {400, "The request is not as documented", "请求不符合规定格式"}},
    {"agent.method", {404, "There is no such method", "没有这个方法"}},
    {"agent.purpose", {400, "The purpose is missing or cannot be shown", "缺少用途说明，或用途无法显示"}},
    {"agent.host", {403, "The address does not name this machine", "访问地址不是本机"}},
    {"agent.origin_missing", {403, "Not asked by a web page", "请求不是来自网页"}},
    {"agent.origin_refused", {403, "This website is refused", "本机不允许该网站使用密码钥匙"}},
    {"agent.origin_not_allowed", {403, "The user has not let this website in yet", "用户尚未允许该网站"}},
    {"agent.not_logged_in", {401, "Log in to the token first", "请先登录智能密码钥匙"}},
    {"agent.refused_by_user", {403, "The user refused", "用户拒绝或关闭了窗口"}},
    {"agent.no_prompt", {503, "The window for the PIN cannot be opened", "无法打开PIN输入窗口"}},
    {"agent.prompt_timeout", {408, "The user did not answer in time", "用户未在规定时间内答复"}},
    {"agent.too_many_prompts", {429, "Another window waits for the user", "已有窗口等待用户处理"}},
    {"agent.origin_silenced",
     {429, "Refused three times: no windows for a while", "多次被拒绝，暂时不再打开窗口"}},
    {"agent.too_many_requests", {429, "Too many requests at once", "同时进行的请求过多"}},
    {"agent.too_many_connections", {503, "Too many connections", "连接过多"}},
    {"agent.rate", {429, "Requests come too fast", "请求过于频繁"}},
    {"agent.token_unknown", {404, "The token is not plugged in", "未找到该智能密码钥匙"}},
    {"agent.token_slow", {504, "The token does not answer in time", "智能密码钥匙未及时响应"}},
    {"agent.key_exists", {409, "The container has a signature key already", "容器中已有签名密钥"}},
    {"agent.certificate_key",
     {409, "The certificate is not for the container's key", "证书与容器中的密钥不匹配"}},
    {"agent.challenge_replayed", {403, "The challenge was signed before", "登录挑战已使用过"}},
    {"agent.challenge_expired", {403, "The challenge is too old", "登录挑战已过期"}},
    {"agent.reserved_content", {403, "This content is signed as a login only", "该内容只能作为登录签名"}},
    {"agent.cancelled", {499, "The page gave up", "页面已取消"}},
    {"agent.stream_stalled", {408, "The stream stood still", "数据传输停滞"}},
    {"agent.too_large", {413, "Too large for one frame: use a stream", "内容过大，请使用流式接口"}},
    {"token.pin_incorrect", {401, "The PIN is wrong", "PIN码错误"}},
    {"token.pin_locked", {403, "The PIN is locked", "PIN码已锁定"}},
    {"token.pin_length", {400, "The PIN is too short or too long", "PIN码长度不符合要求"}},
    {"token.not_found", {404, "The token has no such thing", "智能密码钥匙中没有该内容"}},
    {"token.removed", {503, "The token was pulled out", "智能密码钥匙已拔出"}},
    {"token.driver_hung", {503, "The token's driver hangs", "智能密码钥匙驱动无响应"}},
    {"token.driver_crashed", {503, "The token's driver crashed", "智能密码钥匙驱动已崩溃"}},
    {"token.no_room", {409, "The token is full", "智能密码钥匙空间不足"}},
    {"cms.not_a_recipient", {404, "The envelope is not for this key", "该数字信封不是加密给此密钥的"}},
}};

ProblemText text_of_kind(Errc code) {
  switch (code) {
    case Errc::kMalformed:
      return {400, "The content is not what it should be", "内容格式错误"};
    case Errc::kUnauthorized:
      return {403, "Not allowed", "不允许"};
    case Errc::kNotFound:
      return {404, "Not found", "未找到"};
    case Errc::kConflict:
      return {409, "Conflict", "与现有内容冲突"};
    case Errc::kPolicy:
    case Errc::kCryptoFail:
      return {422, "Refused", "处理被拒绝"};
    case Errc::kLimit:
      return {413, "Too large", "超出上限"};
    case Errc::kUnavailable:
      return {503, "Not available now", "暂不可用"};
    case Errc::kInternal:
      break;
  }
  return {500, "Internal error", "内部错误"};
}

}  // namespace

ProblemText problem_text(const Error& error) {
  const auto known = std::ranges::find(kKnownProblems, error.reason, &KnownProblem::code);
  return known == kKnownProblems.end() ? text_of_kind(error.code) : known->text;
}

std::string result_frame(std::uint32_t id, net::Json result) {
  net::Json frame{{"id", id}};
  frame["result"] = std::move(result);
  return net::to_text(frame);
}

std::string problem_frame(std::uint32_t id, const Error& error, std::optional<std::uint32_t> tries_left) {
  const ProblemText text = problem_text(error);
  net::Json problem{{"code", error.reason},
                    {"title", text.en},
                    {"title_zh", text.zh},
                    {"detail", error.code == Errc::kInternal ? std::string() : error.detail},
                    {"status", text.status}};
  if (tries_left) {
    problem["tries_left"] = *tries_left;
  }
  return net::to_text({{"id", id}, {"problem", std::move(problem)}});
}

std::string event_frame(std::string_view event, net::Json data) {
  net::Json frame{{"event", event}};
  frame["data"] = std::move(data);
  return net::to_text(frame);
}

}  // namespace hutong::agent
