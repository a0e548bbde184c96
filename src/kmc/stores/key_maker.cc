#include "kmc/stores/key_maker.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include "net/ulid.h"

namespace hutong::kmc {
namespace {

constexpr std::string_view kSpare = "spare";
constexpr std::string_view kEscrow = "escrow";
/// Below this a second thread costs more than it brings.
constexpr std::size_t kLeastPerThread = 32;

std::string new_key_id() { return net::make_ulid(std::chrono::system_clock::now(), crypto::system_random()); }

struct Wrapping {
  const SealingKey& store;
  const std::string& store_id;
  const SealingKey& batch_key;
  const std::string& batch;
  Time now;
};

Result<SpareKey> make_one(const Wrapping& wrapping) {
  auto& random = crypto::system_random();
  const auto pair = crypto::Sm2PrivateKey::generate(random);
  SpareKey key{.id = new_key_id(),
               .batch = wrapping.batch,
               .public_key = to_bytes(pair.public_key().octets()),
               .escrowed = {},
               .store_key = wrapping.store_id,
               .wrapped = {},
               .made_at = wrapping.now};
  const ByteView d = pair.expose().expose();
  HUTONG_TRY(key.escrowed,
             wrapping.batch_key.seal(sealing_context(kEscrow, key.id, key.public_key), d, random));
  HUTONG_TRY(key.wrapped, wrapping.store.seal(sealing_context(kSpare, key.id, key.public_key), d, random));
  return key;
}

Result<std::vector<SpareKey>> make_some(std::size_t count, const Wrapping& wrapping) {
  std::vector<SpareKey> keys;
  keys.reserve(count);
  while (keys.size() < count) {
    HUTONG_TRY(auto key, make_one(wrapping));
    keys.push_back(std::move(key));
  }
  return keys;
}

Result<crypto::Sm2PrivateKey> key_in(const SealingKey& key, ByteView context, ByteView sealed,
                                     ByteView public_key) {
  HUTONG_TRY(const SecretBytes d, key.open(context, sealed));
  HUTONG_TRY(auto pair, crypto::Sm2PrivateKey::from_octets(d.expose()));
  if (!equal(pair.public_key().octets(), public_key)) {
    return Error{Errc::kInternal, "kmc.key_mismatch", "the stored private key belongs to another public key"};
  }
  return pair;
}

}  // namespace

KeyMaker::KeyMaker(const MasterKey& master, const StoreKey& store, unsigned threads)
    : master_(&master), store_(&store), threads_(std::max(1U, threads)) {}

Result<MadeKeys> KeyMaker::make(std::size_t count, Time now) const {
  SecretBytes batch_octets(0);
  HUTONG_TRY(const auto batch_key, SealingKey::generate(batch_octets, crypto::system_random()));
  MadeKeys made{.batch = {.id = new_key_id(), .master = master_->id, .sealed = {}, .created_at = now},
                .keys = {}};
  HUTONG_TRY(made.batch.sealed, crypto::sm2_encrypt(master_->public_key, batch_octets.expose()));
  const Wrapping wrapping{.store = store_->key,
                          .store_id = store_->id,
                          .batch_key = batch_key,
                          .batch = made.batch.id,
                          .now = now};
  const std::size_t parts = std::clamp<std::size_t>(count / kLeastPerThread, 1, threads_);
  std::vector<std::future<Result<std::vector<SpareKey>>>> others;
  for (std::size_t part = 1; part < parts; ++part) {
    others.push_back(std::async(std::launch::async, make_some, count / parts, std::cref(wrapping)));
  }
  auto first = make_some(count - (parts - 1) * (count / parts), wrapping);
  std::vector<Result<std::vector<SpareKey>>> all;
  all.push_back(std::move(first));
  for (auto& other : others) {
    all.push_back(other.get());
  }
  made.keys.reserve(count);
  for (auto& some : all) {
    HUTONG_TRY(auto keys, std::move(some));
    std::ranges::move(keys, std::back_inserter(made.keys));
  }
  return made;
}

Result<crypto::Sm2PrivateKey> KeyMaker::open(const SpareKey& key) const {
  if (key.store_key != store_->id) {
    return Error{Errc::kCryptoFail, "kmc.sealed", "wrapped under another store key: " + key.store_key};
  }
  return key_in(store_->key, sealing_context(kSpare, key.id, key.public_key), key.wrapped, key.public_key);
}

Result<crypto::Sm2PrivateKey> open_escrowed(const HeldKey& key, const SealingKey& batch_key) {
  return key_in(batch_key, sealing_context(kEscrow, key.id, key.public_key), key.escrowed, key.public_key);
}

}  // namespace hutong::kmc
