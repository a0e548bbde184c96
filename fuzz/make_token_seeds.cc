// Writes the seeds of the token record fuzzer into the corpus folder given as argument: make_token_seeds
// fuzz/corpus

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "base/file.h"
#include "token/software/provisioning.h"
#include "token/software/records.h"

namespace hutong::fuzz {
namespace {

namespace token = hutong::token::software;

token::ContainerRecord container() {
  const auto key = crypto::Sm2PrivateKey::generate();
  token::ContainerRecord record;
  record.name = "container";
  record.signature = token::KeyPairRecord{key.public_key(), {Bytes(12, 1), Bytes(48, 2)}};
  record.encryption = token::KeyPairRecord{key.public_key(), {Bytes(12, 3), Bytes(48, 4)}};
  record.signature_certificate = {0x30, 0x00};
  record.encryption_certificate = {0x30, 0x00};
  return record;
}

bool write_seeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const token::PinRecord pin{10, 65'536, Bytes(16, 5), {Bytes(12, 6), Bytes(48, 7)}, true};
  const token::ApplicationRecord application{"app", Bytes(16, 8), 0x10, pin, pin};
  const token::FileRecord plain{"seal.esl", 4, 0xFF, 0x10, {}, {1, 2, 3, 4}};
  const token::FileRecord sealed{"secret", 4, 0x10, 0x10, Bytes(12, 9), Bytes(20, 10)};
  const auto write = [&](const char* name, const Bytes& der) {
    return write_file(folder / name, der).has_value();
  };
  return write("device.der", encode(token::DeviceRecord{"label", "maker", "issuer", "0123456789abcdef"})) &&
         write("application.der", encode(application)) &&
         write("tries.der", encode(token::TriesRecord{3, 10})) &&
         write("container.der", encode(container())) && write("file.der", encode(plain)) &&
         write("sealed-file.der", encode(sealed));
}

}  // namespace
}  // namespace hutong::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: make_token_seeds CORPUS\n";
    return 2;
  }
  return hutong::fuzz::write_seeds(std::filesystem::path(argv[1]) / "token_record") ? EXIT_SUCCESS
                                                                                    : EXIT_FAILURE;
}
