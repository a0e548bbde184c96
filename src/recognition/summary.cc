#include "recognition/summary.h"

#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "recognition/internal/json_text.h"
#include "recognition/internal/shown.h"
#include "recognition/mask.h"

namespace hutong::recognition {
namespace {

/// The members in their order. Members that do not apply are left out, never null.
class SummaryWriter {
 public:
  std::string write(const RecognitionReport& report, Time created_at) {
    object([&] {
      member("created_at", created_at);
      member("kind", to_string(report.kind));
      member("indication", x509::to_string(report.indication));
      member("at", report.at);
      member("file_sm3", ByteView(report.file.sm3));
      list("findings", report.findings, [this](const x509::Finding& finding) { write(finding); });
      if (!report.signers.empty()) {
        list("signers", report.signers, [this](const SignerFacts& signer) { write(signer); });
      } else if (!report.chain.empty()) {
        key("certificate");
        write(report.chain.front());
      }
      if (report.message && !report.message->content_sm3.empty()) {
        member("content_sm3", ByteView(report.message->content_sm3));
      }
      write(report.timestamp);
      list("revocation_sm3", report.revocation,
           [this](const RevocationUsed& used) { text(to_hex(used.sm3)); });
      if (report.trust_list) {
        key("trust_list");
        write(*report.trust_list);
      }
    });
    return std::move(json_).take();
  }

 private:
  void write(const x509::Finding& finding) {
    object([&] {
      member("code", finding.code());
      member("severity", x509::to_string(finding.severity()));
      member("where", finding.where());
      member("clause", finding.clause());
      member("message_zh", mask_personal_numbers(finding.message_zh()));
      member("message_en", mask_personal_numbers(finding.message_en()));
    });
  }

  void write(const SignerFacts& signer) {
    object([&] {
      member("indication", x509::to_string(signer.indication));
      if (signer.signing_time) {
        member("signing_time", *signer.signing_time);
      }
      write(signer.timestamp);
      if (!signer.chain.empty()) {
        key("certificate");
        write(signer.chain.front());
      }
    });
  }

  /// Who a chain is about, by what an application compares.
  void write(const ChainElement& element) {
    const x509::Certificate& certificate = element.certificate;
    object([&] {
      member("subject", internal::shown_subject(certificate));
      member("issuer", internal::shown(certificate.issuer()));
      member("serial", certificate.serial().to_hex());
      member("sm3", ByteView(certificate.sm3()));
      member("status", x509::to_string(element.revocation.status));
      list("identity", internal::shown_identities(certificate),
           [this](const internal::ShownIdentity& identity) { write(identity); });
      if (element.vendor) {
        member("vendor_zh", element.vendor->zh);
        member("vendor_en", element.vendor->en);
      }
    });
  }

  void write(const internal::ShownIdentity& identity) {
    object([&] {
      member("name_zh", identity.name_zh);
      member("name_en", identity.name_en);
      member("value", identity.value);
    });
  }

  void write(const std::optional<StampFacts>& stamp) {
    if (!stamp) {
      return;
    }
    key("timestamp");
    object([&] {
      member("time", stamp->time);
      key("accuracy_ms");
      json_.number(stamp->accuracy_ms);
      member("serial", stamp->serial);
      member("policy", stamp->policy);
      member("imprint_algorithm", stamp->imprint_algorithm);
      key("imprint_matches");
      stamp->imprint_matches ? json_.boolean(*stamp->imprint_matches) : json_.null();
      member("tsa", stamp->authority);
      member("indication", x509::to_string(stamp->indication));
    });
  }

  void write(const TrustListFacts& trust_list) {
    object([&] {
      key("number");
      json_.number(trust_list.number);
      member("sm3", ByteView(trust_list.sm3));
    });
  }

  template <typename Members>
  void object(const Members& members) {
    json_.begin_object();
    members();
    json_.end_object();
  }

  template <typename Items, typename Write>
  void list(std::string_view name, const Items& items, const Write& write_item) {
    key(name);
    json_.begin_list();
    for (const auto& item : items) {
      write_item(item);
    }
    json_.end_list();
  }

  void key(std::string_view name) { json_.key(name); }
  /// Always UTF-8: octets of others have become text before they stand in a report.
  void text(std::string_view value) { json_.text(value); }
  void member(std::string_view name, std::string_view value) {
    key(name);
    text(value);
  }
  void member(std::string_view name, ByteView octets) { member(name, std::string_view(to_hex(octets))); }
  void member(std::string_view name, Time time) { member(name, std::string_view(to_rfc3339(time))); }

  internal::JsonText json_;
};

}  // namespace

std::string to_summary_json(const RecognitionReport& report, Time created_at) {
  return SummaryWriter().write(report, created_at);
}

}  // namespace hutong::recognition
