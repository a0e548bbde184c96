#include "token/driver/internal/library.h"

#include <dlfcn.h>

#include "base/file.h"

namespace hutong::token::host {

std::optional<crypto::Sm3Digest> Library::digest_of(const std::filesystem::path& file) {
  const auto mapped = MappedFile::open(file);
  return mapped ? std::optional(crypto::sm3(mapped->view())) : std::nullopt;
}

std::optional<LoadFailure> Library::load(const std::filesystem::path& file) {
  handle_ = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle_ == nullptr) {
    const char* text = ::dlerror();
    return LoadFailure{LoadOutcome::kNotLoadable,
                       text != nullptr ? text : "the dynamic linker gave no reason"};
  }
  for (std::uint32_t number = 1; number <= kFunctionCount; ++number) {
    const FunctionName& name = *find_function(number);
    if (name.presence == Presence::kRequired && symbol(static_cast<Function>(number)) == nullptr) {
      return LoadFailure{LoadOutcome::kMissingSymbol, std::string(name.exported)};
    }
  }
  return std::nullopt;
}

void* Library::look_up(const FunctionName& name) const {
  void* found = ::dlsym(handle_, name.exported.data());
  return found != nullptr || name.otherwise.empty() ? found : ::dlsym(handle_, name.otherwise.data());
}

void* Library::symbol(Function function) {
  const auto number = static_cast<std::uint32_t>(function);
  auto& known = symbols_.at(number - 1);
  if (!known) {
    known = look_up(*find_function(number));
  }
  return *known;
}

}  // namespace hutong::token::host
