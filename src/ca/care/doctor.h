#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ca/publishing/list_publisher.h"
#include "ca/signing/issuer.h"
#include "crypto/key_store.h"
#include "net/client.h"
#include "net/json.h"
#include "storage/database.h"

namespace hutong::ca {

enum class Health : std::uint8_t { kGood = 0, kWarning = 1, kBad = 2 };
std::string_view to_string(Health health);  ///< "good", "warning", "bad"

/// One thing the doctor looked at: how it is, and when it is not good what to do.
struct Diagnosis {
  std::string code;  ///< stable: "clock", "audit.chain", "list.overdue" …
  Health health = Health::kGood;
  std::string text_zh;
  std::string text_en;
};

/// The worst of them; kGood for none.
Health worst(const std::vector<Diagnosis>& all);
net::Json to_json(const std::vector<Diagnosis>& all);

/// Whether the publishing points and the key management centre are asked.
enum class AskOthers : std::uint8_t { kYes, kNo };

/// What the doctor looks at. Nothing is changed.
struct Patient {
  const storage::Database& database;
  const crypto::KeyStore& keys;
  PublishingAddresses addresses;  ///< with "{authority}"
  ListPolicy lists;
  std::filesystem::path folder;  ///< whose file system must have room; empty: not looked at
  AskOthers ask = AskOthers::kYes;
  /// The connection to the key management centre; nothing: there is none.
  std::optional<Result<net::Client>> key_centre = std::nullopt;
};

/// Examines an initialised CA: the clock against the last audit record, the audit chain, room on the disk,
/// each key against its certificate, the ends of certificates (the CA's, its services', its operators'), the
/// age of the lists, whether the addresses that stand in the certificates answer with what the database
/// holds, and whether the key management centre can be reached. An Error only when the database cannot be
/// read at all.
Result<std::vector<Diagnosis>> examine(const Patient& patient, Time now);

}  // namespace hutong::ca
