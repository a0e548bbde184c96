// Writes the seeds of the share file fuzzer into the corpus folder given as argument: make_key_share_seeds
// fuzz/corpus

#include <filesystem>
#include <iostream>

#include "base/file.h"
#include "crypto/pem.h"
#include "crypto/random.h"
#include "fuzz/cms_identities.h"
#include "kmc/custody/key_share.h"

namespace hutong::fuzz {
namespace {

constexpr std::string_view kMaster = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
constexpr std::uint64_t kFewRounds = 5;

Bytes der_of(const kmc::ShareFile& file) {
  return must(crypto::read_pem(kmc::write_share(file))).front().der;
}

void write_seeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  crypto::SecretShare share{.number = 2, .value = SecretBytes(32)};
  crypto::system_random().fill(share.value.writable());
  const kmc::ShareLabel label{.master = std::string(kMaster),
                              .threshold = 2,
                              .shares = 3,
                              .number = 2,
                              .check = kmc::share_check(kMaster, share)};
  must(write_file(folder / "certificate.der",
                  der_of(must(kmc::protect_share(label, share, certificate(kSignerCertificate))))));
  must(write_file(folder / "password.der",
                  der_of(must(kmc::protect_share(label, share, "password", kFewRounds)))));
}

}  // namespace
}  // namespace hutong::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: make_key_share_seeds CORPUS\n";
    return 2;
  }
  hutong::fuzz::write_seeds(std::filesystem::path(argv[1]) / "key_share");
  return 0;
}
