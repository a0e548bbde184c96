#include "provider/test_session.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace hutong::provider::test {
namespace {

/// GTest owns it and ends it after the last test.
class SharedSessions : public testing::Environment {
 public:
  void SetUp() override {
    ours = std::make_unique<Session>(std::initializer_list<const char*>{"hutong-gm", "base"});
    peer = std::make_unique<Session>(std::initializer_list<const char*>{"default"});
  }
  void TearDown() override {
    ours.reset();
    peer.reset();
  }
  std::unique_ptr<Session> ours;
  std::unique_ptr<Session> peer;
};

const SharedSessions& shared_sessions = static_cast<SharedSessions&>(
    *testing::AddGlobalTestEnvironment(std::make_unique<SharedSessions>().release()));

}  // namespace

const Session& ours() { return *shared_sessions.ours; }
const Session& peer() { return *shared_sessions.peer; }

Session::Session(std::initializer_list<const char*> providers) : context_(OSSL_LIB_CTX_new()) {
  OSSL_PROVIDER_set_default_search_path(context_, HUTONG_PROVIDER_FOLDER);
  for (const char* name : providers) {
    OSSL_PROVIDER* const provider = OSSL_PROVIDER_load(context_, name);
    if (provider == nullptr) {
      throw std::runtime_error(std::string("cannot load ") + name + ": " + take_errors());
    }
    providers_.push_back(provider);
  }
}

Session::~Session() {
  for (OSSL_PROVIDER* provider : providers_) {
    OSSL_PROVIDER_unload(provider);
  }
  OSSL_LIB_CTX_free(context_);
}

Bytes random_bytes(std::size_t size) {
  Bytes bytes(size);
  RAND_bytes(bytes.data(), static_cast<int>(size));
  return bytes;
}

std::vector<ByteView> pieces(ByteView whole, std::initializer_list<std::size_t> sizes) {
  std::vector<ByteView> out;
  for (std::size_t i = 0; !whole.empty(); ++i) {
    const std::size_t size = std::min(whole.size(), sizes.begin()[i % sizes.size()]);
    out.push_back(whole.first(size));
    whole = whole.subspan(size);
  }
  return out;
}

std::string take_errors() {
  std::string out;
  const char* data = nullptr;
  int flags = 0;
  while (const unsigned long code = ERR_get_error_all(nullptr, nullptr, nullptr, &data, &flags)) {
    std::array<char, 256> text{};
    ERR_error_string_n(code, text.data(), text.size());
    out += std::string(text.data()) + " " + data + "\n";
  }
  return out;
}

}  // namespace hutong::provider::test
