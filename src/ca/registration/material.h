#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "ca/registration/personal_seal.h"
#include "storage/database.h"

namespace hutong::ca::registration {

/// Stable numbers: they are stored. Append only.
enum class MaterialKind : std::uint8_t {
  kOther = 0,
  kApplicationForm = 1,  ///< 申请表
  kLicence = 2,          ///< 营业执照, 统一社会信用代码证书
  kIdentityCard = 3,     ///< 身份证件
  kAuthorisation = 4,    ///< 授权委托书
  kReceipt = 5,          ///< 签收单
};
std::string_view to_string(MaterialKind kind);
std::optional<MaterialKind> material_kind_from(std::string_view text);

/// What the first octets say: "application/pdf", "image/png", "image/jpeg", "application/ofd" (a ZIP
/// container whose first entries name OFD.xml); empty for everything else.
std::string_view media_type_of(ByteView content);

/// A file that belongs to an order (材料).
struct Material {
  std::string sm3;  ///< hexadecimal, of the file
  MaterialKind kind = MaterialKind::kOther;
  std::string file_name;
  std::string media_type = {};
  std::int64_t size = 0;
  Time at{};
};

/// Files are kept in the database, sealed like all personal data (a scanned card is nothing else).
class MaterialRepository {
 public:
  static constexpr std::size_t kMostOctets = std::size_t{10} << 20;
  static constexpr std::int64_t kMostFiles = 20;

  explicit MaterialRepository(const PersonalSeal& seal) : seal_(&seal) {}
  /// kLimit "material.size", "material.too_many"; kPolicy "material.type" (none of the four); kMalformed
  /// "material.file_name"; kConflict "material.repeated".
  Result<Material> add(storage::Transaction& transaction, std::string_view order, MaterialKind kind,
                       std::string_view file_name, ByteView content, Time at) const;
  static Result<std::vector<Material>> of_order(storage::Reader& reader, std::string_view order);
  struct File {
    Material material;
    Bytes content;
  };
  /// kNotFound "material.unknown".
  Result<File> find(storage::Reader& reader, std::string_view order, std::string_view sm3) const;

 private:
  const PersonalSeal* seal_;
};

/// What somebody pays for an order (收费), and the receipt when it was paid.
struct Fee {
  std::string item;
  std::int64_t cents = 0;  ///< fen of CNY
  std::string receipt = {};
  Time at{};
};
class FeeRepository {
 public:
  /// kMalformed "fee.item", "fee.cents".
  static Status add(storage::Transaction& transaction, std::string_view order, const Fee& fee);
  static Result<std::vector<Fee>> of_order(storage::Reader& reader, std::string_view order);
};

}  // namespace hutong::ca::registration
