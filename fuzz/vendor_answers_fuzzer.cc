// Answers of vendors: whatever comes is read, or refused with a reason that blames the vendor. Times of
// orders that were made are there.

#include "ca_connector/vendor_answers.h"
#include "fuzz/property.h"

namespace hutong::fuzz {
namespace {

template <typename T>
bool is_read(const Result<T>& answer) {
  if (!answer) {
    require(answer.error().code == Errc::kUnavailable && answer.error().reason == "connector.answer",
            "a refusal says whose fault it is");
  }
  return answer.has_value();
}

}  // namespace
}  // namespace hutong::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const std::string_view text = as_text({data, size});
  fuzz::is_read(ca_connector::read_promises(text));
  if (const auto orders = ca_connector::read_order_list(text); fuzz::is_read(orders)) {
    for (const auto& order : *orders) {
      fuzz::require(!order.id.empty() && !order.kind.empty(), "an order has an id and a kind");
      fuzz::require(!order.made_at || order.outcome == ca_connector::Outcome::kMade,
                    "only what was made has a time");
      fuzz::require(!order.made_at || *order.made_at >= order.entered_at,
                    "nothing is made before it is entered");
    }
  }
  if (const auto order = ca_connector::read_order(text); fuzz::is_read(order)) {
    fuzz::require(order->made_at.has_value() == (order->outcome == ca_connector::Outcome::kMade),
                  "what was made says when");
  }
  return 0;
}
