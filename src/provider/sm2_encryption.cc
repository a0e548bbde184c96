#include <openssl/core_dispatch.h>

#include "crypto/kernel_random.h"
#include "provider/c_boundary.h"
#include "provider/cipher_params.h"
#include "provider/core.h"
#include "provider/functions.h"
#include "provider/names.h"
#include "provider/params.h"
#include "provider/sm2_key.h"

namespace hutong::provider {
namespace {

struct Context {
  explicit Context(const Core& lent) : core(&lent) {}
  const Core* core;
  std::shared_ptr<const Sm2KeyMaterial> key = nullptr;
};

Context& context_of(void* context) { return *static_cast<Context*>(context); }

void* make(void* provider_context) { return make_context<Context>(core_of(provider_context)); }

Status apply(const OSSL_PARAM* params) {
  const OSSL_PARAM* const digest = find(params, OSSL_ASYM_CIPHER_PARAM_DIGEST);
  return digest == nullptr ? ok() : check_digest_name(read_text(*digest));
}

int set_context_params(void* context, const OSSL_PARAM* params) {
  return guarded([&] { return context_of(context).core->check(apply(params)); });
}

enum class Purpose { kEncrypt, kDecrypt };

template <Purpose purpose>
int init(void* opaque, void* key_data, const OSSL_PARAM* params) {
  return guarded([&] {
    Context& context = context_of(opaque);
    context.key = material_of(key_data);
    if (!context.key || (purpose == Purpose::kDecrypt && !context.key->private_key)) {
      context.core->raise({Errc::kInternal, "sm2.key", "the key that this needs is not set"});
      return false;
    }
    return context.core->check(apply(params));
  });
}

/// The longest SEQUENCE { x, y, C3, C2 } for a message of this size: headers of up to 2 + sizeof(size)
/// octets.
std::size_t most_ciphertext_size(std::size_t message_size) {
  constexpr std::size_t kCoordinate = 2 + 33;
  constexpr std::size_t kHash = 2 + 32;
  constexpr std::size_t kHeader = 2 + sizeof(std::size_t);
  return kHeader + 2 * kCoordinate + kHash + kHeader + message_size;
}

bool put(const Context& context, ByteView result, const Output& out) {
  if (!out.put(result)) {
    context.core->raise({Errc::kMalformed, "sm2.output", "the output buffer is too small"});
    return false;
  }
  return true;
}

int encrypt(void* opaque, unsigned char* out, std::size_t* out_size, std::size_t capacity,
            const unsigned char* in, std::size_t in_size) {
  return guarded([&] {
    const Context& context = context_of(opaque);
    if (out == nullptr) {
      *out_size = most_ciphertext_size(in_size);
      return true;
    }
    const auto ciphertext = crypto::sm2_encrypt(context.key->public_key(), {in, in_size},
                                                crypto::Sm2CipherLayout::kAsn1, crypto::kernel_random());
    if (!ciphertext) {
      context.core->raise(ciphertext.error());
      return false;
    }
    return put(context, *ciphertext, {out, out_size, capacity});
  });
}

int decrypt(void* opaque, unsigned char* out, std::size_t* out_size, std::size_t capacity,
            const unsigned char* in, std::size_t in_size) {
  return guarded([&] {
    const Context& context = context_of(opaque);
    if (out == nullptr) {
      *out_size = in_size;  // the message is shorter than its ciphertext
      return true;
    }
    const auto message = crypto::sm2_decrypt(*context.key->private_key, {in, in_size});
    if (!message) {
      context.core->raise(message.error());
      return false;
    }
    return put(context, message->expose(), {out, out_size, capacity});
  });
}

const OSSL_PARAM kParams[] = {
    OSSL_PARAM_utf8_string(OSSL_ASYM_CIPHER_PARAM_DIGEST, nullptr, 0),
    OSSL_PARAM_END,
};
const OSSL_PARAM* listed_params(void* /*context*/, void* /*provider_context*/) { return kParams; }

int get_context_params(void* /*context*/, OSSL_PARAM* params) {
  return guarded([params] { return answer_text(params, OSSL_ASYM_CIPHER_PARAM_DIGEST, "SM3"); });
}

}  // namespace

const OSSL_DISPATCH* sm2_encryption_functions() {
  static const OSSL_DISPATCH functions[] = {
      entry<OSSL_FUNC_asym_cipher_newctx_fn>(OSSL_FUNC_ASYM_CIPHER_NEWCTX, make),
      entry<OSSL_FUNC_asym_cipher_freectx_fn>(OSSL_FUNC_ASYM_CIPHER_FREECTX, drop_context<Context>),
      entry<OSSL_FUNC_asym_cipher_dupctx_fn>(OSSL_FUNC_ASYM_CIPHER_DUPCTX, copy_context<Context>),
      entry<OSSL_FUNC_asym_cipher_encrypt_init_fn>(OSSL_FUNC_ASYM_CIPHER_ENCRYPT_INIT,
                                                   init<Purpose::kEncrypt>),
      entry<OSSL_FUNC_asym_cipher_encrypt_fn>(OSSL_FUNC_ASYM_CIPHER_ENCRYPT, encrypt),
      entry<OSSL_FUNC_asym_cipher_decrypt_init_fn>(OSSL_FUNC_ASYM_CIPHER_DECRYPT_INIT,
                                                   init<Purpose::kDecrypt>),
      entry<OSSL_FUNC_asym_cipher_decrypt_fn>(OSSL_FUNC_ASYM_CIPHER_DECRYPT, decrypt),
      entry<OSSL_FUNC_asym_cipher_get_ctx_params_fn>(OSSL_FUNC_ASYM_CIPHER_GET_CTX_PARAMS,
                                                     get_context_params),
      entry<OSSL_FUNC_asym_cipher_gettable_ctx_params_fn>(OSSL_FUNC_ASYM_CIPHER_GETTABLE_CTX_PARAMS,
                                                          listed_params),
      entry<OSSL_FUNC_asym_cipher_set_ctx_params_fn>(OSSL_FUNC_ASYM_CIPHER_SET_CTX_PARAMS,
                                                     set_context_params),
      entry<OSSL_FUNC_asym_cipher_settable_ctx_params_fn>(OSSL_FUNC_ASYM_CIPHER_SETTABLE_CTX_PARAMS,
                                                          listed_params),
      kEndOfDispatch,
  };
  return functions;
}

}  // namespace hutong::provider
