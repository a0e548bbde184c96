#include "x509/certificate_cache.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "tests/tools/test_ca.h"

namespace hutong::x509 {
namespace {

Certificate make(const std::string& name) { return test::self_signed(test::Party(name)); }

TEST(CertificateCache, ReadsACertificateOnce) {
  CertificateCache cache;
  const Certificate certificate = make("one");
  const auto first = cache.parse(certificate.der());
  const auto second = cache.parse(certificate.der());
  EXPECT_EQ(*first, certificate);
  EXPECT_EQ(first->der().data(), second->der().data()) << "the same object";
  EXPECT_EQ(cache.size(), 1U);
  Bytes other = to_bytes(certificate.der());
  other.back() ^= 1;
  EXPECT_NE(*cache.parse(other), certificate) << "by all octets";
}

TEST(CertificateCache, WhatWasMetLongestAgoMakesRoom) {
  CertificateCache cache(2);
  const std::vector<Certificate> certificates = {make("a"), make("b"), make("c")};
  const auto first = cache.parse(certificates[0].der()).value();
  cache.parse(certificates[1].der()).value();
  cache.parse(certificates[0].der()).value();
  cache.parse(certificates[2].der()).value();
  EXPECT_EQ(cache.size(), 2U);
  EXPECT_EQ(cache.parse(certificates[0].der())->der().data(), first.der().data());
}

TEST(CertificateCache, KeepsNothingThatCannotBeReadOrIsHuge) {
  CertificateCache cache;
  EXPECT_EQ(cache.parse(as_bytes("nonsense")).error().reason,
            Certificate::parse(as_bytes("nonsense")).error().reason);
  EXPECT_EQ(cache.size(), 0U);
}

TEST(CertificateCache, ManyThreads) {
  CertificateCache cache(2);
  const std::vector<Certificate> certificates = {make("a"), make("b"), make("c")};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        const auto& wanted = certificates[static_cast<std::size_t>(round) % 3];
        EXPECT_EQ(*cache.parse(wanted.der()), wanted);
      }
    });
  }
}

}  // namespace
}  // namespace hutong::x509
