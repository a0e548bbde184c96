#include <openssl/core_dispatch.h>

#include "provider/c_boundary.h"
#include "provider/cipher_params.h"
#include "provider/core.h"
#include "provider/functions.h"
#include "provider/params.h"
#include "provider/sm4_cipher.h"

namespace hutong::provider {
namespace {

using crypto::Direction;
using crypto::Padding;
using Mode = Sm4Cipher::Mode;

constexpr CipherTraits traits_of(Mode mode) {
  switch (mode) {
    case Mode::kEcb:
      return {CipherTraits::Mode::kEcb, crypto::kSm4BlockSize, 0};
    case Mode::kCbc:
      return {CipherTraits::Mode::kCbc, crypto::kSm4BlockSize, crypto::kSm4BlockSize};
    case Mode::kCtr:
      break;
  }
  return {CipherTraits::Mode::kCtr, 1, crypto::kSm4BlockSize};
}

struct Context {
  Context(const Core& lent, Mode of) : core(&lent), mode(of), cipher(of) {}
  Context(const Context& other) : core(other.core), mode(other.mode), cipher(other.cipher.clone()) {}
  Context& operator=(const Context&) = delete;
  ~Context() = default;
  const Core* core;
  Mode mode;
  Sm4Cipher cipher;
};

Context& context_of(void* context) { return *static_cast<Context*>(context); }

template <Mode mode>
void* make(void* provider_context) {
  return make_context<Context>(core_of(provider_context), mode);
}

std::optional<ByteView> given(const unsigned char* octets, std::size_t size) {
  return octets == nullptr ? std::nullopt : std::optional(ByteView(octets, size));
}

Status apply(Context& context, const OSSL_PARAM* params) {
  if (const OSSL_PARAM* padding = find(params, OSSL_CIPHER_PARAM_PADDING)) {
    HUTONG_CHECK(context.cipher.set_padding(read_size(*padding) == 0 ? Padding::kNone : Padding::kPkcs7));
  }
  if (const OSSL_PARAM* size = find(params, OSSL_CIPHER_PARAM_KEYLEN);
      size != nullptr && read_size(*size) != crypto::kSm4KeySize) {
    return Error{Errc::kMalformed, "sm4.key", "an SM4 key is 16 octets"};
  }
  return ok();
}

int set_context_params(void* context, const OSSL_PARAM* params) {
  return guarded([&] { return context_of(context).core->check(apply(context_of(context), params)); });
}

template <Direction direction>
int init(void* opaque, const unsigned char* key, std::size_t key_size, const unsigned char* iv,
         std::size_t iv_size, const OSSL_PARAM* params) {
  return guarded([&] {
    Context& context = context_of(opaque);
    return context.core->check(context.cipher.start(direction, given(key, key_size), given(iv, iv_size))) &&
           context.core->check(apply(context, params));
  });
}

/// Hands the octets over; our copy, which may be a decrypted text, is wiped.
bool put(const Context& context, Result<Bytes> result, const Output& out) {
  if (!result) {
    context.core->raise(result.error());
    return false;
  }
  const bool is_put = out.put(*result);
  wipe(*result);
  if (!is_put) {
    context.core->raise({Errc::kMalformed, "sm4.output", "the output buffer is too small"});
    return false;
  }
  return true;
}

bool put_counter_mode(Context& context, ByteView in, const Output& out) {
  if (in.size() > out.memory().size()) {
    return put(context, Bytes(in.size()), out);
  }
  *out.size = in.size();
  return context.core->check(context.cipher.update(in, out.memory().first(in.size())));
}

int update(void* opaque, unsigned char* out, std::size_t* out_size, std::size_t capacity,
           const unsigned char* in, std::size_t in_size) {
  return guarded([&] {
    Context& context = context_of(opaque);
    const Output output{out, out_size, capacity};
    *out_size = 0;
    if (in_size == 0) {
      return true;
    }
    return context.mode == Mode::kCtr ? put_counter_mode(context, {in, in_size}, output)
                                      : put(context, context.cipher.update({in, in_size}), output);
  });
}

/// EVP_Cipher(): whole blocks at once, without padding.
int transform(void* opaque, unsigned char* out, std::size_t* out_size, std::size_t capacity,
              const unsigned char* in, std::size_t in_size) {
  const bool is_prepared = guarded([&] {
    Context& context = context_of(opaque);
    return context.mode == Mode::kCtr || context.core->check(context.cipher.set_padding(Padding::kNone));
  });
  return is_prepared ? update(opaque, out, out_size, capacity, in, in_size) : 0;
}

int finish(void* opaque, unsigned char* out, std::size_t* out_size, std::size_t capacity) {
  return guarded([&] {
    Context& context = context_of(opaque);
    *out_size = 0;
    return put(context, context.cipher.finish(), {out, out_size, capacity});
  });
}

template <Mode mode>
int get_params(OSSL_PARAM* params) {
  return guarded([params] { return answer_traits(params, traits_of(mode)); });
}

int get_context_params(void* opaque, OSSL_PARAM* params) {
  return guarded([&] {
    const Context& context = context_of(opaque);
    const std::size_t iv_size = traits_of(context.mode).iv_size;
    return answer_size(params, OSSL_CIPHER_PARAM_KEYLEN, crypto::kSm4KeySize) &&
           answer_size(params, OSSL_CIPHER_PARAM_IVLEN, iv_size) &&
           answer_size(params, OSSL_CIPHER_PARAM_PADDING,
                       context.cipher.padding() == Padding::kPkcs7 ? 1 : 0) &&
           answer_octets(params, OSSL_CIPHER_PARAM_IV, ByteView(context.cipher.iv()).first(iv_size)) &&
           answer_octets(params, OSSL_CIPHER_PARAM_UPDATED_IV,
                         ByteView(context.cipher.updated_iv()).first(iv_size));
  });
}

template <Mode mode>
const OSSL_DISPATCH* functions_of() {
  static const OSSL_DISPATCH functions[] = {
      entry<OSSL_FUNC_cipher_newctx_fn>(OSSL_FUNC_CIPHER_NEWCTX, make<mode>),
      entry<OSSL_FUNC_cipher_freectx_fn>(OSSL_FUNC_CIPHER_FREECTX, drop_context<Context>),
      entry<OSSL_FUNC_cipher_dupctx_fn>(OSSL_FUNC_CIPHER_DUPCTX, copy_context<Context>),
      entry<OSSL_FUNC_cipher_encrypt_init_fn>(OSSL_FUNC_CIPHER_ENCRYPT_INIT, init<Direction::kEncrypt>),
      entry<OSSL_FUNC_cipher_decrypt_init_fn>(OSSL_FUNC_CIPHER_DECRYPT_INIT, init<Direction::kDecrypt>),
      entry<OSSL_FUNC_cipher_update_fn>(OSSL_FUNC_CIPHER_UPDATE, update),
      entry<OSSL_FUNC_cipher_final_fn>(OSSL_FUNC_CIPHER_FINAL, finish),
      entry<OSSL_FUNC_cipher_cipher_fn>(OSSL_FUNC_CIPHER_CIPHER, transform),
      entry<OSSL_FUNC_cipher_get_params_fn>(OSSL_FUNC_CIPHER_GET_PARAMS, get_params<mode>),
      entry<OSSL_FUNC_cipher_gettable_params_fn>(OSSL_FUNC_CIPHER_GETTABLE_PARAMS, gettable_traits),
      entry<OSSL_FUNC_cipher_get_ctx_params_fn>(OSSL_FUNC_CIPHER_GET_CTX_PARAMS, get_context_params),
      entry<OSSL_FUNC_cipher_gettable_ctx_params_fn>(OSSL_FUNC_CIPHER_GETTABLE_CTX_PARAMS,
                                                     gettable_cipher_context),
      entry<OSSL_FUNC_cipher_set_ctx_params_fn>(OSSL_FUNC_CIPHER_SET_CTX_PARAMS, set_context_params),
      entry<OSSL_FUNC_cipher_settable_ctx_params_fn>(OSSL_FUNC_CIPHER_SETTABLE_CTX_PARAMS,
                                                     settable_cipher_context),
      kEndOfDispatch,
  };
  return functions;
}

}  // namespace

const OSSL_DISPATCH* sm4_ecb_functions() { return functions_of<Mode::kEcb>(); }
const OSSL_DISPATCH* sm4_cbc_functions() { return functions_of<Mode::kCbc>(); }
const OSSL_DISPATCH* sm4_ctr_functions() { return functions_of<Mode::kCtr>(); }

}  // namespace hutong::provider
