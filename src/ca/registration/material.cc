#include "ca/registration/material.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/encoding.h"
#include "crypto/random.h"
#include "crypto/sm3.h"
#include "net/ulid.h"
#include "storage/error.h"

namespace hutong::ca::registration {
namespace {

constexpr std::array<std::string_view, 6> kMaterialKinds{"other",         "application_form", "licence",
                                                         "identity_card", "authorisation",    "receipt"};
constexpr std::size_t kMostName = 200;
constexpr std::int64_t kMostCents = 100'000'000;
/// OFD writers put OFD.xml among the first entries; its name stands in a local header.
constexpr std::size_t kLookedAt = 64 * 1024;

constexpr std::string_view kInsertMaterial =
    "INSERT INTO materials (order_id, sm3, kind, file_name, media_type, size, sealed, at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (order_id, sm3) DO NOTHING";
#define HUTONG_MATERIAL_COLUMNS "sm3, kind, file_name, media_type, size, at"
constexpr std::string_view kOfOrder =
    "SELECT " HUTONG_MATERIAL_COLUMNS " FROM materials WHERE order_id = ? ORDER BY at, sm3";
constexpr std::string_view kFindMaterial =
    "SELECT " HUTONG_MATERIAL_COLUMNS ", sealed FROM materials WHERE order_id = ? AND sm3 = ?";
constexpr std::string_view kCount = "SELECT COUNT(*) FROM materials WHERE order_id = ?";
constexpr std::string_view kInsertFee =
    "INSERT INTO fees (id, order_id, item, cents, receipt, at) VALUES (?, ?, ?, ?, ?, ?)";
constexpr std::string_view kFees = "SELECT item, cents, receipt, at FROM fees WHERE order_id = ? ORDER BY id";

bool begins_with(ByteView content, std::string_view magic) {
  return content.size() >= magic.size() && equal(content.first(magic.size()), as_bytes(magic));
}

bool is_plain_text(std::string_view text, std::size_t most) {
  return !text.empty() && text.size() <= most && is_utf8(text) && std::ranges::none_of(text, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '/' || c == '\\';
  });
}

Material material_of(const storage::Row& row) {
  return {.sm3 = row.text(0),
          .kind = row.get<MaterialKind>(1),
          .file_name = row.text(2),
          .media_type = row.text(3),
          .size = row.integer(4),
          .at = row.time(5)};
}

std::string context_of(std::string_view order, std::string_view sm3) {
  return std::string(order) + '/' + std::string(sm3);
}

}  // namespace

std::string_view to_string(MaterialKind kind) { return kMaterialKinds.at(static_cast<std::size_t>(kind)); }

std::optional<MaterialKind> material_kind_from(std::string_view text) {
  const auto found = std::ranges::find(kMaterialKinds, text);
  return found == kMaterialKinds.end()
             ? std::nullopt
             : std::optional(static_cast<MaterialKind>(found - kMaterialKinds.begin()));
}

std::string_view media_type_of(ByteView content) {
  if (begins_with(content, "%PDF-")) {
    return "application/pdf";
  }
  if (begins_with(content, "\x89PNG\r\n\x1A\n")) {
    return "image/png";
  }
  if (begins_with(content, "\xFF\xD8\xFF")) {
    return "image/jpeg";
  }
  const auto beginning = as_text(content.first(std::min(content.size(), kLookedAt)));
  const bool names_ofd = beginning.find("OFD.xml") != std::string_view::npos;
  return begins_with(content, "PK\x03\x04") && names_ofd ? std::string_view("application/ofd") : "";
}

Result<Material> MaterialRepository::add(storage::Transaction& transaction, std::string_view order,
                                         MaterialKind kind, std::string_view file_name, ByteView content,
                                         Time at) const {
  if (content.size() > kMostOctets) {
    return Error{Errc::kLimit, "material.size", "a file has at most 10 MiB"};
  }
  if (!is_plain_text(file_name, kMostName)) {
    return Error{Errc::kMalformed, "material.file_name", "the name of a file, without its folder"};
  }
  const Material material{.sm3 = to_hex(crypto::sm3(content)),
                          .kind = kind,
                          .file_name = std::string(file_name),
                          .media_type = std::string(media_type_of(content)),
                          .size = static_cast<std::int64_t>(content.size()),
                          .at = at};
  if (material.media_type.empty()) {
    return Error{Errc::kPolicy, "material.type", "only PDF, PNG, JPEG and OFD files are kept"};
  }
  HUTONG_TRY(const auto counted, transaction.query_one(kCount, order));
  if (counted.integer(0) >= kMostFiles) {
    return Error{Errc::kLimit, "material.too_many", "an order has at most 20 files"};
  }
  HUTONG_TRY(const Bytes sealed, seal_->seal(content, context_of(order, material.sm3)));
  HUTONG_TRY(const auto added,
             transaction.execute(kInsertMaterial, order, material.sm3, material.kind, material.file_name,
                                 material.media_type, material.size, sealed, material.at));
  return added == 1 ? Result<Material>(material)
                    : Error{Errc::kConflict, "material.repeated", "the order has this file already"};
}

Result<std::vector<Material>> MaterialRepository::of_order(storage::Reader& reader, std::string_view order) {
  HUTONG_TRY(const auto rows, reader.query(kOfOrder, order));
  std::vector<Material> materials;
  for (const storage::Row& row : rows) {
    materials.push_back(material_of(row));
  }
  return materials;
}

Result<MaterialRepository::File> MaterialRepository::find(storage::Reader& reader, std::string_view order,
                                                          std::string_view sm3) const {
  HUTONG_TRY(const auto row, reader.query_optional(kFindMaterial, order, sm3));
  if (!row) {
    return Error{Errc::kNotFound, "material.unknown", "the order has no such file"};
  }
  HUTONG_TRY(auto content, seal_->open(row->bytes(6), context_of(order, sm3)));
  return File{material_of(*row), std::move(content)};
}

Status FeeRepository::add(storage::Transaction& transaction, std::string_view order, const Fee& fee) {
  if (!is_plain_text(fee.item, kMostName) ||
      (!fee.receipt.empty() && !is_plain_text(fee.receipt, kMostName))) {
    return Error{Errc::kMalformed, "fee.item", "1 to 200 octets of text"};
  }
  if (fee.cents < 0 || fee.cents > kMostCents) {
    return Error{Errc::kMalformed, "fee.cents", "0 to 100,000,000 fen"};
  }
  const std::string id = net::make_ulid(std::chrono::system_clock::now(), crypto::system_random());
  HUTONG_CHECK(transaction.execute(kInsertFee, id, order, fee.item, fee.cents, fee.receipt, fee.at));
  return ok();
}

Result<std::vector<Fee>> FeeRepository::of_order(storage::Reader& reader, std::string_view order) {
  HUTONG_TRY(const auto rows, reader.query(kFees, order));
  std::vector<Fee> fees;
  for (const storage::Row& row : rows) {
    fees.push_back({row.text(0), row.integer(1), row.text(2), row.time(3)});
  }
  return fees;
}

}  // namespace hutong::ca::registration
