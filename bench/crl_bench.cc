// A revocation list of 1,000,000 entries: parsing, memory, and looking up serials that are listed and that
// are not, with OpenSSL as the peer.

#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "asn1/writer.h"
#include "bench/crl_material.h"
#include "bench/ratio_reporter.h"
#include "x509/crl.h"

namespace hutong::bench {
namespace {

constexpr std::size_t kEntries = 1'000'000;
constexpr std::size_t kLookups = 4'096;

struct CrlDeleter {
  void operator()(X509_CRL* crl) const { X509_CRL_free(crl); }
};
using OpenSslCrl = std::unique_ptr<X509_CRL, CrlDeleter>;

OpenSslCrl openssl_list(const Bytes& der) {
  const std::uint8_t* at = der.data();
  return OpenSslCrl(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
}

struct IntegerDeleter {
  void operator()(ASN1_INTEGER* integer) const { ASN1_INTEGER_free(integer); }
};
using OpenSslSerial = std::unique_ptr<ASN1_INTEGER, IntegerDeleter>;

OpenSslSerial openssl_serial(const x509::Serial& number) {
  asn1::Writer der;
  der.element(asn1::Tag::kInteger, number.content());
  const std::uint8_t* at = der.view().data();
  return OpenSslSerial(d2i_ASN1_INTEGER(nullptr, &at, static_cast<long>(der.view().size())));
}

void parse_ours(benchmark::State& state, const Bytes& der) {
  constexpr double kMiB = 1 << 20;
  std::size_t index = 0;
  for (auto _ : state) {
    auto list = x509::Crl::parse(Bytes(der));
    if (!list || list->entry_count() != kEntries) {
      state.SkipWithError("the list was not read");
      break;
    }
    index = list->index_octets();
    benchmark::DoNotOptimize(list);
  }
  state.counters["der_MiB"] = static_cast<double>(der.size()) / kMiB;
  state.counters["index_MiB"] = static_cast<double>(index) / kMiB;
}

void parse_openssl(benchmark::State& state, const Bytes& der) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(openssl_list(der));
  }
}

void look_up_ours(benchmark::State& state, const x509::Crl& list, Sought sought) {
  const auto serials = sought_serials(sought, kEntries, kLookups);
  std::size_t next = 0;
  for (auto _ : state) {
    const auto entry = list.find(serials[next++ % kLookups]);
    if (entry.has_value() != (sought == Sought::kListed)) {
      state.SkipWithError("wrong answer");
      break;
    }
  }
}

void look_up_openssl(benchmark::State& state, X509_CRL* list, Sought sought) {
  std::vector<OpenSslSerial> serials;
  for (const x509::Serial& number : sought_serials(sought, kEntries, kLookups)) {
    serials.push_back(openssl_serial(number));
  }
  std::size_t next = 0;
  X509_REVOKED* entry = nullptr;
  X509_CRL_get0_by_serial(list, &entry, serials[0].get());  // the first lookup sorts the list
  for (auto _ : state) {
    if ((X509_CRL_get0_by_serial(list, &entry, serials[next++ % kLookups].get()) != 0) !=
        (sought == Sought::kListed)) {
      state.SkipWithError("wrong answer");
      break;
    }
  }
}

}  // namespace
}  // namespace hutong::bench

int main(int argc, char** argv) {
  using namespace hutong;
  const Bytes der = bench::make_list(bench::kEntries);
  const x509::Crl list = x509::Crl::parse(ByteView(der)).value();
  const bench::OpenSslCrl peer = bench::openssl_list(der);
  const auto add = [](const char* name, auto run) {
    benchmark::RegisterBenchmark(name, run)->Unit(benchmark::kNanosecond);
  };
  benchmark::RegisterBenchmark("CrlParse1M/ours", [&](auto& state) {
    bench::parse_ours(state, der);
  })->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("CrlParse1M/openssl", [&](auto& state) {
    bench::parse_openssl(state, der);
  })->Unit(benchmark::kMillisecond);
  add("CrlLookupListed/ours", [&](auto& state) { bench::look_up_ours(state, list, bench::Sought::kListed); });
  add("CrlLookupListed/openssl",
      [&](auto& state) { bench::look_up_openssl(state, peer.get(), bench::Sought::kListed); });
  add("CrlLookupGood/ours",
      [&](auto& state) { bench::look_up_ours(state, list, bench::Sought::kNotListed); });
  add("CrlLookupGood/openssl",
      [&](auto& state) { bench::look_up_openssl(state, peer.get(), bench::Sought::kNotListed); });
  return bench::run_with_ratios(argc, argv);
}
