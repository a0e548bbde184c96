#pragma once

#include <openssl/evp.h>
#include <openssl/provider.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "tests/support/openssl_owned.h"

namespace hutong::provider::test {

using hutong::test::peer::Owned;
using Pkey = Owned<EVP_PKEY, EVP_PKEY_free>;
using PkeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using MdContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using CipherContext = Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using Cipher = Owned<EVP_CIPHER, EVP_CIPHER_free>;
using Md = Owned<EVP_MD, EVP_MD_free>;
using Mac = Owned<EVP_MAC, EVP_MAC_free>;
using MacContext = Owned<EVP_MAC_CTX, EVP_MAC_CTX_free>;

/// A library context with these providers and no other: what works in {"hutong-gm", "base"} is done by ours,
/// because "base" has no algorithm at all. Throws when one does not load.
class Session {
 public:
  Session(std::initializer_list<const char*> providers);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();
  OSSL_LIB_CTX* get() const { return context_; }

 private:
  OSSL_LIB_CTX* context_;
  std::vector<OSSL_PROVIDER*> providers_;
};

/// The sessions that tests share: {"hutong-gm", "base"} and {"default"}. They end with the last test, before
/// OpenSSL cleans up after itself.
const Session& ours();
const Session& peer();

Bytes random_bytes(std::size_t size);
/// The input cut into pieces of these sizes, again and again.
std::vector<ByteView> pieces(ByteView whole, std::initializer_list<std::size_t> sizes);
/// The errors of this thread's queue as text; empties the queue.
std::string take_errors();

}  // namespace hutong::provider::test
