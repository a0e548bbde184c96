#include "token/driver/driver.h"

#include <algorithm>
#include <utility>

#include "token/driver/errors.h"
#include "token/skf.h"

namespace hutong::token {
namespace {

constexpr std::size_t kMostNames = 1024;
constexpr std::uint32_t kPresentOnly = 1;

}  // namespace

Driver::Driver(DriverDescription description, DriverLaunch launch)
    : description_(std::move(description)), process_(std::move(launch)) {
  for (const Quirk quirk : description_.quirks) {
    quirks_.allow(quirk);
  }
}

Result<DriverAnswer> Driver::call(DriverCall call, std::uint64_t generation) {
  return this->call(std::move(call), description_.call_limit, generation);
}

Result<DriverAnswer> Driver::call(DriverCall call, std::chrono::milliseconds limit,
                                  std::uint64_t generation) {
  const Function function = call.function();
  HUTONG_TRY(DriverAnswer answer, process_.call(std::move(call), limit, generation));
  if (answer.code() != SAR_OK) {
    return error_from(answer.code(), function);
  }
  return answer;
}

Result<Bytes> Driver::fetch(const CallWithRoom& make, std::size_t first_room, std::chrono::milliseconds limit,
                            std::uint64_t generation) {
  DriverCall first = make(first_room);
  const Function function = first.function();
  HUTONG_TRY(const DriverAnswer answer, process_.call(std::move(first), limit, generation));
  if (answer.code() == SAR_OK) {
    return to_bytes(answer.octets(1));
  }
  const std::size_t needed = answer.number(0);
  if (answer.code() != SAR_BUFFER_TOO_SMALL || needed <= first_room || needed > kMostRoom) {
    return error_from(answer.code(), function);
  }
  HUTONG_TRY(const DriverAnswer second, call(make(needed), limit, generation));
  return to_bytes(second.octets(1));
}

Result<std::vector<std::string>> Driver::device_names(std::chrono::milliseconds limit) {
  HUTONG_TRY(const Bytes list, fetch(
                                   [](std::size_t room) {
                                     DriverCall call(Function::kEnumDev);
                                     call.number(kPresentOnly).room(room);
                                     return call;
                                   },
                                   kListRoom, limit, DriverProcess::kAnyGeneration));
  return read_name_list(list, quirks_);
}

Result<std::vector<std::string>> read_name_list(ByteView list, const Quirks& quirks) {
  std::vector<std::string> names;
  while (!list.empty() && list.front() != 0) {
    const auto end = std::ranges::find(list, std::uint8_t{0});
    const auto size = static_cast<std::size_t>(end - list.begin());
    if (names.size() >= kMostNames) {
      return Error{Errc::kLimit, "token.name_list_size",
                   "more than " + std::to_string(kMostNames) + " names"};
    }
    names.emplace_back(as_text(list.first(size)));
    list = list.subspan(std::min(size + 1, list.size()));
  }
  if (list.empty() && !names.empty() && !quirks.meets(Quirk::kUnendedNameLists)) {
    return Error{Errc::kMalformed, "token.name_list", "the list of names does not end"};
  }
  return names;
}

}  // namespace hutong::token
