#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/bytes.h"
#include "crypto/sm2.h"
#include "tests/support/program.h"
#include "token/skf.h"

namespace hutong::token::test {

/// An SKF library as any application sees it: loaded, its functions found by name.
class SkfLibrary {
 public:
  /// Throws when the library or one of the functions is missing.
  explicit SkfLibrary(const std::string& file);
  SkfLibrary(const SkfLibrary&) = delete;
  SkfLibrary& operator=(const SkfLibrary&) = delete;
  ~SkfLibrary();

#define HUTONG_SKF_MEMBER(name, parameters) name##Function name = nullptr;
  HUTONG_SKF_FUNCTIONS(HUTONG_SKF_MEMBER)
  HUTONG_SKF_EXTENSIONS(HUTONG_SKF_MEMBER)
#undef HUTONG_SKF_MEMBER

 private:
  void* library_;
};

/// libhutong-skf.so, loaded once.
const SkfLibrary& skf();

inline constexpr const char* kAdminPin = "adminpin";
inline constexpr const char* kUserPin = "user1234";

/// Text for a parameter that the norm forgot to call constant.
inline LPSTR text(const char* constant) { return const_cast<LPSTR>(constant); }
inline BYTE* octets(ByteView constant) { return const_cast<BYTE*>(constant.data()); }
inline ULONG length_of(ByteView view) { return static_cast<ULONG>(view.size()); }

/// The names of a double-NUL list, by the two calls.
template <typename Ask>
std::vector<std::string> names_of(Ask&& ask) {
  ULONG length = 0;
  EXPECT_EQ(ask(nullptr, &length), SAR_OK);
  std::string list(length, 'x');
  EXPECT_EQ(ask(list.data(), &length), SAR_OK);
  EXPECT_EQ(list.back(), '\0');
  std::vector<std::string> names;
  for (std::size_t at = 0; at < list.size() && list[at] != '\0'; at += names.back().size() + 1) {
    names.emplace_back(list.c_str() + at);
  }
  return names;
}

/// A home of its own with the device "one", freshly made; open, with nothing proved yet.
class TokenTest : public testing::Test {
 protected:
  TokenTest();
  ~TokenTest() override;
  void add_device(const std::string& name) const;
  void connect();
  ULONG authenticate(ByteView key) const;
  void authenticate() const;
  HAPPLICATION create_application(const char* name = "app", ULONG rights = SECURE_USER_ACCOUNT,
                                  ULONG tries = 3) const;
  ULONG log_in(HAPPLICATION application, const char* pin = kUserPin, ULONG kind = USER_TYPE) const;
  /// Device proved, application made and the user logged in.
  HAPPLICATION ready() const;
  HCONTAINER container(HAPPLICATION application, const char* name = "c1") const;

  hutong::test::Folder home_;
  DEVHANDLE device_ = nullptr;
};

}  // namespace hutong::token::test
