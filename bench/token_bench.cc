// What using the software token through its driver process costs, beside the same in this program's memory.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>

#include "cms/enveloped_key.h"
#include "crypto/sm4.h"
#include "token/driver/device.h"
#include "token/software/provisioning.h"

namespace hutong::bench {
namespace {

constexpr std::string_view kPin = "12345678";
constexpr std::size_t kContent = std::size_t{64} << 20;
constexpr crypto::Sm4Block kIv{1, 2, 3};

template <typename Value>
Value must(Result<Value> result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().reason) + " " + result.error().detail);
  }
  return std::move(result).value();
}

/// One software token in a folder that goes with it.
class Token {
 public:
  Token() : home_(std::filesystem::temp_directory_path() / "hutong-token-bench") {
    std::filesystem::remove_all(home_);
    ::setenv("HUTONG_TOKEN_HOME", home_.c_str(), 1);
    must(token::software::create_device(home_, {.name = "one", .label = "one"}));
    token::DriverDescription description;
    description.name = "software";
    driver_ = std::make_shared<token::Driver>(std::move(description),
                                              token::DriverLaunch{.host_program = HUTONG_DRIVER_HOST,
                                                                  .library = HUTONG_SKF_LIBRARY,
                                                                  .allowed = {},
                                                                  .dependency_folders = {}});
    const auto device = must(token::Device::open(driver_, "one"));
    must(device.authenticate(as_bytes(token::software::kFactoryDeviceKey)));
    const auto application =
        must(device.create_application({.name = "APP",
                                        .administrator_pin = SecretBytes::copy_of(as_bytes(kPin)),
                                        .user_pin = SecretBytes::copy_of(as_bytes(kPin))}));
    must(application.verify_pin(token::PinRole::kUser, as_bytes(kPin)));
    container_ = must(application.create_container("C1"));
    must(container_->generate_key_pair());
  }
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;
  ~Token() {
    container_.reset();
    std::filesystem::remove_all(home_);
  }
  const token::Container& container() const { return *container_; }

 private:
  std::filesystem::path home_;
  std::shared_ptr<token::Driver> driver_;
  std::optional<token::Container> container_;
};

class NoSink final : public ByteSink {
 public:
  Status write(ByteView /*piece*/) override { return ok(); }
};

void BM_TokenSign(benchmark::State& state) {
  const Token token;
  for (auto _ : state) {
    benchmark::DoNotOptimize(must(token.container().sign(as_bytes("a bid"))));
  }
}
BENCHMARK(BM_TokenSign)->UseRealTime()->Unit(benchmark::kMicrosecond);

void BM_MemorySignAndVerify(benchmark::State& state) {
  const auto key = crypto::Sm2PrivateKey::generate();
  for (auto _ : state) {
    const auto signature = key.sign(as_bytes("a bid"));
    benchmark::DoNotOptimize(key.public_key().verify(as_bytes("a bid"), signature));
  }
}
BENCHMARK(BM_MemorySignAndVerify)->UseRealTime()->Unit(benchmark::kMicrosecond);

/// The key pair of an envelope goes in as a key centre delivers it.
void BM_TokenDecrypt(benchmark::State& state) {
  const Token token;
  const auto pair = crypto::Sm2PrivateKey::generate();
  const auto holder = must(token.container().public_key(token::KeyUse::kSignature));
  must(token.container().import_key_pair(must(cms::wrap_key_pair(pair, holder))));
  const auto wrapped = must(crypto::sm2_encrypt(pair.public_key(), Bytes(crypto::kSm4KeySize, 7)));
  auto key = must(token.container().open_session_key(wrapped, token::SessionCipher::kSm4Cbc));
  const Bytes content(kContent);
  NoSink sink;
  for (auto _ : state) {
    must(key.start(crypto::Direction::kDecrypt, kIv, crypto::Padding::kNone));
    MemorySource source(content);
    must(key.transform(source, sink));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kContent));
}
BENCHMARK(BM_TokenDecrypt)->UseRealTime()->Unit(benchmark::kMillisecond);

void BM_MemoryDecrypt(benchmark::State& state) {
  const Bytes content(kContent);
  for (auto _ : state) {
    crypto::Sm4Cbc cbc(must(crypto::Sm4Key::from_octets(Bytes(crypto::kSm4KeySize, 7))), kIv,
                       crypto::Direction::kDecrypt, crypto::Padding::kNone);
    for (std::size_t at = 0; at < content.size(); at += std::size_t{1} << 20) {
      benchmark::DoNotOptimize(cbc.update(ByteView(content).subspan(at, std::size_t{1} << 20)));
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kContent));
}
BENCHMARK(BM_MemoryDecrypt)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hutong::bench

BENCHMARK_MAIN();
