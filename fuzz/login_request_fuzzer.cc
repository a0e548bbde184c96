// What business systems, devices' users and operators send about logins. The first octet chooses: a user code
// as somebody types it, a form with credentials, the content of a business system. Whatever comes, the answer
// is an input or a refusal that is the caller's fault; what is accepted survives writing and reading.

#include <string>

#include "fuzz/property.h"
#include "platform/login/business_system.h"
#include "platform/login/device.h"
#include "platform/login/oauth_message.h"

namespace hutong::fuzz {
namespace {

namespace login = platform::login;

void type_code(std::string_view typed) {
  const auto code = login::read_user_code(typed);
  require(!code || (code->size() == 9 && login::read_user_code(*code) == code),
          "a user code is read as it is written");
}

void send_form(std::string_view text) {
  net::Request request;
  request.body = to_bytes(as_bytes(text));
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.headers.add("Authorization", std::string(text));
  const auto form = login::read_form(request);
  require(form || form.error().code == Errc::kMalformed, "a bad form is its sender's fault");
  const auto shown = login::credentials_of(request, form ? *form : login::Form());
  require(shown.system.size() <= text.size() && shown.secret.size() <= text.size(),
          "credentials are no longer than what was sent");
}

void register_system(std::string_view text) {
  const auto json = net::parse_json(text);
  if (!json) {
    return;
  }
  const auto content = login::read_system_content(*json);
  if (!content) {
    require(content.error().code == Errc::kMalformed, "a bad request is its sender's fault");
    return;
  }
  const net::Json once = login::to_json(*content);
  const auto again = login::read_system_content(once);
  require(again && login::to_json(*again) == once, "a business system survives writing and reading");
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  if (size == 0) {
    return 0;
  }
  const std::string_view rest = as_text(ByteView(data + 1, size - 1));
  switch (data[0] % 3) {
    case 0:
      fuzz::type_code(rest);
      break;
    case 1:
      fuzz::send_form(rest);
      break;
    default:
      fuzz::register_system(rest);
  }
  return 0;
}
