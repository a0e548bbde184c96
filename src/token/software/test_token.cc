#include "token/software/test_token.h"

#include <dlfcn.h>

#include <cstdlib>
#include <stdexcept>

#include "crypto/sm4.h"
#include "token/software/provisioning.h"

namespace hutong::token::test {
namespace {

template <typename Function>
void resolve(void* library, const char* name, Function& function) {
  void* symbol = ::dlsym(library, name);
  if (symbol == nullptr) {
    throw std::runtime_error(std::string("no such function: ") + name);
  }
  function = reinterpret_cast<Function>(symbol);
}

}  // namespace

SkfLibrary::SkfLibrary(const std::string& file) : library_(::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (library_ == nullptr) {
    throw std::runtime_error(::dlerror());
  }
#define HUTONG_SKF_RESOLVE(name, parameters) resolve(library_, #name, name);
  HUTONG_SKF_FUNCTIONS(HUTONG_SKF_RESOLVE)
  HUTONG_SKF_EXTENSIONS(HUTONG_SKF_RESOLVE)
#undef HUTONG_SKF_RESOLVE
}

SkfLibrary::~SkfLibrary() { ::dlclose(library_); }

const SkfLibrary& skf() {
  static const SkfLibrary library(HUTONG_SKF_LIBRARY);
  return library;
}

TokenTest::TokenTest() {
  ::setenv("HUTONG_TOKEN_HOME", home_.file("").c_str(), 1);
  add_device("one");
  connect();
}

TokenTest::~TokenTest() {
  if (device_ != nullptr) {
    skf().SKF_DisConnectDev(device_);
  }
}

void TokenTest::add_device(const std::string& name) const {
  const auto made = software::create_device(home_.file(""), {.name = name, .label = "Test " + name});
  ASSERT_TRUE(made) << made.error().detail;
}

void TokenTest::connect() { ASSERT_EQ(skf().SKF_ConnectDev(text("one"), &device_), SAR_OK); }

ULONG TokenTest::authenticate(ByteView key) const {
  Bytes block(crypto::kSm4BlockSize);
  EXPECT_EQ(skf().SKF_GenRandom(device_, block.data(), 8), SAR_OK);
  crypto::Sm4Key::from_octets(key).value().encrypt_blocks(block, block);
  return skf().SKF_DevAuth(device_, block.data(), length_of(block));
}

void TokenTest::authenticate() const {
  ASSERT_EQ(authenticate(as_bytes(software::kFactoryDeviceKey)), SAR_OK);
}

HAPPLICATION TokenTest::create_application(const char* name, ULONG rights, ULONG tries) const {
  HAPPLICATION application = nullptr;
  EXPECT_EQ(skf().SKF_CreateApplication(device_, text(name), text(kAdminPin), tries, text(kUserPin), tries,
                                        rights, &application),
            SAR_OK);
  return application;
}

ULONG TokenTest::log_in(HAPPLICATION application, const char* pin, ULONG kind) const {
  ULONG left = 0;
  return skf().SKF_VerifyPIN(application, kind, text(pin), &left);
}

HAPPLICATION TokenTest::ready() const {
  authenticate();
  HAPPLICATION application = create_application();
  EXPECT_EQ(log_in(application), SAR_OK);
  return application;
}

HCONTAINER TokenTest::container(HAPPLICATION application, const char* name) const {
  HCONTAINER container = nullptr;
  EXPECT_EQ(skf().SKF_CreateContainer(application, text(name), &container), SAR_OK);
  return container;
}

}  // namespace hutong::token::test
