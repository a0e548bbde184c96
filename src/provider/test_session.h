#pragma once

#include <openssl/evp.h>
#include <openssl/provider.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace hutong::provider::test {

template <auto free_function>
struct Free {
  template <typename Object>
  void operator()(Object* object) const {
    free_function(object);
  }
};
using Pkey = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using MdContext = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Free<EVP_CIPHER_CTX_free>>;
using Cipher = std::unique_ptr<EVP_CIPHER, Free<EVP_CIPHER_free>>;
using Md = std::unique_ptr<EVP_MD, Free<EVP_MD_free>>;
using Mac = std::unique_ptr<EVP_MAC, Free<EVP_MAC_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Free<EVP_MAC_CTX_free>>;

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
