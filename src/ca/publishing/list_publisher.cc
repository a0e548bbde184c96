#include "ca/publishing/list_publisher.h"

#include <utility>
#include <vector>

#include "x509/extension_builder.h"

namespace hutong::ca {
namespace {

namespace extension = x509::extension;

constexpr std::string_view kDraw =
    "INSERT INTO list_numbers (authority, partition_number, number) VALUES (?, ?, 1) "
    "ON CONFLICT (authority, partition_number) DO UPDATE SET number = list_numbers.number + 1";
constexpr std::string_view kDrawn =
    "SELECT number FROM list_numbers WHERE authority = ? AND partition_number = ?";
constexpr std::string_view kKeep =
    "INSERT INTO lists (authority, partition_number, kind, number, base_number, this_update, next_update, "
    "der, last_change) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (authority, partition_number, kind) DO UPDATE SET "
    "number = excluded.number, base_number = excluded.base_number, this_update = excluded.this_update, "
    "next_update = excluded.next_update, der = excluded.der, "
    "last_change = excluded.last_change WHERE lists.number < excluded.number";
constexpr std::string_view kFindList =
    "SELECT number, base_number, last_change, this_update, next_update, der FROM lists "
    "WHERE authority = ? AND partition_number = ? AND kind = ?";
constexpr std::string_view kFindNumber =
    "SELECT number FROM lists WHERE authority = ? AND partition_number = ? AND kind = ?";
/// Without the list itself, which may be large.
constexpr std::string_view kFindBase =
    "SELECT number, last_change FROM lists WHERE authority = ? AND partition_number = ? AND kind = ?";
constexpr std::string_view kAges =
    "SELECT authority, partition_number, kind, this_update, last_change FROM lists";

Error unknown_list(std::string_view what) { return {Errc::kNotFound, "list.unknown", std::string(what)}; }

/// What the entry of one certificate says; in a delta list a released one is taken off.
void fill(x509::RevokedCertificate& entry, const StatusRecord& record) {
  entry.serial = record.serial;
  entry.revoked_at = record.changed_at.value_or(Time{});
  entry.reason = record.state == CertificateState::kValid       ? x509::CrlReason::kRemoveFromCrl
                 : record.state == CertificateState::kSuspended ? x509::CrlReason::kCertificateHold
                                                                : record.reason;
}

}  // namespace

std::string_view to_string(ListKind kind) { return kind == ListKind::kFull ? "full" : "delta"; }

Result<PublishedList> ListPublisher::find(storage::Reader& reader, std::string_view authority,
                                          std::uint32_t partition, ListKind kind) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindList, authority, partition, kind));
  if (!row) {
    return unknown_list("no such list is published");
  }
  return PublishedList{.number = row->integer(0),
                       .base_number = row->get<std::optional<std::int64_t>>(1),
                       .last_change = row->integer(2),
                       .this_update = row->time(3),
                       .next_update = row->time(4),
                       .der = row->bytes(5)};
}

Result<std::int64_t> ListPublisher::find_number(storage::Reader& reader, std::string_view authority,
                                                std::uint32_t partition, ListKind kind) {
  HUTONG_TRY(const auto row, reader.query_optional(kFindNumber, authority, partition, kind));
  if (!row) {
    return unknown_list("no such list is published");
  }
  return row->integer(0);
}

Result<std::int64_t> ListPublisher::draw_number(std::string_view authority, std::uint32_t partition) const {
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Result<std::int64_t> {
    HUTONG_CHECK(transaction.execute(kDraw, authority, partition));
    HUTONG_TRY(const auto row, transaction.query_one(kDrawn, authority, partition));
    return row.integer(0);
  });
}

Status ListPublisher::read_entries(std::string_view authority, std::uint32_t partition, ListKind kind,
                                   const PublishedList& list, std::int64_t since,
                                   x509::CrlWriter& writer) const {
  HUTONG_TRY(auto reader, database_->read());
  x509::RevokedCertificate entry;
  const auto add = [&](const StatusRecord& record) {
    fill(entry, record);
    writer.add(entry);
    return ok();
  };
  return kind == ListKind::kFull
             ? CertificateRepository::for_each_listed(reader, authority, partition, list.this_update, add)
             : CertificateRepository::for_each_changed(reader, authority, partition, since, add);
}

std::vector<x509::ExtensionValue> ListPublisher::extensions(const Issuer& issuer, std::uint32_t partition,
                                                            const PublishedList& list) const {
  const PublishingAddresses& addresses = issuer.addresses();
  std::vector<x509::ExtensionValue> extensions = {
      extension::authority_key_identifier(x509::key_identifier(issuer.signer().public_key())),
      extension::crl_number(static_cast<std::uint64_t>(list.number))};
  if (list.base_number) {
    extensions.push_back(extension::delta_crl_indicator(static_cast<std::uint64_t>(*list.base_number)));
  } else if (has_deltas()) {
    extensions.push_back(
        extension::freshest_crl({{x509::uri_name(partition_address(addresses.delta_crl, partition))}}));
  }
  if (addresses.crl_partitions > 1) {
    extensions.push_back(extension::issuing_distribution_point(
        {.full_name = {x509::uri_name(partition_address(addresses.crl, partition))}}));
  }
  return extensions;
}

Status ListPublisher::keep(std::string_view authority, std::uint32_t partition, ListKind kind,
                           const PublishedList& list) const {
  return storage::in_transaction(*database_, [&](storage::Transaction& transaction) -> Status {
    HUTONG_CHECK(transaction.execute(kKeep, authority, partition, kind, list.number, list.base_number,
                                     list.this_update, list.next_update, list.der, list.last_change));
    return ok();
  });
}

Result<PublishedList> ListPublisher::publish(std::string_view authority, std::uint32_t partition,
                                             ListKind kind, Time now) const {
  const Issuer* issuer = signing_->issuer_of(authority);
  if (issuer == nullptr || partition >= issuer->addresses().crl_partitions) {
    return unknown_list("no such authority or partition");
  }
  const auto interval = kind == ListKind::kFull ? policy_.full_interval : policy_.delta_interval;
  PublishedList list;
  list.this_update = now;
  list.next_update = now + interval + policy_.overlap;
  std::int64_t since = 0;
  {
    HUTONG_TRY(auto reader, database_->read());
    if (kind == ListKind::kDelta) {
      HUTONG_TRY(const auto base, reader.query_optional(kFindBase, authority, partition, ListKind::kFull));
      if (!base) {
        return unknown_list("a delta list needs a full one");
      }
      list.base_number = base->integer(0);
      since = base->integer(1);
    }
    HUTONG_TRY(list.last_change, CertificateRepository::last_change(reader));
  }
  HUTONG_TRY(list.number, draw_number(authority, partition));
  x509::CrlWriter writer({.issuer = issuer->certificate().subject(),
                          .this_update = list.this_update,
                          .next_update = list.next_update,
                          .entries = {},
                          .extensions = extensions(*issuer, partition, list)});
  HUTONG_CHECK(read_entries(authority, partition, kind, list, since, writer));
  HUTONG_TRY(list.der, std::move(writer).sign(issuer->signer()));
  HUTONG_CHECK(keep(authority, partition, kind, list));
  return list;
}

Result<ListPublisher::Ages> ListPublisher::ages() const {
  HUTONG_TRY(auto reader, database_->read());
  Ages ages;
  HUTONG_TRY(const auto rows, reader.query(kAges));
  for (const storage::Row& row : rows) {
    ages.lists[{row.text(0), row.get<std::uint32_t>(1), row.get<ListKind>(2)}] = {row.time(3),
                                                                                  row.integer(4)};
  }
  HUTONG_TRY(ages.last_change, CertificateRepository::last_change(reader));
  return ages;
}

Result<bool> ListPublisher::is_due(const Ages& ages, const Slot& slot, Time now) const {
  const auto& [authority, partition, kind] = slot;
  const auto found = ages.lists.find(slot);
  const auto interval = kind == ListKind::kFull ? policy_.full_interval : policy_.delta_interval;
  if (found == ages.lists.end() || now >= found->second.made_at + interval) {
    return true;
  }
  if (kind != prompt_kind() || found->second.last_change == ages.last_change) {
    return false;
  }
  HUTONG_TRY(auto reader, database_->read());
  return CertificateRepository::has_changed(reader, authority, partition, found->second.last_change);
}

Result<std::size_t> ListPublisher::publish_due(Time now) const {
  HUTONG_TRY(const Ages published, ages());
  std::size_t made = 0;
  const auto publish_if_due = [&](const Slot& slot) -> Status {
    HUTONG_TRY(const bool due, is_due(published, slot, now));
    if (due) {
      const auto& [authority, partition, kind] = slot;
      HUTONG_CHECK(publish(authority, partition, kind, now));
      ++made;
    }
    return ok();
  };
  for (const auto& [authority, issuer] : signing_->issuers()) {
    for (std::uint32_t partition = 0; partition < issuer->addresses().crl_partitions; ++partition) {
      HUTONG_CHECK(publish_if_due({authority, partition, ListKind::kFull}));
      if (has_deltas()) {
        HUTONG_CHECK(publish_if_due({authority, partition, ListKind::kDelta}));
      }
    }
  }
  return made;
}

Status ListPublisher::publish_change(std::string_view authority, const x509::Serial& serial, Time now) const {
  const auto partition = partition_of(serial, signing_->issuer().addresses().crl_partitions);
  HUTONG_CHECK(publish(authority, partition, prompt_kind(), now));
  return ok();
}

}  // namespace hutong::ca
