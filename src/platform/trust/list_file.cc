#include "platform/trust/list_file.h"

#include "base/file.h"
#include "net/log.h"

namespace hutong::platform {

Status ListFile::bring_up_to_date() {
  const std::lock_guard lock(mutex_);
  HUTONG_TRY(const auto newest, desk_->lists(0, 1));
  if (newest.empty() || newest.front().number <= written_) {
    return ok();
  }
  const std::int64_t number = newest.front().number;
  HUTONG_TRY(const Bytes list, desk_->file(number, ListForm::kMessage));
  HUTONG_CHECK(write_file(file_, list));
  written_ = number;
  net::log(net::LogLevel::kInfo, "trust_list.published", {{"number", number}, {"sm3", newest.front().sm3}});
  return ok();
}

}  // namespace hutong::platform
