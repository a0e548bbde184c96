#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "crypto/sm2.h"
#include "token/conformance/report.h"
#include "token/conformance/skf_library.h"

/// What the checks share: the library under trial, calls that are remembered by name, and the notes.
namespace hutong::token::conformance {

inline constexpr const char* kTrialAdminPin = "admin-pin";
inline constexpr const char* kTrialUserPin = "user-pin";
inline constexpr const char* kWrongPin = "wrong-pin";
inline constexpr ULONG kTrialTries = 5;

inline LPSTR text(const char* constant) { return const_cast<LPSTR>(constant); }
inline BYTE* octets(ByteView constant) { return const_cast<BYTE*>(constant.data()); }
inline ULONG length_of(ByteView view) { return static_cast<ULONG>(view.size()); }

/// Ends a check early: nothing after this makes sense. Stays inside the suite.
struct EndOfCheck {};

/// Storage for a ULONG output, large enough for libraries whose ULONG has eight octets.
class Number {
 public:
  Number(ULONG value = 0) : value_(value) {}  // implicit: a length to be handed in
  ULONG* out() { return reinterpret_cast<ULONG*>(&value_); }
  ULONG value() const { return static_cast<ULONG>(value_); }

 private:
  std::uint64_t value_;
};

class Bench {
 public:
  /// `running` has room for the name of the function at work, where the parent process sees it.
  Bench(const SkfTable& functions, std::string device, std::string device_key, std::span<char> running)
      : skf(functions),
        device_name(std::move(device)),
        device_key_(std::move(device_key)),
        running_(running) {}

  const SkfTable& skf;
  const std::string device_name;

  /// Calls a function by the macro below. One that is missing ends the check.
  template <typename Function, typename... Arguments>
  ULONG call(const char* name, Function function, Arguments... arguments) {
    begin_call(name, function != nullptr);
    const ULONG result = function(arguments...);
    end_call();
    return result;
  }
  /// A note unless the result is one of those.
  void expect(std::string_view what, ULONG result, std::initializer_list<ULONG> allowed);
  void expect(bool holds, std::string note);
  /// The same, and the end of the check. SAR_NOTSUPPORTYETERR ends it as unsupported.
  void require(std::string_view what, ULONG result);
  void require(bool holds, std::string note);

  Verdict verdict() const;
  const std::vector<std::string>& notes() const { return notes_; }

  // What many checks begin with; each ends the check when it fails.
  DEVHANDLE connect();
  ULONG prove_device(DEVHANDLE device, ByteView key);
  void authenticate(DEVHANDLE device);
  HAPPLICATION new_application(DEVHANDLE device);  ///< kApplication, in place of an older one
  void log_in(HAPPLICATION application);
  HCONTAINER new_container(HAPPLICATION application, const char* name = "trial");
  crypto::Sm2PublicKey new_key(HCONTAINER container);
  HAPPLICATION ready_application(DEVHANDLE device);  ///< new, and the user logged in
  ULONG tries_left(HAPPLICATION application, ULONG kind = USER_TYPE);
  ByteView device_key() const { return as_bytes(device_key_); }

 private:
  void begin_call(const char* name, bool present);
  void end_call();

  std::string device_key_;
  std::span<char> running_;
  std::vector<std::string> notes_;
  bool unsupported_ = false;
};

#define HUTONG_SKF_CALL(bench, name, ...) (bench).call(#name, (bench).skf.name, __VA_ARGS__)

/// One check. Its function says what it saw to the bench.
struct Check {
  std::string_view id;
  std::string_view clause;
  BothTexts title;
  void (*run)(Bench& bench);
};

std::vector<Check> device_checks();
std::vector<Check> access_checks();
std::vector<Check> application_checks();
std::vector<Check> key_checks();
std::vector<Check> cipher_checks();
std::vector<Check> concurrency_checks();

/// The numbers of blobs, which must be right-aligned; nothing when they are not.
Result<crypto::Sm2PublicKey> strict_public_key(const ECCPUBLICKEYBLOB& blob);
Result<crypto::Sm2Signature> strict_signature(const ECCSIGNATUREBLOB& blob);
/// A ciphertext as ECCCIPHERBLOB, as long as it needs.
Bytes cipher_blob(ByteView c1c3c2_without_prefix);

}  // namespace hutong::token::conformance
