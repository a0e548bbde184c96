// Bodies and parameters of the platform's endpoints for vendors and trust lists. The first octet chooses the
// endpoint. Whatever comes, the answer is an input or a refusal that is the caller's fault; what is accepted
// about a vendor survives writing and reading.

#include "fuzz/request.h"
#include "platform/trust/list_handlers.h"
#include "platform/vendors/vendor_content.h"
#include "platform/vendors/vendor_handlers.h"

namespace hutong::fuzz {
namespace {

void parse_content(const net::Request& request) {
  parse<platform::EnterVendor>(request);
  const auto content = platform::EnterVendor::parse(request);
  if (!content) {
    return;
  }
  const net::Json once = platform::to_json(*content);
  const auto again = platform::read_vendor_content(once);
  require(again && platform::to_json(*again) == once, "a vendor survives writing and reading");
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  if (size == 0) {
    return 0;
  }
  net::Request request = fuzz::request_of({data + 1, size - 1}, {"id", "document", "number"});
  request.parameters["form"] = "list.xml";
  switch (data[0] % 10) {
    case 0:
      fuzz::parse_content(request);
      break;
    case 1:
      fuzz::parse<platform::ChangeVendor>(request);
      break;
    case 2:
      fuzz::parse<platform::ProposeVendorChange>(request);
      break;
    case 3:
      fuzz::parse<platform::AddVendorDocument>(request);
      break;
    case 4:
      fuzz::parse<platform::TakeVendorStep>(request);
      break;
    case 5:
      fuzz::parse<platform::DecideVendorStep>(request);
      break;
    case 6:
      fuzz::parse<platform::ProposeTrustList>(request);
      break;
    case 7:
      fuzz::parse<platform::ListVendors>(request);
      break;
    case 8:
      fuzz::parse<platform::ListTrustLists>(request);
      break;
    default:
      fuzz::parse<platform::ShowTrustListFile>(request);
  }
  return 0;
}
