#include <fstream>
#include <iostream>

#include "tests/tools/sm2_suite.h"

namespace hutong::suite {
namespace {

Json notes() {
  const auto note = [](std::string_view kind, std::string_view text) {
    return Json{{"bugType", kind}, {"description", text}};
  };
  return {
      {"BitFlip", note("AUTH_BYPASS", "One bit of a good signature is changed.")},
      {"Compressed", note("POLICY", "GB/T 32918.1 knows compressed points; certificates do not use them.")},
      {"EdgeCaseCiphertext",
       note("EDGE_CASE", "A good ciphertext with short coordinates or of unusual size.")},
      {"EdgeCaseKey", note("EDGE_CASE", "The public key is a small multiple of the generator.")},
      {"EdgeCaseNonce", note("EDGE_CASE", "A good signature whose nonce is at an end of its range.")},
      {"EdgeCaseSignature", note("EDGE_CASE", "A good signature with r or s of unusual size.")},
      {"EmptyInteger", note("BER_ENCODING", "An INTEGER has at least one octet.")},
      {"Hybrid", note("POLICY", "GB/T 32918.1 knows hybrid points; certificates do not use them.")},
      {"IdSize", note("FUNCTIONALITY", "Distinguishing identifiers of many sizes.")},
      {"IndefiniteLength", note("BER_ENCODING", "DER has no indefinite lengths.")},
      {"Infinity", note("CAN_OF_WORMS", "Infinity is no public key.")},
      {"LongId", note("EDGE_CASE",
                      "ENTL counts bits in 16 bits: 8191 octets are the most. Some libraries stop at 8190.")},
      {"MessageSize", note("FUNCTIONALITY", "Messages around the block size of SM3.")},
      {"Missing", note("MISSING_STEP", "A part of the signature is missing.")},
      {"ModifiedC1", note("AUTH_BYPASS", "C1 is another point of the curve.")},
      {"ModifiedC2", note("AUTH_BYPASS", "C2 is changed, so that C3 does not fit.")},
      {"ModifiedC3", note("AUTH_BYPASS", "C3 is changed.")},
      {"Negative", note("BER_ENCODING", "r or s is a negative INTEGER.")},
      {"NotReduced", note("CAN_OF_WORMS", "A coordinate is not below p.")},
      {"OffCurve",
       note("CONFIDENTIALITY", "The point is not on the curve: a decryption with it gives the key away.")},
      {"OverlongLength", note("BER_ENCODING", "A length is not in its shortest form.")},
      {"Padded", note("BER_ENCODING", "An INTEGER is not in its shortest form.")},
      {"Range",
       note("MISSING_STEP",
            "GB/T 32918.2 7.1 B1 and B2: r and s are in [1, n-1]; GB/T 32918.1 6.1: d is in [1, n-2].")},
      {"RawForm", note("POLICY", "r || s where DER is expected.")},
      {"Relative", note("AUTH_BYPASS", "r or s is replaced by a related number.")},
      {"Structure", note("BER_ENCODING", "The octets do not have the expected structure.")},
      {"TrailingData", note("BER_ENCODING", "Octets follow the end of the structure.")},
      {"Truncated", note("BER_ENCODING", "The end is missing.")},
      {"Valid", note("BASIC", "A plain valid case.")},
      {"WithoutZ", note("MISSING_STEP", "e is not SM3(Z || M).")},
      {"WrongCurve", note("CONFIDENTIALITY", "A point of another curve.")},
      {"WrongFormula", note("MISSING_STEP", "Signed by the formulas of another scheme.")},
      {"WrongId", note("AUTH_BYPASS", "Signed with another distinguishing identifier.")},
      {"WrongKey", note("AUTH_BYPASS", "Signed with another key.")},
      {"WrongLength", note("BER_ENCODING", "A length does not fit its content.")},
      {"WrongMessage", note("AUTH_BYPASS", "The message is changed.")},
      {"WrongTag", note("BER_ENCODING", "An element has another tag.")},
      {"ZeroKeyStream", note("MISSING_STEP", "GB/T 32918.4 7.1 B4: a key stream of zeros is an error.")},
      {"ZeroSum", note("MISSING_STEP", "GB/T 32918.2 7.1 B5: t = r + s modulo n must not be 0.")}};
}

Json make_suite() {
  Suite suite;
  add_signature_cases(suite);
  add_key_cases(suite);
  add_decryption_cases(suite);
  return {
      {"algorithm", "SM2"},
      {"schema", "hutong_sm2_v1"},
      {"numberOfTests", suite.count()},
      {"header",
       {"Test cases for SM2 in the style of Wycheproof: signature verification over SM3 (GB/T 32918.2), "
        "public",
        "and private keys, and decryption (GB/T 32918.4) of five layouts. All octets are hexadecimal; id is",
        "the distinguishing identifier. Signatures are strict DER (GM/T 0009).",
        "Made by make_sm2_negative_suite; the same program always makes the same file."}},
      {"notes", notes()},
      {"testGroups", suite.groups()}};
}

}  // namespace
}  // namespace hutong::suite

/// make_sm2_negative_suite FILE
int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: make_sm2_negative_suite FILE\n";
    return 2;
  }
  std::ofstream out(argv[1]);
  out << hutong::suite::make_suite().dump(1) << "\n";
  out.close();
  return out ? 0 : 1;
}
