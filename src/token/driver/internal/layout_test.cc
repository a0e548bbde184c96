#include "token/driver/internal/layout.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "token/driver/internal/guarded_buffer.h"
#include "token/driver/internal/handle_table.h"
#include "token/skf.h"

namespace hutong::token::host {
namespace {

constexpr Layout kAligned{.number_size = 4, .aligned = true};
constexpr Layout kWide{.number_size = 8, .aligned = false};
constexpr Layout kWideAligned{.number_size = 8, .aligned = true};

TEST(StructureLayout, HasTheSizesOfTheNormAndOfOtherCompilers) {
  EXPECT_EQ(size_of(device_info_shape(), kWireLayout), sizeof(DEVINFO));
  EXPECT_EQ(size_of(device_info_shape(), kAligned), 296U);
  EXPECT_EQ(size_of(device_info_shape(), kWide), 326U);
  EXPECT_EQ(size_of(device_info_shape(), kWideAligned), 328U);
  EXPECT_EQ(size_of(ecc_public_key_shape(), kWireLayout), sizeof(ECCPUBLICKEYBLOB));
  EXPECT_EQ(size_of(ecc_signature_shape(), kWideAligned), sizeof(ECCSIGNATUREBLOB));
  EXPECT_EQ(size_of(ecc_cipher_shape(), kWireLayout), offsetof(ECCCIPHERBLOB, Cipher));
  EXPECT_EQ(size_of(enveloped_key_shape(), kWireLayout),
            offsetof(ENVELOPEDKEYBLOB, ECCCipherBlob) + offsetof(ECCCIPHERBLOB, Cipher));
  EXPECT_EQ(size_of(file_attribute_shape(), kWireLayout), sizeof(FILEATTRIBUTE));
  EXPECT_EQ(size_of(rsa_public_key_shape(), kWireLayout), sizeof(RSAPUBLICKEYBLOB));
  EXPECT_EQ(size_of(cipher_parameters_shape(), kWireLayout), sizeof(BLOCKCIPHERPARAM));
  EXPECT_EQ(size_of(cipher_parameters_shape(), kWide), 56U);
}

TEST(StructureLayout, ComesBackFromEveryOther) {
  for (const Shape& shape :
       {device_info_shape(), enveloped_key_shape(), ecc_cipher_shape(), rsa_public_key_shape()}) {
    Bytes octets(size_of(shape, kWireLayout) + (shape.open_ended ? 16 : 0));
    std::uint8_t next = 0;
    std::ranges::generate(octets, [&next] { return ++next; });
    for (const Layout& layout : {kWireLayout, kAligned, kWide, kWideAligned}) {
      const auto there = convert(shape, octets, kWireLayout, layout);
      ASSERT_TRUE(there);
      EXPECT_EQ(convert(shape, *there, layout, kWireLayout).value(), octets);
    }
    EXPECT_FALSE(convert(shape, ByteView(octets).first(20), kWireLayout, kWide));
  }
  EXPECT_FALSE(convert(ecc_public_key_shape(), Bytes(133), kWireLayout, kWide));
}

TEST(StructureLayout, IsSeenInWhatADriverWrote) {
  for (const Layout& layout : {kWireLayout, kAligned, kWide, kWideAligned}) {
    const std::size_t size = size_of(device_info_shape(), layout);
    for (const std::size_t written : {size, size - 64}) {  // some leave Reserved alone
      Bytes buffer(kDeviceInfoRoom, kDeviceInfoFill);
      std::fill_n(buffer.begin(), written, std::uint8_t{0});
      EXPECT_EQ(layout_from_device_info(buffer), layout) << written;
    }
  }
  EXPECT_EQ(layout_from_device_info(Bytes(kDeviceInfoRoom, kDeviceInfoFill)), kWireLayout);
  EXPECT_EQ(layout_from_device_info(Bytes(kDeviceInfoRoom)), kWireLayout);
}

TEST(GuardedBuffer, SeesWritesBesideItsOctets) {
  for (const int at : {-1, -64, 100, 163, 100 + 16'383}) {
    GuardedBuffer buffer(100);
    EXPECT_EQ(buffer.overrun(), 0U);
    std::ranges::fill(buffer.writable(), std::uint8_t{0xff});
    EXPECT_EQ(buffer.overrun(), 0U);
    auto* const beside = static_cast<std::uint8_t*>(buffer.data()) + at;
    *beside = static_cast<std::uint8_t>(*beside + 1);
    EXPECT_EQ(buffer.overrun(), static_cast<std::size_t>(at < 0 ? -at : at - 99)) << at;
  }
}

TEST(HandleTable, ForgetsWhatWasOpenedThroughAClosedHandle) {
  HandleTable table;
  int thing = 0;
  const auto device = table.add(HandleKind::kDevice, &thing, 0);
  const auto application = table.add(HandleKind::kApplication, &thing, device);
  const auto container = table.add(HandleKind::kContainer, &thing, application);
  const auto other = table.add(HandleKind::kDevice, &thing, 0);
  EXPECT_EQ(table.kind_of(container), HandleKind::kContainer);
  EXPECT_EQ(table.handle(container), &thing);
  table.remove(device);
  EXPECT_FALSE(table.kind_of(device));
  EXPECT_FALSE(table.kind_of(application));
  EXPECT_FALSE(table.kind_of(container));
  EXPECT_TRUE(table.kind_of(other));
  EXPECT_GT(table.add(HandleKind::kDevice, &thing, 0), other);  // numbers never come again
}

}  // namespace
}  // namespace hutong::token::host
