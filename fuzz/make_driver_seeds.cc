// Writes the seeds of the driver fuzzers into the corpus folder given as argument: make_driver_seeds
// fuzz/corpus

#include <filesystem>
#include <iostream>

#include "base/file.h"
#include "cms/enveloped_key.h"
#include "fuzz/cms_identities.h"
#include "token/driver/blobs.h"
#include "token/driver/functions.h"
#include "token/driver/protocol.h"
#include "token/skf.h"

namespace hutong::fuzz {
namespace {

void write_frames(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const auto write = [&](const char* name, token::FrameWriter frame) {
    must(write_file(folder / name, must(frame.finish(1))));
  };
  const auto code = [](token::Function function) { return static_cast<std::uint32_t>(function); };
  token::FrameWriter load(token::FrameKind::kLoad, 0);
  load.octets(Bytes(32, 7));
  write("load.bin", std::move(load));
  token::FrameWriter loaded(token::FrameKind::kLoaded, 2);
  loaded.octets(Bytes(32, 7)).text("/usr/lib/libskf.so");
  write("loaded.bin", std::move(loaded));
  token::FrameWriter call(token::FrameKind::kCall, code(token::Function::kImportSessionKey));
  call.handle(3).number(SGD_SM4_CBC).octets(Bytes(180)).room(64).absent();
  write("call.bin", std::move(call));
  token::FrameWriter result(token::FrameKind::kResult, SAR_PIN_INCORRECT);
  result.number(0).text({}).number(9);
  write("result.bin", std::move(result));
}

void write_blobs(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const auto write = [&](const char* name, char kind, ByteView octets) {
    Bytes seed{static_cast<std::uint8_t>(kind)};
    append(seed, octets);
    must(write_file(folder / name, seed));
  };
  const auto key = private_key(kSignerKey);
  const Bytes cipher = must(crypto::sm2_encrypt(key.public_key(), Bytes(16, 1)));
  const Bytes enveloped = must(cms::wrap_key_pair(key, key.public_key()));
  write("names.bin", 'n', as_bytes(std::string_view("one\0two\0\0", 9)));
  write("info.bin", 'i', Bytes(sizeof(DEVINFO), 0x20));
  write("key.bin", 'k', token::write_public_key(key.public_key()));
  write("signature.bin", 's', Bytes(sizeof(ECCSIGNATUREBLOB)));
  Bytes der = key.sign(as_bytes("message")).to_der();
  der.resize(sizeof(ECCSIGNATUREBLOB));
  write("der_signature.bin", 's', der);
  write("cipher.der", 'c', cipher);
  write("enveloped.der", 'e', enveloped);
  write("layout.bin", 'l', must(token::write_enveloped_key(enveloped)));
  write("wide_layout.bin", 'l', Bytes(326));
}

}  // namespace
}  // namespace hutong::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: make_driver_seeds CORPUS\n";
    return 2;
  }
  hutong::fuzz::write_frames(std::filesystem::path(argv[1]) / "driver_frame");
  hutong::fuzz::write_blobs(std::filesystem::path(argv[1]) / "token_blob");
  return 0;
}
