// Bodies and query parameters of the operators' endpoints. The first octet chooses the endpoint. Whatever
// comes, the answer is an input or a refusal that is the caller's fault.

#include <string>

#include "fuzz/property.h"
#include "operators/internal/audit_handlers.h"
#include "operators/internal/client_handlers.h"
#include "operators/internal/operator_handlers.h"
#include "operators/internal/session_handlers.h"

namespace hutong::fuzz {
namespace {

template <typename HandlerClass>
void parse(const net::Request& request) {
  const auto input = HandlerClass::parse(request);
  if (!input) {
    const Errc code = input.error().code;
    require(!input.error().reason.empty(), "a refusal has a reason");
    require(code == Errc::kMalformed || code == Errc::kLimit || code == Errc::kPolicy,
            "a bad request is its sender's fault");
  }
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  if (size == 0) {
    return 0;
  }
  const ByteView rest(data + 1, size - 1);
  net::Request request;
  request.body = to_bytes(rest);
  request.parameters = {{"id", std::string(as_text(rest))}, {"sequence", std::string(as_text(rest))}};
  if (auto target = net::parse_target("/x?" + std::string(as_text(rest)))) {
    request.query = std::move(target->query);
  }
  switch (data[0] % 10) {
    case 0:
      fuzz::parse<operators::CreateSession>(request);
      break;
    case 1:
      fuzz::parse<operators::AddOperator>(request);
      break;
    case 2:
      fuzz::parse<operators::ChangeOperator>(request);
      break;
    case 3:
      fuzz::parse<operators::ReplaceCertificate>(request);
      break;
    case 4:
      fuzz::parse<operators::ListOperators>(request);
      break;
    case 5:
      fuzz::parse<operators::AddClient>(request);
      break;
    case 6:
      fuzz::parse<operators::SearchRecords>(request);
      break;
    case 7:
      fuzz::parse<operators::VerifyAudit>(request);
      break;
    case 8:
      fuzz::parse<operators::MarkAudited>(request);
      break;
    default:
      fuzz::parse<operators::ShowRecord>(request);
  }
  return 0;
}
