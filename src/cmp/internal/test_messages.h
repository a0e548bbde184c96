#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/time.h"
#include "cmp/message.h"
#include "crypto/signature.h"
#include "x509/certificate.h"

/// What the tests of this module share.
namespace hutong::cmp::test {

/// DER from tests/data/cmp/openssl.vec.
Bytes openssl(std::string_view name);
inline constexpr std::string_view kOpensslSecret = "insta";

/// The sample chain of tests/data/cms/identities.vec: "root", "signer", "recipient".
x509::Certificate certificate(std::string_view name);
const crypto::Sm2Signer& signer(std::string_view name);

Time midsummer();
x509::Name name(std::string_view rfc4514);

/// A header as a client writes it.
Header sample_header();
/// Reads what was written; fails the test by throwing.
ReceivedMessage reread(const Message& message);

template <typename T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().reason) + " " + result.error().detail);
  }
  return std::move(result).value();
}

}  // namespace hutong::cmp::test
