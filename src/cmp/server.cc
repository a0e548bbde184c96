#include "cmp/server.h"

#include "cmp/internal/fields.h"

namespace hutong::cmp {
namespace {

constexpr std::size_t kServerNonceOctets = 16;

}  // namespace

Header answer_header(const Header& request, const x509::Name& own_name, Time now,
                     crypto::RandomSource& random) {
  Header header;
  header.version = request.version == kVersion3 ? kVersion3 : kVersion2;
  header.sender = Party::of(own_name);
  header.recipient = request.sender;
  header.message_time = now;
  header.recipient_key_id = request.sender_key_id;
  header.transaction_id = request.transaction_id;
  header.sender_nonce.resize(kServerNonceOctets);
  random.fill(header.sender_nonce);
  header.recipient_nonce = request.sender_nonce;
  return header;
}

Status check_request_header(const Header& request, Time now, std::chrono::seconds tolerance) {
  if (request.transaction_id.size() < kServerNonceOctets) {
    return internal::bad_structure("a transaction has an identifier of 16 octets");
  }
  if (request.sender_nonce.size() < kServerNonceOctets) {
    return Error{Errc::kMalformed, "cmp.sender_nonce", "a nonce has 16 octets"};
  }
  if (request.message_time && std::chrono::abs(*request.message_time - now) > tolerance) {
    return Error{Errc::kPolicy, "cmp.time", to_rfc3339(*request.message_time)};
  }
  return ok();
}

ErrorMessage error_message(const Error& error) {
  return {.status = rejection(error), .code = std::nullopt, .details = {}};
}

}  // namespace hutong::cmp
