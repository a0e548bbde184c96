#include "x509/crl.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "asn1/oids.h"
#include "asn1/writer.h"
#include "base/encoding.h"
#include "x509/internal/crl_index.h"
#include "x509/internal/test_objects.h"

namespace hutong::x509 {
namespace {

using test_objects::root_signer;
using test_objects::serial;
using test_objects::time;

Name ca_name(std::string_view text) { return NameBuilder().add(asn1::oids::kCommonName, text).build(); }

TbsCrl sample_list() {
  TbsCrl tbs;
  tbs.issuer = ca_name("CA");
  tbs.this_update = time("2026-06-01T00:00:00Z");
  tbs.next_update = time("2026-07-01T00:00:00Z");
  return tbs;
}

Crl signed_list(const TbsCrl& tbs) {
  const CrlDer der = sign(tbs, root_signer()).value();
  return Crl::parse(der.view()).value();
}

TEST(Crl, ReadsTheSample) {
  const Bytes der = test::load_vectors("x509/crl.vec").front().hex("der");
  const auto crl = Crl::parse(der);
  ASSERT_TRUE(crl) << crl.error().detail;
  EXPECT_EQ(crl->version(), 2U);
  EXPECT_EQ(crl->issuer().to_string(), "CN=Test SM2 Root,O=Test CA,C=CN");
  EXPECT_EQ(to_rfc3339(crl->this_update()), "2026-06-01T00:00:00Z");
  EXPECT_EQ(to_rfc3339(*crl->next_update()), "2026-07-01T00:00:00Z");
  EXPECT_EQ(crl->number()->to_hex(), "01");
  EXPECT_EQ(to_hex(*crl->authority_key_identifier()->key_identifier),
            "c0482e14d214f377d5f74f806a0f065a3a9efbd8");
  EXPECT_TRUE(crl->is_signed_by(*test_objects::chain_certificate("root").public_key()));
  EXPECT_FALSE(crl->is_signed_by(test_objects::signer_a().public_key()));
  ASSERT_EQ(crl->entry_count(), 2U);
  const auto first = crl->find(serial("0A"));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->reason, CrlReason::kKeyCompromise);
  EXPECT_EQ(to_rfc3339(first->revoked_at), "2026-05-20T12:00:00Z");
  EXPECT_FALSE(crl->find(serial("0B"))->reason);
  EXPECT_FALSE(crl->find(serial("0C")));
  EXPECT_FALSE(crl->find(serial("0A"), ca_name("somebody else")));
  EXPECT_TRUE(crl->quirks().empty());
}

TEST(Crl, OurWriterMakesTheSameToBeSignedOctets) {
  const auto sample = Crl::parse(test::load_vectors("x509/crl.vec").front().hex("der")).value();
  TbsCrl tbs = sample_list();
  tbs.issuer = sample.issuer();
  tbs.entries = {{serial("0A"), time("2026-05-20T12:00:00Z"), CrlReason::kKeyCompromise, {}, {}},
                 {serial("0B"), time("2026-05-21T12:00:00Z"), CrlReason::kUnspecified, {}, {}}};
  tbs.extensions = {extension::authority_key_identifier(key_identifier(root_signer().public_key())),
                    extension::crl_number(1)};
  EXPECT_EQ(to_hex(to_der(tbs, crypto::kSm2WithSm3)), to_hex(sample.tbs()));
}

TEST(Crl, FullDeltaAndPartition) {
  TbsCrl tbs = sample_list();
  tbs.entries = {{serial("05"),
                  time("2026-05-20T12:00:00Z"),
                  CrlReason::kRemoveFromCrl,
                  time("2026-05-01T00:00:00Z"),
                  {}}};
  extension::IssuingPoint point;
  point.full_name = {uri_name("http://ca.test/crl1.crl")};
  point.only_user_certificates = true;
  point.only_some_reasons = 1 << 1 | 1 << 6;
  tbs.extensions = {extension::crl_number(300), extension::delta_crl_indicator(299),
                    extension::issuing_distribution_point(point),
                    extension::freshest_crl({{uri_name("http://ca.test/delta.crl")}})};
  const Crl crl = signed_list(tbs);
  EXPECT_TRUE(crl.is_delta());
  EXPECT_EQ(crl.base_number()->to_hex(), "012b");
  EXPECT_EQ(crl.number()->to_hex(), "012c");
  EXPECT_FALSE(crl.is_indirect());
  EXPECT_TRUE(crl.issuing_point()->only_user_certificates);
  EXPECT_FALSE(crl.issuing_point()->only_ca_certificates);
  EXPECT_EQ(crl.issuing_point()->only_some_reasons, 1 << 1 | 1 << 6);
  EXPECT_EQ(crl.issuing_point()->name->full_name.front().text(), "http://ca.test/crl1.crl");
  EXPECT_EQ(crl.freshest_crl()->front().name->full_name.front().to_string(), "uri:http://ca.test/delta.crl");
  EXPECT_FALSE(crl.has_unknown_critical_extension());
  const auto entry = crl.find(serial("05"));
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->reason, CrlReason::kRemoveFromCrl);
  EXPECT_EQ(to_rfc3339(*entry->invalidity_date), "2026-05-01T00:00:00Z");
}

TEST(Crl, IndirectEntriesInheritTheirIssuer) {
  TbsCrl tbs = sample_list();
  const Time when = time("2026-05-20T12:00:00Z");
  const Name a = ca_name("A");
  const Name b = ca_name("B");
  tbs.entries = {{serial("01"), when, {}, {}, {}},
                 {serial("02"), when, {}, {}, a},
                 {serial("03"), when, CrlReason::kSuperseded, {}, {}},
                 {serial("03"), when, CrlReason::kKeyCompromise, {}, b},
                 {serial("01"), when, CrlReason::kCaCompromise, {}, {}}};
  extension::IssuingPoint point;
  point.indirect = true;
  tbs.extensions = {extension::issuing_distribution_point(point)};
  const Crl crl = signed_list(tbs);
  EXPECT_TRUE(crl.is_indirect());
  EXPECT_TRUE(crl.find(serial("01")));
  EXPECT_FALSE(crl.find(serial("01"))->reason);
  EXPECT_EQ(crl.find(serial("01"), b)->reason, CrlReason::kCaCompromise);
  EXPECT_FALSE(crl.find(serial("01"), a));
  EXPECT_TRUE(crl.find(serial("02"), a)->names_issuer);
  EXPECT_FALSE(crl.find(serial("02")));
  EXPECT_EQ(crl.find(serial("03"), a)->reason, CrlReason::kSuperseded);
  EXPECT_EQ(crl.find(serial("03"), b)->reason, CrlReason::kKeyCompromise);
  std::string order;
  crl.for_each([&order](const CrlEntry& entry, const Name& issuer) {
    order += to_hex(entry.serial) + issuer.display() + " ";
    return true;
  });
  EXPECT_EQ(order, "01CA 02A 03A 03B 01B ");
}

TEST(Crl, ForEachStopsWhenTold) {
  TbsCrl tbs = sample_list();
  for (int i = 1; i < 10; ++i) {
    tbs.entries.push_back({serial("0" + std::to_string(i)), tbs.this_update, {}, {}, {}});
  }
  int seen = 0;
  signed_list(tbs).for_each([&seen](const CrlEntry&, const Name&) { return ++seen < 4; });
  EXPECT_EQ(seen, 4);
}

/// A list put together field by field; `version` and what follows thisUpdate are given as DER.
Result<Crl> raw_list(std::string_view version, std::string_view rest) {
  asn1::Writer tbs;
  tbs.sequence([&](asn1::Writer& fields) {
    fields.raw(test::hex(version));
    fields.raw(crypto::kSm2WithSm3.to_der());
    fields.raw(test::hex("300D310B300906035504030C024341"));
    fields.time(time("2026-06-01T00:00:00Z"));
    fields.raw(test::hex(rest));
  });
  return Crl::parse(sign_der(tbs.view(), crypto::kSm2WithSm3.to_der(), root_signer()).value());
}

TEST(Crl, QuirksAndRefusals) {
  constexpr std::string_view kNextUpdate = "170D3236303730313030303030305A";
  const Crl empty = signed_list(sample_list());
  EXPECT_EQ(empty.entry_count(), 0U);
  EXPECT_FALSE(empty.find(serial("01")));
  EXPECT_TRUE(empty.quirks().empty());
  const auto quirk_of = [](const Result<Crl>& crl, Quirk quirk) {
    return crl && crl->quirks().contains(quirk);
  };
  EXPECT_TRUE(quirk_of(raw_list("020101", ""), Quirk::kCrlWithoutNextUpdate));
  EXPECT_TRUE(quirk_of(raw_list("", kNextUpdate), Quirk::kCrlVersion1));
  EXPECT_TRUE(quirk_of(raw_list("020101", std::string(kNextUpdate) + "3000"), Quirk::kCrlEmptyEntries));
  EXPECT_TRUE(
      quirk_of(raw_list("020101", "180F32303236303730313030303030305A"), Quirk::kGeneralizedTimeBefore2050));
  const auto reason_of = [](const Result<Crl>& crl) {
    return crl ? "read" : std::string(crl.error().reason);
  };
  EXPECT_EQ(reason_of(raw_list("020102", kNextUpdate)), "crl.version");
  EXPECT_EQ(reason_of(raw_list("", std::string(kNextUpdate) + "A00E300C300A0603551D140403020101")),
            "cert.extensions_before_v3");
  const std::string entry = "020101170D3236303532303132303030305A";  // serial 1 and its date
  EXPECT_EQ(reason_of(raw_list(
                "020101", std::string(kNextUpdate) + "30223020" + entry + "300C300A0603551D1504030A0107")),
            "ext.crl_reason");
  EXPECT_EQ(reason_of(raw_list(
                "020101", std::string(kNextUpdate) + "30223020" + entry + "300C300A0603551D1504030A0101")),
            "read");
}

TEST(Crl, IssuingPointThatSaysFalseIsAQuirk) {
  TbsCrl tbs = sample_list();
  tbs.extensions = {{asn1::oids::kIssuingDistributionPoint, true, test::hex("3006810100840100")}};
  const CrlDer der = sign(tbs, root_signer()).value();
  const auto crl = Crl::parse(der.view());
  ASSERT_TRUE(crl) << crl.error().detail;
  EXPECT_TRUE(crl->quirks().contains(Quirk::kIssuingPointExplicitFalse));
  EXPECT_FALSE(crl->issuing_point()->only_user_certificates);
  EXPECT_FALSE(crl->is_indirect());
  const auto refused =
      Crl::parse(der.view(), QuirkPolicy::standard().without(Quirk::kIssuingPointExplicitFalse));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "crl.issuing_point_explicit_false");
}

TEST(Crl, CriticalUnknownExtensionsAreSeen) {
  TbsCrl tbs = sample_list();
  tbs.extensions = {{asn1::Oid("1.2.3"), true, test::hex("0500")}};
  EXPECT_TRUE(signed_list(tbs).has_unknown_critical_extension());
  tbs.extensions = {{asn1::Oid("1.2.3"), false, test::hex("0500")}};
  EXPECT_FALSE(signed_list(tbs).has_unknown_critical_extension());
}

TEST(Crl, EveryTruncationIsRefused) {
  const Bytes der = test::load_vectors("x509/crl.vec").front().hex("der");
  for (std::size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(Crl::parse(ByteView(der).first(size))) << size;
  }
}

TEST(Crl, MappedFileStaysWithTheList) {
  const Bytes der = test::load_vectors("x509/crl.vec").front().hex("der");
  const auto path = std::filesystem::temp_directory_path() / "hutong_crl_test.crl";
  ASSERT_TRUE(write_file(path, der));
  auto crl = Crl::parse(MappedFile::open(path).value());
  ASSERT_TRUE(crl);
  const Crl moved = std::move(crl).value();
  EXPECT_TRUE(moved.find(serial("0A")));
  std::filesystem::remove(path);
}

TEST(Crl, ManyEntriesAreAllFoundAndNoOthers) {
  TbsCrl tbs = sample_list();
  std::set<Serial> revoked;
  std::uint64_t state = 1;
  while (revoked.size() < 20'000) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    Bytes octets(1 + state % 20);
    for (std::size_t i = 0; i < octets.size(); ++i) {
      octets[i] = static_cast<std::uint8_t>(state >> (8 * (i % 8)));
    }
    const Serial number = Serial::from_magnitude(octets);
    if (revoked.insert(number).second) {
      tbs.entries.push_back({number, tbs.this_update, CrlReason::kSuperseded, {}, {}});
    }
  }
  const Crl crl = signed_list(tbs);
  EXPECT_EQ(crl.entry_count(), revoked.size());
  for (const Serial& number : revoked) {
    const auto entry = crl.find(number);
    ASSERT_TRUE(entry) << number.to_hex();
    EXPECT_TRUE(equal(entry->serial, number.content()));
  }
  for (int i = 0; i < 20'000; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    const Bytes octets{0x33, static_cast<std::uint8_t>(state >> 56), static_cast<std::uint8_t>(state >> 48),
                       static_cast<std::uint8_t>(state >> 40)};
    const Serial number = Serial::from_magnitude(octets);
    EXPECT_EQ(crl.find(number).has_value(), revoked.contains(number));
  }
  EXPECT_LT(crl.index_octets(), revoked.size() * 12);
}

TEST(CrlIndex, EqualSerialsComeInOrderOfTheirOffsets) {
  const Bytes der = test::hex("AABBAACCAA");
  const auto serial_at = [&der](std::uint32_t offset) { return ByteView(der).subspan(offset, 1); };
  internal::CrlIndex index;
  for (const std::uint32_t offset : {4U, 0U, 3U, 2U, 1U}) {
    index.add(serial_at(offset), offset);
  }
  index.finish(serial_at);
  std::vector<std::uint32_t> offsets;
  for (const std::uint64_t key : index.find(test::hex("AA"), serial_at)) {
    offsets.push_back(internal::CrlIndex::offset_of(key));
  }
  EXPECT_EQ(offsets, (std::vector<std::uint32_t>{0, 2, 4}));
  EXPECT_TRUE(index.find(test::hex("DD"), serial_at).empty());
}

}  // namespace
}  // namespace hutong::x509
