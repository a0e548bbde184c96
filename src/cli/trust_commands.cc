#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/style.h"
#include "recognition/report_json.h"
#include "recognition/trust_list.h"

namespace hutong::cli {
namespace {

using recognition::LoadedTrustList;
using recognition::TrustListState;

struct ListOptions {
  std::string file;
  std::string signer;
};

Text word_of(TrustListState state) {
  switch (state) {
    case TrustListState::kCurrent:
      return {"现行有效", "current"};
    case TrustListState::kMissing:
      return {"缺失", "missing"};
    case TrustListState::kExpired:
      return {"已过期", "expired"};
    case TrustListState::kBadSignature:
      return {"签名无效", "badly signed"};
    case TrustListState::kMalformed:
      break;
  }
  return {"格式错误", "malformed"};
}

Text word_of(recognition::ServiceStatus status) {
  switch (status) {
    case recognition::ServiceStatus::kGranted:
      return {"互认", "granted"};
    case recognition::ServiceStatus::kSuspended:
      return {"暂停", "suspended"};
    case recognition::ServiceStatus::kWithdrawn:
      break;
  }
  return {"撤销", "withdrawn"};
}

void print_head(const Context& context, const LoadedTrustList& loaded) {
  const auto state = loaded.state(context.now);
  const bool current = state == TrustListState::kCurrent;
  context.out << paint(context, current ? Tone::kGood : Tone::kBad,
                       std::string(current ? "✔ " : "✘ ") + std::string(context.text(word_of(state))));
  if (!loaded.list) {
    context.out << "  [" << loaded.reason << "] " << loaded.detail << "\n";
    return;
  }
  const auto& content = loaded.list->content();
  context.out << "  № " << content.number << "  "
              << (context.language == Language::kZh ? content.operator_zh : content.operator_en) << "\n  "
              << shown(content.issued_at) << " – " << shown(content.next_update) << "\n  SM3 "
              << to_hex(loaded.list->sm3()) << "\n";
}

void print_services(const Context& context, const recognition::TrustListContent& content) {
  const bool zh = context.language == Language::kZh;
  for (const auto& service : content.services) {
    const auto status = service.status_at(context.now);
    const bool granted = status == recognition::ServiceStatus::kGranted;
    const auto word = status ? context.text(word_of(*status)) : context.text({"尚未生效", "not yet"});
    context.out << "\n  " << paint(context, granted ? Tone::kGood : Tone::kBad, granted ? "✔ " : "✘ ")
                << paint(context, Tone::kStrong, zh ? service.name_zh : service.name_en) << "  " << word
                << "\n    " << (zh ? service.vendor_zh : service.vendor_en) << "  "
                << paint(context, Tone::kDim, recognition::to_string(service.kind)) << "\n    "
                << paint(context, Tone::kDim, service.certificate.subject().to_string()) << "\n";
  }
}

enum class Depth : std::uint8_t { kHead, kServices };

template <Depth kDepth>
Result<Exit> run(Context& context, const ListOptions& options) {
  HUTONG_TRY(const auto signer, load_certificates(options.signer));
  HUTONG_TRY(const auto file, FileContent::open(options.file));
  const auto loaded = recognition::load_trust_list(file.view(), signer.front(), context.now);
  if (context.json) {
    auto json = recognition::to_json(loaded, context.now);
    if (kDepth == Depth::kHead) {
      json.erase("services");
    }
    context.out << json.dump(2) << "\n";
  } else {
    print_head(context, loaded);
    if (kDepth == Depth::kServices && loaded.list) {
      print_services(context, loaded.list->content());
    }
  }
  return loaded.state(context.now) == TrustListState::kCurrent ? Exit::kGood : Exit::kRejected;
}

void add_one(CLI::App& group, Context& context, const CommandText& text,
             Result<Exit> (*work)(Context&, const ListOptions&)) {
  auto options = std::make_shared<ListOptions>();
  CLI::App* command = add_command(group, context, text);
  add_file(command, context, "FILE", options->file, {"信任列表", "the trust list"})->required();
  add_file(command, context, "--signer", options->signer,
           {"列表签名者（运营者）的证书", "the certificate of the list's signer (the operator)"})
      ->required();
  run_with(command, context, options, work);
}

}  // namespace

void add_trust_commands(CLI::App& app, Context& context) {
  CLI::App* group = add_group(app, context, "trust", {"信任列表：显示、验证", "trust lists: show, verify"});
  const std::string_view show = "  hutong trust show region.p7 --signer operator.cer";
  const std::string_view verify = "  hutong trust verify region.p7 --signer operator.cer --json";
  add_one(*group, context,
          {"show", {"显示信任列表中的认证服务", "show the services of a trust list"}, {show, show}},
          run<Depth::kServices>);
  add_one(
      *group, context,
      {"verify", {"验证信任列表的签名和时效", "verify a trust list's signature and age"}, {verify, verify}},
      run<Depth::kHead>);
}

}  // namespace hutong::cli
