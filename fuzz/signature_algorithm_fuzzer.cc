// A signature algorithm that is read can be written, is read as the same, and fits exactly one kind of key.

#include "crypto/signature.h"
#include "fuzz/property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hutong;
  const auto algorithm = crypto::SignatureAlgorithm::from_der(ByteView(data, size));
  if (!algorithm) {
    fuzz::require(algorithm.error().reason == "signature.algorithm" ||
                      algorithm.error().reason == "signature.unsupported",
                  "a refusal has a reason of signature.h");
    return 0;
  }
  const auto again = crypto::SignatureAlgorithm::from_der(algorithm->to_der());
  fuzz::require(again && *again == *algorithm, "an algorithm survives writing");
  const int fitting = (algorithm->fits(crypto::KeyType::kSm2) ? 1 : 0) +
                      (algorithm->fits(crypto::KeyType::kRsa) ? 1 : 0) +
                      (algorithm->fits(crypto::KeyType::kEc) ? 1 : 0);
  fuzz::require(fitting == 1, "an algorithm fits one kind of key");
  return 0;
}
