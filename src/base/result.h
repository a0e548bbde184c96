#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace hutong {

/// Coarse and stable: the number is in API bodies, audit rows and metrics. Append only.
enum class Errc : std::uint16_t {
  kMalformed = 1,  ///< the input is not what it says it is
  kUnauthorized,   ///< the caller may not do this
  kNotFound,
  kConflict,
  kPolicy,       ///< well-formed, but refused by a rule (algorithm, profile, configuration)
  kUnavailable,  ///< a service or resource is missing right now
  kInternal,
  kLimit,       ///< a budget (size, depth, work) was used up
  kCryptoFail,  ///< a cryptographic check failed; never says which part
};

/// `reason` is the stable dotted code that API bodies and tests rely on ("asn1.trailing_data"); always a
/// string literal. `detail` is for people and never holds a secret; the HTTP edge drops it on kInternal.
struct Error {
  Errc code;
  std::string_view reason;
  std::string detail;
};

/// A value or an Error. Expected failures travel in here; exceptions mean a bug or no memory
/// (docs/decisions/0002). The member names are those of std::expected, for a later switch.
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // implicit: `return der;`
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // implicit: `return Error{...};`

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  const T& value() const& { return std::get<0>(state_); }  // throws only on a caller's bug
  T& value() & { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

using Status = Result<std::monostate>;
inline Status ok() { return Status(std::monostate{}); }

}  // namespace hutong

#define HUTONG_CONCAT_INNER(a, b) a##b
#define HUTONG_CONCAT(a, b) HUTONG_CONCAT_INNER(a, b)
#define HUTONG_TRY_INNER(tmp, decl, expr) \
  auto tmp = (expr);                      \
  if (!tmp) {                             \
    return std::move(tmp).error();        \
  }                                       \
  decl = std::move(tmp).value()
/// HUTONG_TRY(auto der, read(path)); declares `der` or returns the error to the caller.
#define HUTONG_TRY(decl, expr) HUTONG_TRY_INNER(HUTONG_CONCAT(hutong_try_, __LINE__), decl, expr)
/// HUTONG_CHECK(reader.finish()); for a Status (or any Result whose value is not needed).
#define HUTONG_CHECK(expr)                           \
  do {                                               \
    if (auto hutong_check = (expr); !hutong_check) { \
      return std::move(hutong_check).error();        \
    }                                                \
  } while (false)
