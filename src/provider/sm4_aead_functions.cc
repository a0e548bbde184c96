#include <openssl/core_dispatch.h>

#include "provider/c_boundary.h"
#include "provider/cipher_params.h"
#include "provider/core.h"
#include "provider/functions.h"
#include "provider/params.h"
#include "provider/sm4_ccm_cipher.h"
#include "provider/sm4_gcm_cipher.h"

namespace hutong::provider {
namespace {

using crypto::Direction;

/// `Cipher` is Sm4GcmCipher or Sm4CcmCipher.
template <typename Cipher>
struct Context {
  explicit Context(const Core& lent) : core(&lent) {}
  Context(const Context& other) : core(other.core), cipher(other.cipher.clone()) {}
  Context& operator=(const Context&) = delete;
  ~Context() = default;
  const Core* core;
  Cipher cipher;
};

template <typename Cipher>
Context<Cipher>& context_of(void* context) {
  return *static_cast<Context<Cipher>*>(context);
}

template <typename Cipher>
void* make(void* provider_context) {
  return make_context<Context<Cipher>>(core_of(provider_context));
}

template <typename Cipher>
Status apply(Cipher& cipher, const OSSL_PARAM* params) {
  if (const OSSL_PARAM* size = find(params, OSSL_CIPHER_PARAM_AEAD_IVLEN)) {
    HUTONG_CHECK(cipher.set_nonce_size(read_size(*size).value_or(0)));
  }
  if (const OSSL_PARAM* tag = find(params, OSSL_CIPHER_PARAM_AEAD_TAG)) {
    HUTONG_CHECK(cipher.set_tag(read_octets(*tag).value_or(ByteView{}), tag->data_size));
  }
  if (const OSSL_PARAM* size = find(params, OSSL_CIPHER_PARAM_KEYLEN);
      size != nullptr && read_size(*size) != crypto::kSm4KeySize) {
    return Error{Errc::kMalformed, "sm4.key", "an SM4 key is 16 octets"};
  }
  return ok();
}

template <typename Cipher>
int set_context_params(void* opaque, const OSSL_PARAM* params) {
  return guarded([&] {
    auto& context = context_of<Cipher>(opaque);
    return context.core->check(apply(context.cipher, params));
  });
}

std::optional<ByteView> given(const unsigned char* octets, std::size_t size) {
  return octets == nullptr ? std::nullopt : std::optional(ByteView(octets, size));
}

template <typename Cipher, Direction direction>
int init(void* opaque, const unsigned char* key, std::size_t key_size, const unsigned char* nonce,
         std::size_t nonce_size, const OSSL_PARAM* params) {
  return guarded([&] {
    auto& context = context_of<Cipher>(opaque);
    return context.core->check(
               context.cipher.start(direction, given(key, key_size), given(nonce, nonce_size))) &&
           context.core->check(apply(context.cipher, params));
  });
}

/// Without an output it is associated data; without input as well it is the length of the text.
template <typename Cipher>
Status take(Cipher& cipher, const unsigned char* in, std::size_t size, const Output& out) {
  if (out.octets == nullptr) {
    return in == nullptr ? cipher.announce(size) : cipher.add_data({in, size});
  }
  if (out.capacity < size) {
    return Error{Errc::kMalformed, "sm4.output", "the output buffer is too small"};
  }
  return cipher.update({in, size}, out.memory().first(size));
}

template <typename Cipher>
int update(void* opaque, unsigned char* out, std::size_t* out_size, std::size_t capacity,
           const unsigned char* in, std::size_t in_size) {
  return guarded([&] {
    auto& context = context_of<Cipher>(opaque);
    const bool taken = context.core->check(take(context.cipher, in, in_size, {out, out_size, capacity}));
    *out_size = taken ? in_size : 0;
    return taken;
  });
}

template <typename Cipher>
int finish(void* opaque, unsigned char* /*out*/, std::size_t* out_size, std::size_t /*capacity*/) {
  return guarded([&] {
    auto& context = context_of<Cipher>(opaque);
    *out_size = 0;
    return context.core->check(context.cipher.finish());
  });
}

template <typename Cipher>
int get_params(OSSL_PARAM* params) {
  return guarded([params] { return answer_traits(params, Cipher::kTraits); });
}

template <typename Cipher>
bool answer_tag(const Context<Cipher>& context, OSSL_PARAM* params) {
  const OSSL_PARAM* const request = find(params, OSSL_CIPHER_PARAM_AEAD_TAG);
  if (request == nullptr) {
    return true;
  }
  const auto tag = context.cipher.tag(request->data_size);
  if (!tag) {
    context.core->raise(tag.error());
    return false;
  }
  return request->data_type == OSSL_PARAM_OCTET_STRING &&
         answer_octets(params, OSSL_CIPHER_PARAM_AEAD_TAG, *tag);
}

template <typename Cipher>
int get_context_params(void* opaque, OSSL_PARAM* params) {
  return guarded([&] {
    const auto& context = context_of<Cipher>(opaque);
    return answer_size(params, OSSL_CIPHER_PARAM_KEYLEN, crypto::kSm4KeySize) &&
           answer_size(params, OSSL_CIPHER_PARAM_IVLEN, context.cipher.nonce_size()) &&
           answer_size(params, OSSL_CIPHER_PARAM_AEAD_TAGLEN, context.cipher.tag_size()) &&
           answer_octets(params, OSSL_CIPHER_PARAM_IV, context.cipher.nonce()) &&
           answer_octets(params, OSSL_CIPHER_PARAM_UPDATED_IV, context.cipher.nonce()) &&
           answer_tag(context, params);
  });
}

template <typename Cipher>
const OSSL_DISPATCH* functions_of() {
  static const OSSL_DISPATCH functions[] = {
      entry<OSSL_FUNC_cipher_newctx_fn>(OSSL_FUNC_CIPHER_NEWCTX, make<Cipher>),
      entry<OSSL_FUNC_cipher_freectx_fn>(OSSL_FUNC_CIPHER_FREECTX, drop_context<Context<Cipher>>),
      entry<OSSL_FUNC_cipher_dupctx_fn>(OSSL_FUNC_CIPHER_DUPCTX, copy_context<Context<Cipher>>),
      entry<OSSL_FUNC_cipher_encrypt_init_fn>(OSSL_FUNC_CIPHER_ENCRYPT_INIT,
                                              init<Cipher, Direction::kEncrypt>),
      entry<OSSL_FUNC_cipher_decrypt_init_fn>(OSSL_FUNC_CIPHER_DECRYPT_INIT,
                                              init<Cipher, Direction::kDecrypt>),
      entry<OSSL_FUNC_cipher_update_fn>(OSSL_FUNC_CIPHER_UPDATE, update<Cipher>),
      entry<OSSL_FUNC_cipher_final_fn>(OSSL_FUNC_CIPHER_FINAL, finish<Cipher>),
      entry<OSSL_FUNC_cipher_get_params_fn>(OSSL_FUNC_CIPHER_GET_PARAMS, get_params<Cipher>),
      entry<OSSL_FUNC_cipher_gettable_params_fn>(OSSL_FUNC_CIPHER_GETTABLE_PARAMS, gettable_traits),
      entry<OSSL_FUNC_cipher_get_ctx_params_fn>(OSSL_FUNC_CIPHER_GET_CTX_PARAMS, get_context_params<Cipher>),
      entry<OSSL_FUNC_cipher_gettable_ctx_params_fn>(OSSL_FUNC_CIPHER_GETTABLE_CTX_PARAMS,
                                                     gettable_aead_context),
      entry<OSSL_FUNC_cipher_set_ctx_params_fn>(OSSL_FUNC_CIPHER_SET_CTX_PARAMS, set_context_params<Cipher>),
      entry<OSSL_FUNC_cipher_settable_ctx_params_fn>(OSSL_FUNC_CIPHER_SETTABLE_CTX_PARAMS,
                                                     settable_aead_context),
      kEndOfDispatch,
  };
  return functions;
}

}  // namespace

const OSSL_DISPATCH* sm4_gcm_functions() { return functions_of<Sm4GcmCipher>(); }
const OSSL_DISPATCH* sm4_ccm_functions() { return functions_of<Sm4CcmCipher>(); }

}  // namespace hutong::provider
