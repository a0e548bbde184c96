#pragma once

#include <chrono>

#include "base/time.h"
#include "cmp/message.h"
#include "crypto/random.h"

/// The answering side of CMP: what every answer has in common.
namespace hutong::cmp {

/// The header of an answer: parties exchanged, the same transaction, the asker's nonce given back, a nonce of
/// our own. The version is the asker's, when we
/// speak it.
Header answer_header(const Header& request, const x509::Name& own_name, Time now,
                     crypto::RandomSource& random = crypto::system_random());
/// What a request must have beyond its grammar (RFC 9483 3.5): a transaction identifier of 16 octets or more
/// and a nonce of as many: kMalformed "cmp.structure", "cmp.sender_nonce"; a time, when it is there, within
/// `tolerance` of now: kPolicy "cmp.time".
Status check_request_header(const Header& request, Time now, std::chrono::seconds tolerance);
/// An error message about what went wrong.
ErrorMessage error_message(const Error& error);

}  // namespace hutong::cmp
