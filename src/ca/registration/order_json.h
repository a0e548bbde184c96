#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ca/registration/order.h"
#include "ca/registration/order_desk.h"
#include "ca/registration/order_draft.h"
#include "ca/registration/order_repository.h"
#include "ca/signing/certificate_repository.h"
#include "ca/signing/signing_system.h"
#include "net/http.h"
#include "net/json.h"

/// Orders as docs/api/ca.yaml shows them.
namespace hutong::ca::registration {

/// The JSON object of a body. kMalformed "request.field", and what parse_json says.
Result<net::Json> read_body(const net::Request& request);
/// StepRequest, for the order in the path.
Result<StepWish> step_from(const net::Request& request);
/// NewOrder; `version` is allowed and left alone.
Result<NewOrder> new_order_from_json(const net::Json& json);
/// Query parameters `limit` (1 to 1,000) and `cursor`. kMalformed "request.field".
Result<std::size_t> limit_of(const net::Request& request);
std::string query_text(const net::Request& request, std::string_view name);

net::Json to_json(const OrderLine& line);
net::Json to_json(const Step& step);
/// Masked; without history, materials, fees and certificates.
net::Json to_json(const Order& order);
/// The public half of the record; with `certificate` when asked for.
enum class WithDer : std::uint8_t { kNo, kYes };
net::Json to_json(const CertificateRecord& record, WithDer with_der = WithDer::kNo);

/// What a subscriber gets: certificates, enveloped key, the CA's own certificate. kConflict "order.state"
/// before the order was made, or when it delivers nothing.
Result<net::Json> issued_objects(storage::Reader& reader, const SigningSystem& signing, const Order& order);

}  // namespace hutong::ca::registration
