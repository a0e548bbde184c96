#include "audit/record.h"

#include <array>
#include <string_view>

namespace hutong::audit {
namespace {

class FieldHash {
 public:
  void number(std::uint64_t value) {
    std::array<std::uint8_t, 8> octets{};
    for (std::size_t at = 0; at < octets.size(); ++at) {
      octets[at] = static_cast<std::uint8_t>(value >> (56 - 8 * at));
    }
    hash_.update(octets);
  }
  void octets(ByteView value) {
    number(value.size());
    hash_.update(value);
  }
  void text(std::string_view value) { octets(as_bytes(value)); }
  void raw(ByteView value) { hash_.update(value); }
  crypto::Sm3Digest finish() { return hash_.finish(); }

 private:
  crypto::Sm3 hash_;
};

}  // namespace

crypto::Sm3Digest chain_hash(const crypto::Sm3Digest& previous, std::int64_t sequence, const Event& event) {
  FieldHash hash;
  hash.raw(as_bytes("hutong-audit-1"));
  hash.raw(previous);
  hash.number(static_cast<std::uint64_t>(sequence));
  hash.number(static_cast<std::uint64_t>(event.time.time_since_epoch().count()));
  hash.number(static_cast<std::uint64_t>(event.outcome));
  for (const std::string_view text :
       {std::string_view(event.actor.subject), std::string_view(event.actor.fingerprint),
        std::string_view(event.action), std::string_view(event.object_kind),
        std::string_view(event.object_id), std::string_view(event.detail)}) {
    hash.text(text);
  }
  if (event.signature) {
    hash.octets(event.signature->content);
    hash.octets(event.signature->value);
  } else {
    hash.number(~std::uint64_t{0});
  }
  return hash.finish();
}

}  // namespace hutong::audit
