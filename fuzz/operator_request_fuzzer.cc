// Bodies and query parameters of the operators' endpoints. The first octet chooses the endpoint. Whatever
// comes, the answer is an input or a refusal that is the caller's fault.

#include "fuzz/request.h"
#include "operators/internal/audit_handlers.h"
#include "operators/internal/client_handlers.h"
#include "operators/internal/operator_handlers.h"
#include "operators/internal/session_handlers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  if (size == 0) {
    return 0;
  }
  const net::Request request = fuzz::request_of({data + 1, size - 1}, {"id", "sequence"});
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
