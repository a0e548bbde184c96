#include <openssl/core_dispatch.h>

#include <algorithm>
#include <string>

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

using crypto::Sm2Signature;
using crypto::Sm3Digest;

/// SEQUENCE of two INTEGERs of 33 octets at most.
constexpr std::size_t kMostSignatureSize = 72;
/// AlgorithmIdentifier { 1.2.156.10197.1.501 }: SM2 with SM3, without parameters (GM/T 0006, GM/T 0015).
constexpr std::array<std::uint8_t, 12> kSm2WithSm3 = {0x30, 0x0A, 0x06, 0x08, 0x2A, 0x81,
                                                      0x1C, 0xCF, 0x55, 0x01, 0x83, 0x75};

/// One signature or verification. With a digest of ours (DigestSign, DigestVerify) the message is preceded by
/// Z of the signer's identifier, the default one unless "distid" says otherwise; sign and verify alone take e
/// = SM3(Z || M) as it is.
struct Context {
  explicit Context(const Core& lent) : core(&lent) {}
  const Core* core;
  std::shared_ptr<const Sm2KeyMaterial> key = nullptr;
  std::string id{crypto::kSm2DefaultId};
  crypto::Sm3 hash = {};
  bool is_hashing = false;
};

Context& context_of(void* context) { return *static_cast<Context*>(context); }

void* make(void* provider_context, const char* /*properties*/) {
  return make_context<Context>(core_of(provider_context));
}

Status set_id(Context& context, const OSSL_PARAM& param) {
  const auto id = read_octets(param);
  if (!id || id->size() > crypto::kSm2MostIdSize) {
    return Error{Errc::kMalformed, "sm2.id", "an identifier is a string of at most 8191 octets"};
  }
  if (context.is_hashing) {
    return Error{Errc::kInternal, "sm2.order", "the identifier is set before the first octet of the message"};
  }
  context.id = as_text(*id);
  return ok();
}

Status apply(Context& context, const OSSL_PARAM* params) {
  if (const OSSL_PARAM* id = find(params, OSSL_PKEY_PARAM_DIST_ID)) {
    HUTONG_CHECK(set_id(context, *id));
  }
  if (const OSSL_PARAM* digest = find(params, OSSL_SIGNATURE_PARAM_DIGEST)) {
    HUTONG_CHECK(check_digest_name(read_text(*digest)));
  }
  if (const OSSL_PARAM* size = find(params, OSSL_SIGNATURE_PARAM_DIGEST_SIZE);
      size != nullptr && read_size(*size) != crypto::kSm3DigestSize) {
    return Error{Errc::kMalformed, "digest.size", "a digest is 32 octets"};
  }
  return ok();
}

int set_context_params(void* context, const OSSL_PARAM* params) {
  return guarded([&] { return context_of(context).core->check(apply(context_of(context), params)); });
}

enum class Purpose { kSign, kVerify };

/// The identifier stays from the last time, because OpenSSL's programs may set it before they set the key.
Status begin(Context& context, Purpose purpose, const void* key_data, const OSSL_PARAM* params) {
  if (key_data != nullptr) {
    context.key = material_of(key_data);
  }
  if (!context.key || (purpose == Purpose::kSign && !context.key->private_key)) {
    return Error{Errc::kInternal, "sm2.key", "the key that this needs is not set"};
  }
  context.hash = crypto::Sm3();
  context.is_hashing = false;
  return apply(context, params);
}

template <Purpose purpose>
int init(void* opaque, void* key_data, const OSSL_PARAM* params) {
  return guarded([&] {
    Context& context = context_of(opaque);
    return context.core->check(begin(context, purpose, key_data, params));
  });
}

template <Purpose purpose>
int digest_init(void* opaque, const char* digest_name, void* key_data, const OSSL_PARAM* params) {
  return guarded([&] {
    Context& context = context_of(opaque);
    const auto name = digest_name == nullptr ? std::nullopt : std::optional<std::string_view>(digest_name);
    return context.core->check(check_digest_name(name)) &&
           context.core->check(begin(context, purpose, key_data, params));
  });
}

void begin_hash(Context& context) {
  if (!context.is_hashing) {
    context.hash.update(context.key->public_key().z(as_bytes(context.id)));
    context.is_hashing = true;
  }
}

int digest_update(void* opaque, const unsigned char* in, std::size_t size) {
  return guarded([&] {
    Context& context = context_of(opaque);
    if (!context.key) {
      return false;
    }
    begin_hash(context);
    context.hash.update({in, size});
    return true;
  });
}

Sm3Digest finish_hash(Context& context) {
  begin_hash(context);
  context.is_hashing = false;
  return context.hash.finish();
}

Status sign_digest(const Context& context, const Sm3Digest& e, const Output& out) {
  const Bytes der = context.key->private_key->sign_digest(e, crypto::kernel_random()).to_der();
  if (!out.put(der)) {
    return Error{Errc::kMalformed, "sm2.output", "the output buffer is too small"};
  }
  return ok();
}

/// Without an output OpenSSL asks how large one has to be.
bool only_asks_size(const Output& out) {
  if (out.octets == nullptr) {
    *out.size = kMostSignatureSize;
  }
  return out.octets == nullptr;
}

bool can_sign(const Context& context) { return context.key && context.key->private_key; }

int digest_sign_final(void* opaque, unsigned char* out, std::size_t* out_size, std::size_t capacity) {
  return guarded([&] {
    Context& context = context_of(opaque);
    const Output output{out, out_size, capacity};
    return can_sign(context) && (only_asks_size(output) ||
                                 context.core->check(sign_digest(context, finish_hash(context), output)));
  });
}

/// The digest that a caller hands in ready.
Result<Sm3Digest> given_digest(ByteView octets) {
  Sm3Digest e{};
  if (octets.size() != e.size()) {
    return Error{Errc::kMalformed, "digest.size", "a digest is 32 octets"};
  }
  std::ranges::copy(octets, e.begin());
  return e;
}

Status sign_given(const Context& context, ByteView octets, const Output& out) {
  HUTONG_TRY(const Sm3Digest e, given_digest(octets));
  return sign_digest(context, e, out);
}

int sign(void* opaque, unsigned char* out, std::size_t* out_size, std::size_t capacity,
         const unsigned char* in, std::size_t in_size) {
  return guarded([&] {
    const Context& context = context_of(opaque);
    const Output output{out, out_size, capacity};
    return can_sign(context) &&
           (only_asks_size(output) || context.core->check(sign_given(context, {in, in_size}, output)));
  });
}

/// A signature that is no DER or does not verify is an answer, not an error.
bool verify_digest(const Context& context, const Sm3Digest& e, ByteView signature) {
  const auto read = Sm2Signature::from_der(signature);
  return read && context.key->verifier.verify_digest(e, *read);
}

int digest_verify_final(void* opaque, const unsigned char* signature, std::size_t size) {
  return guarded([&] {
    Context& context = context_of(opaque);
    return context.key && verify_digest(context, finish_hash(context), {signature, size});
  });
}

int verify(void* opaque, const unsigned char* signature, std::size_t size, const unsigned char* in,
           std::size_t in_size) {
  return guarded([&] {
    const Context& context = context_of(opaque);
    const auto e = given_digest({in, in_size});
    return context.key && e && verify_digest(context, *e, {signature, size});
  });
}

int get_context_params(void* /*context*/, OSSL_PARAM* params) {
  return guarded([params] {
    return answer_octets(params, OSSL_SIGNATURE_PARAM_ALGORITHM_ID, kSm2WithSm3) &&
           answer_text(params, OSSL_SIGNATURE_PARAM_DIGEST, "SM3") &&
           answer_size(params, OSSL_SIGNATURE_PARAM_DIGEST_SIZE, crypto::kSm3DigestSize);
  });
}

const OSSL_PARAM* gettable_context_params(void* /*context*/, void* /*provider_context*/) {
  static const OSSL_PARAM list[] = {
      OSSL_PARAM_octet_string(OSSL_SIGNATURE_PARAM_ALGORITHM_ID, nullptr, 0),
      OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_DIGEST, nullptr, 0),
      OSSL_PARAM_size_t(OSSL_SIGNATURE_PARAM_DIGEST_SIZE, nullptr),
      OSSL_PARAM_END,
  };
  return list;
}

const OSSL_PARAM* settable_context_params(void* /*context*/, void* /*provider_context*/) {
  static const OSSL_PARAM list[] = {
      OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_DIST_ID, nullptr, 0),
      OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_DIGEST, nullptr, 0),
      OSSL_PARAM_size_t(OSSL_SIGNATURE_PARAM_DIGEST_SIZE, nullptr),
      OSSL_PARAM_END,
  };
  return list;
}

}  // namespace

const OSSL_DISPATCH* sm2_signature_functions() {
  static const OSSL_DISPATCH functions[] = {
      entry<OSSL_FUNC_signature_newctx_fn>(OSSL_FUNC_SIGNATURE_NEWCTX, make),
      entry<OSSL_FUNC_signature_freectx_fn>(OSSL_FUNC_SIGNATURE_FREECTX, drop_context<Context>),
      entry<OSSL_FUNC_signature_dupctx_fn>(OSSL_FUNC_SIGNATURE_DUPCTX, copy_context<Context>),
      entry<OSSL_FUNC_signature_sign_init_fn>(OSSL_FUNC_SIGNATURE_SIGN_INIT, init<Purpose::kSign>),
      entry<OSSL_FUNC_signature_sign_fn>(OSSL_FUNC_SIGNATURE_SIGN, sign),
      entry<OSSL_FUNC_signature_verify_init_fn>(OSSL_FUNC_SIGNATURE_VERIFY_INIT, init<Purpose::kVerify>),
      entry<OSSL_FUNC_signature_verify_fn>(OSSL_FUNC_SIGNATURE_VERIFY, verify),
      entry<OSSL_FUNC_signature_digest_sign_init_fn>(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_INIT,
                                                     digest_init<Purpose::kSign>),
      entry<OSSL_FUNC_signature_digest_sign_update_fn>(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_UPDATE, digest_update),
      entry<OSSL_FUNC_signature_digest_sign_final_fn>(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_FINAL,
                                                      digest_sign_final),
      entry<OSSL_FUNC_signature_digest_verify_init_fn>(OSSL_FUNC_SIGNATURE_DIGEST_VERIFY_INIT,
                                                       digest_init<Purpose::kVerify>),
      entry<OSSL_FUNC_signature_digest_verify_update_fn>(OSSL_FUNC_SIGNATURE_DIGEST_VERIFY_UPDATE,
                                                         digest_update),
      entry<OSSL_FUNC_signature_digest_verify_final_fn>(OSSL_FUNC_SIGNATURE_DIGEST_VERIFY_FINAL,
                                                        digest_verify_final),
      entry<OSSL_FUNC_signature_get_ctx_params_fn>(OSSL_FUNC_SIGNATURE_GET_CTX_PARAMS, get_context_params),
      entry<OSSL_FUNC_signature_gettable_ctx_params_fn>(OSSL_FUNC_SIGNATURE_GETTABLE_CTX_PARAMS,
                                                        gettable_context_params),
      entry<OSSL_FUNC_signature_set_ctx_params_fn>(OSSL_FUNC_SIGNATURE_SET_CTX_PARAMS, set_context_params),
      entry<OSSL_FUNC_signature_settable_ctx_params_fn>(OSSL_FUNC_SIGNATURE_SETTABLE_CTX_PARAMS,
                                                        settable_context_params),
      kEndOfDispatch,
  };
  return functions;
}

}  // namespace hutong::provider
