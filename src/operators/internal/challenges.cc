#include "operators/internal/challenges.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include "base/encoding.h"
#include "crypto/constant_time.h"
#include "crypto/sm3.h"

namespace hutong::operators {
namespace {

constexpr std::size_t kSecretSize = 32;
constexpr std::size_t kRandomSize = 16;
constexpr std::size_t kTimeSize = 8;
constexpr std::size_t kMacSize = 16;
constexpr std::size_t kSize = kRandomSize + kTimeSize + kMacSize;
/// Clocks of two nodes may differ by so much.
constexpr std::chrono::seconds kSkew{30};

crypto::Sm3Digest mac(ByteView secret, ByteView covered) {
  crypto::HmacSm3 hmac(secret);
  hmac.update(as_bytes("hutong-login-challenge-1"));
  hmac.update(covered);
  return hmac.finish();
}

void write_time(Time time, std::span<std::uint8_t> out) {
  const auto since_epoch = static_cast<std::uint64_t>(time.time_since_epoch().count());
  for (std::size_t at = 0; at < kTimeSize; ++at) {
    out[at] = static_cast<std::uint8_t>(since_epoch >> (56 - 8 * at));
  }
}

Time read_time(ByteView octets) {
  std::uint64_t since_epoch = 0;
  for (const std::uint8_t octet : octets) {
    since_epoch = since_epoch << 8 | octet;
  }
  return Time(std::chrono::seconds(static_cast<std::int64_t>(since_epoch)));
}

}  // namespace

Result<Challenges> Challenges::load(storage::Database& database, std::chrono::seconds life,
                                    crypto::RandomSource& random) {
  SecretBytes fresh(kSecretSize);
  random.fill(fresh.writable());
  HUTONG_TRY(
      const storage::Row row,
      storage::in_transaction(database, [&](storage::Transaction& transaction) -> Result<storage::Row> {
        HUTONG_CHECK(
            transaction.execute("INSERT INTO operator_challenge_key (id, secret) VALUES (1, ?)"
                                " ON CONFLICT (id) DO NOTHING",
                                fresh.expose()));
        return transaction.query_one("SELECT secret FROM operator_challenge_key WHERE id = 1");
      }));
  return Challenges(SecretBytes::copy_of(row.bytes(0)), life, random);
}

Challenges::Challenge Challenges::make(Time now) const {
  std::array<std::uint8_t, kSize> octets{};
  const std::span all(octets);
  random_->fill(all.first(kRandomSize));
  write_time(now, all.subspan(kRandomSize, kTimeSize));
  const auto tag = mac(secret_.expose(), all.first(kRandomSize + kTimeSize));
  std::copy_n(tag.begin(), kMacSize, all.last(kMacSize).begin());
  return {.text = to_hex(all), .issued_at = now, .expires_at = now + life_};
}

Result<Time> Challenges::check(std::string_view text, Time now) const {
  const Error refused{Errc::kUnauthorized, "session.challenge",
                      "the challenge is not of this system or too old; ask for a new one"};
  const auto octets = from_hex(text);
  if (!octets || octets->size() != kSize || to_hex(*octets) != text) {
    return refused;
  }
  const ByteView all(*octets);
  const auto tag = mac(secret_.expose(), all.first(kRandomSize + kTimeSize));
  if (!crypto::constant_time_equal(ByteView(tag).first(kMacSize), all.last(kMacSize))) {
    return refused;
  }
  const Time issued_at = read_time(all.subspan(kRandomSize, kTimeSize));
  if (issued_at > now + kSkew || now >= issued_at + life_) {
    return refused;
  }
  return issued_at;
}

}  // namespace hutong::operators
