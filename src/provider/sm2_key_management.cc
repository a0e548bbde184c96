#include <openssl/core_dispatch.h>

#include <algorithm>
#include <array>

#include "crypto/kernel_random.h"
#include "provider/c_boundary.h"
#include "provider/core.h"
#include "provider/functions.h"
#include "provider/names.h"
#include "provider/params.h"
#include "provider/sm2_key.h"

namespace hutong::provider {
namespace {

constexpr std::size_t kBits = 256;
constexpr std::size_t kSecurityBits = 128;
constexpr std::size_t kMostSignatureSize = 72;

bool asks(int selection, int part) { return (selection & part) != 0; }

void* make(void* provider_context) { return make_context<Sm2Key>(core_of(provider_context)); }

void* copy(const void* key_data, int selection) {
  const Sm2Key& source = key_of(key_data);
  std::unique_ptr<Sm2Key> key;
  const int made = guarded([&] {
    key = std::make_unique<Sm2Key>(*source.core);
    if (asks(selection, OSSL_KEYMGMT_SELECT_PRIVATE_KEY)) {
      key->material = source.material;
    } else if (source.material && asks(selection, OSSL_KEYMGMT_SELECT_PUBLIC_KEY)) {
      key->material = std::make_shared<const Sm2KeyMaterial>(source.material->public_key());
    }
    return true;
  });
  return made != 0 ? key.release() : nullptr;
}

bool has_private(const Sm2Key& key) { return key.material && key.material->private_key; }

int has(const void* key_data, int selection) {
  if (key_data == nullptr) {
    return 0;
  }
  const Sm2Key& key = key_of(key_data);
  const bool complete = (!asks(selection, OSSL_KEYMGMT_SELECT_PUBLIC_KEY) || key.material) &&
                        (!asks(selection, OSSL_KEYMGMT_SELECT_PRIVATE_KEY) || has_private(key));
  return complete ? 1 : 0;
}

/// A public key cannot be made without being checked, nor a private key without its public key.
int validate(const void* key_data, int selection, int /*check_type*/) { return has(key_data, selection); }

/// Equal public keys have equal private keys.
int match(const void* a, const void* b, int selection) {
  const Sm2Key& first = key_of(a);
  const Sm2Key& second = key_of(b);
  if (!asks(selection, OSSL_KEYMGMT_SELECT_KEYPAIR)) {
    return 1;
  }
  return first.material && second.material && first.material->public_key() == second.material->public_key()
             ? 1
             : 0;
}

int import_key(void* key_data, int selection, const OSSL_PARAM* params) {
  return guarded([&] {
    Sm2Key& key = *static_cast<Sm2Key*>(key_data);
    auto read = read_key(
        params, asks(selection, OSSL_KEYMGMT_SELECT_PRIVATE_KEY) ? WithPrivate::kYes : WithPrivate::kNo);
    if (!read) {
      key.core->raise(read.error());
      return false;
    }
    if (asks(selection, OSSL_KEYMGMT_SELECT_KEYPAIR)) {
      key.material = std::move(*read);
      return key.material != nullptr;
    }
    return true;
  });
}

/// Everything that a key tells, as far as it has it; used by get_params, whose requests are looked up by
/// name.
bool answer_public(OSSL_PARAM* params, const crypto::Sm2PublicKey& key) {
  const ByteView point(key.octets());
  return answer_octets(params, OSSL_PKEY_PARAM_PUB_KEY, point) &&
         answer_octets(params, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, point) &&
         answer_number(params, OSSL_PKEY_PARAM_EC_PUB_X, point.subspan(1, 32)) &&
         answer_number(params, OSSL_PKEY_PARAM_EC_PUB_Y, point.subspan(33));
}

int get_params(void* key_data, OSSL_PARAM* params) {
  return guarded([&] {
    const Sm2Key& key = key_of(key_data);
    if (has_private(key) &&
        !answer_number(params, OSSL_PKEY_PARAM_PRIV_KEY, key.material->private_key->expose().expose())) {
      return false;
    }
    return (!key.material || answer_public(params, key.material->public_key())) &&
           answer_size(params, OSSL_PKEY_PARAM_BITS, kBits) &&
           answer_size(params, OSSL_PKEY_PARAM_SECURITY_BITS, kSecurityBits) &&
           answer_size(params, OSSL_PKEY_PARAM_MAX_SIZE, kMostSignatureSize) &&
           answer_text(params, OSSL_PKEY_PARAM_GROUP_NAME, "SM2") &&
           answer_text(params, OSSL_PKEY_PARAM_EC_ENCODING, OSSL_PKEY_EC_ENCODING_GROUP) &&
           answer_text(params, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                       OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_UNCOMPRESSED) &&
           answer_text(params, OSSL_PKEY_PARAM_DEFAULT_DIGEST, "SM3");
  });
}

const OSSL_PARAM* gettable_params(void* /*provider_context*/) {
  static const OSSL_PARAM list[] = {
      OSSL_PARAM_int(OSSL_PKEY_PARAM_BITS, nullptr),
      OSSL_PARAM_int(OSSL_PKEY_PARAM_SECURITY_BITS, nullptr),
      OSSL_PARAM_int(OSSL_PKEY_PARAM_MAX_SIZE, nullptr),
      OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_DEFAULT_DIGEST, nullptr, 0),
      OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, nullptr, 0),
      OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_EC_ENCODING, nullptr, 0),
      OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, nullptr, 0),
      OSSL_PARAM_BN(OSSL_PKEY_PARAM_EC_PUB_X, nullptr, 0),
      OSSL_PARAM_BN(OSSL_PKEY_PARAM_EC_PUB_Y, nullptr, 0),
      OSSL_PARAM_BN(OSSL_PKEY_PARAM_PRIV_KEY, nullptr, 0),
      OSSL_PARAM_END,
  };
  return list;
}

const OSSL_PARAM* exchanged_types(int /*selection*/) {
  static const OSSL_PARAM list[] = {
      OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, nullptr, 0),
      OSSL_PARAM_BN(OSSL_PKEY_PARAM_EC_PUB_X, nullptr, 0),
      OSSL_PARAM_BN(OSSL_PKEY_PARAM_EC_PUB_Y, nullptr, 0),
      OSSL_PARAM_BN(OSSL_PKEY_PARAM_PRIV_KEY, nullptr, 0),
      OSSL_PARAM_END,
  };
  return list;
}

/// Fills the parameters through get_params and hands on those that `selection` asks for.
int export_key(void* key_data, int selection, OSSL_CALLBACK* receive, void* receiver) {
  if (has(key_data, selection) == 0) {
    return 0;
  }
  std::array<char, 4> group{};  // with the zero that ends it
  std::array<std::uint8_t, 65> point{};
  crypto::Sm2Scalar d{};
  const ScopedWipe wipe_d(d);
  std::array<OSSL_PARAM, 4> params{};
  std::size_t used = 0;
  params[used++] = OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size() - 1);
  if (asks(selection, OSSL_KEYMGMT_SELECT_KEYPAIR)) {
    params[used++] = OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  }
  if (asks(selection, OSSL_KEYMGMT_SELECT_PRIVATE_KEY)) {
    params[used++] = OSSL_PARAM_BN(OSSL_PKEY_PARAM_PRIV_KEY, d.data(), d.size());
  }
  params[used] = OSSL_PARAM_END;
  return get_params(key_data, params.data()) != 0 ? receive(params.data(), receiver) : 0;
}

const char* operation_name(int /*operation*/) { return "SM2"; }

struct Generation {
  const Core* core;
  int selection;
};

int set_generation_params(void* generation, const OSSL_PARAM* params) {
  return guarded([&] {
    const OSSL_PARAM* const group = find(params, OSSL_PKEY_PARAM_GROUP_NAME);
    return group == nullptr ||
           static_cast<const Generation*>(generation)->core->check(check_group_name(read_text(*group)));
  });
}

const OSSL_PARAM* settable_generation_params(void* /*generation*/, void* /*provider_context*/) {
  static const OSSL_PARAM list[] = {
      OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, nullptr, 0),
      OSSL_PARAM_END,
  };
  return list;
}

void* begin_generation(void* provider_context, int selection, const OSSL_PARAM* params) {
  Generation generation{&core_of(provider_context), selection};
  return set_generation_params(&generation, params) != 0 ? make_context<Generation>(generation) : nullptr;
}

/// There is one set of domain parameters, so a template tells nothing new.
int set_template(void* /*generation*/, void* /*key_data*/) { return 1; }

void* generate(void* opaque, OSSL_CALLBACK* /*progress*/, void* /*receiver*/) {
  const auto& generation = *static_cast<const Generation*>(opaque);
  std::unique_ptr<Sm2Key> key;
  const int made = guarded([&] {
    key = std::make_unique<Sm2Key>(*generation.core);
    if (asks(generation.selection, OSSL_KEYMGMT_SELECT_KEYPAIR)) {
      key->material =
          std::make_shared<const Sm2KeyMaterial>(crypto::Sm2PrivateKey::generate(crypto::kernel_random()));
    }
    return true;
  });
  return made != 0 ? key.release() : nullptr;
}

}  // namespace

const OSSL_DISPATCH* sm2_key_management_functions() {
  static const OSSL_DISPATCH functions[] = {
      entry<OSSL_FUNC_keymgmt_new_fn>(OSSL_FUNC_KEYMGMT_NEW, make),
      entry<OSSL_FUNC_keymgmt_free_fn>(OSSL_FUNC_KEYMGMT_FREE, drop_context<Sm2Key>),
      entry<OSSL_FUNC_keymgmt_dup_fn>(OSSL_FUNC_KEYMGMT_DUP, copy),
      entry<OSSL_FUNC_keymgmt_gen_init_fn>(OSSL_FUNC_KEYMGMT_GEN_INIT, begin_generation),
      entry<OSSL_FUNC_keymgmt_gen_set_template_fn>(OSSL_FUNC_KEYMGMT_GEN_SET_TEMPLATE, set_template),
      entry<OSSL_FUNC_keymgmt_gen_set_params_fn>(OSSL_FUNC_KEYMGMT_GEN_SET_PARAMS, set_generation_params),
      entry<OSSL_FUNC_keymgmt_gen_settable_params_fn>(OSSL_FUNC_KEYMGMT_GEN_SETTABLE_PARAMS,
                                                      settable_generation_params),
      entry<OSSL_FUNC_keymgmt_gen_fn>(OSSL_FUNC_KEYMGMT_GEN, generate),
      entry<OSSL_FUNC_keymgmt_gen_cleanup_fn>(OSSL_FUNC_KEYMGMT_GEN_CLEANUP, drop_context<Generation>),
      entry<OSSL_FUNC_keymgmt_get_params_fn>(OSSL_FUNC_KEYMGMT_GET_PARAMS, get_params),
      entry<OSSL_FUNC_keymgmt_gettable_params_fn>(OSSL_FUNC_KEYMGMT_GETTABLE_PARAMS, gettable_params),
      entry<OSSL_FUNC_keymgmt_query_operation_name_fn>(OSSL_FUNC_KEYMGMT_QUERY_OPERATION_NAME,
                                                       operation_name),
      entry<OSSL_FUNC_keymgmt_has_fn>(OSSL_FUNC_KEYMGMT_HAS, has),
      entry<OSSL_FUNC_keymgmt_validate_fn>(OSSL_FUNC_KEYMGMT_VALIDATE, validate),
      entry<OSSL_FUNC_keymgmt_match_fn>(OSSL_FUNC_KEYMGMT_MATCH, match),
      entry<OSSL_FUNC_keymgmt_import_fn>(OSSL_FUNC_KEYMGMT_IMPORT, import_key),
      entry<OSSL_FUNC_keymgmt_import_types_fn>(OSSL_FUNC_KEYMGMT_IMPORT_TYPES, exchanged_types),
      entry<OSSL_FUNC_keymgmt_export_fn>(OSSL_FUNC_KEYMGMT_EXPORT, export_key),
      entry<OSSL_FUNC_keymgmt_export_types_fn>(OSSL_FUNC_KEYMGMT_EXPORT_TYPES, exchanged_types),
      kEndOfDispatch,
  };
  return functions;
}

}  // namespace hutong::provider
