#include "agent/content.h"

namespace hutong::agent {

Result<std::size_t> UnreservedSource::read(std::span<std::uint8_t> out) {
  HUTONG_TRY(const std::size_t size, content_->read(out));
  watch_.update(out.first(size));
  if (watch_.found()) {
    return Error{Errc::kUnauthorized, "agent.reserved_content", "the attributes of a login"};
  }
  return size;
}

Status UnreservedSource::rewind() {
  watch_ = {};
  return content_->rewind();
}

}  // namespace hutong::agent
