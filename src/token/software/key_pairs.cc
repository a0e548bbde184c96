#include "token/software/key_pairs.h"

#include "token/software/sealing.h"

namespace hutong::token::software {
namespace {

Bytes pair_place(const ContainerWork& work, KeyUse use) {
  Bytes place = to_bytes(as_bytes(use == KeyUse::kSignature ? "signature key" : "encryption key"));
  append(place, work.in.record.identity);
  append(place, as_bytes(work.record.name));
  return place;
}

}  // namespace

Result<const KeyPairRecord*> pair_of(const ContainerRecord& record, KeyUse use) {
  const auto& pair = use == KeyUse::kSignature ? record.signature : record.encryption;
  if (!pair) {
    return refusal(SAR_KEYNOTFOUNTERR);
  }
  return &*pair;
}

Result<crypto::Sm2PrivateKey> private_key_of(const ContainerWork& work, KeyUse use) {
  HUTONG_TRY(const Login* login, work.in.user());
  HUTONG_TRY(const KeyPairRecord* pair, pair_of(work.record, use));
  return open_key_pair(login->master_key.expose(), *pair, pair_place(work, use));
}

Status store_pair(ContainerWork& work, KeyUse use, const crypto::Sm2PrivateKey& key) {
  HUTONG_TRY(const Login* login, work.in.user());
  HUTONG_TRY(KeyPairRecord sealed, seal_key_pair(login->master_key.expose(), key, pair_place(work, use)));
  if (use == KeyUse::kSignature) {
    work.record.signature = std::move(sealed);
    work.record.signature_certificate.clear();
  } else {
    work.record.encryption = std::move(sealed);
    work.record.encryption_certificate.clear();
  }
  return work.save();
}

}  // namespace hutong::token::software
