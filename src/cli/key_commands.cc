#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/key_input.h"
#include "cli/password.h"
#include "crypto/key_file.h"
#include "crypto/pem.h"
#include "crypto/public_key.h"
#include "x509/extension_builder.h"

namespace hutong::cli {
namespace {

struct OutputOptions {
  std::string out;
  std::string format = "pkcs8";
  bool der = false;
  bool force = false;
  bool no_password = false;
  PasswordOptions password;
};

struct GenerateOptions {
  OutputOptions output;
  std::string public_out;
};

struct ShowKeyOptions {
  std::string file;
  PasswordOptions password;
};

struct ConvertOptions {
  std::string file;
  PasswordOptions password;
  OutputOptions output;
};

Form form_of(bool der) { return der ? Form::kDer : Form::kPem; }

/// Private keys never become readable by others, not even for a moment.
Status write_private(const Context& context, const OutputOptions& options, const Product& product) {
  if (options.der) {
    return write_octets(context, options.out, product.der, FileMode::kPrivate);
  }
  std::string pem = crypto::write_pem(product.pem_label, product.der);
  const ScopedWipe wipe_pem({reinterpret_cast<std::uint8_t*>(pem.data()), pem.size()});
  return write_octets(context, options.out, as_bytes(pem), FileMode::kPrivate);
}

Status write_plain(const Context& context, const OutputOptions& options, const crypto::Sm2PrivateKey& key) {
  const bool sec1 = options.format == "sec1";
  const SecretBytes der = sec1 ? crypto::write_sec1(key) : crypto::write_pkcs8(key);
  return write_private(context, options, {der.expose(), sec1 ? "EC PRIVATE KEY" : "PRIVATE KEY"});
}

Status write_key(const Context& context, const OutputOptions& options, const crypto::Sm2PrivateKey& key) {
  if (options.format == "public") {
    const Bytes spki = crypto::PublicKey(key.public_key()).to_spki();
    return write_product(context, options.out, {spki, "PUBLIC KEY"}, form_of(options.der));
  }
  if (options.no_password) {
    return write_plain(context, options, key);
  }
  if (options.format == "sec1") {
    return usage_error("usage.password",
                       "SEC 1 files cannot be encrypted here; say --no-password, or use pkcs8");
  }
  const Text question{"新口令：", "New password: "};
  HUTONG_TRY(const auto password, password_or_ask(context, options.password, question, Ask::kTwice));
  HUTONG_TRY(const Bytes der, crypto::write_encrypted_pkcs8(key, text_of(password)));
  return write_private(context, options, {der, "ENCRYPTED PRIVATE KEY"});
}

Status check_output(const OutputOptions& options) {
  return check_absent(options.out, options.force ? Existing::kReplaced : Existing::kKept);
}

Result<Exit> generate(Context& context, const GenerateOptions& options) {
  HUTONG_CHECK(check_output(options.output));
  const auto key = crypto::Sm2PrivateKey::generate();
  HUTONG_CHECK(write_key(context, options.output, key));
  const crypto::PublicKey public_key(key.public_key());
  if (!options.public_out.empty()) {
    const Bytes spki = public_key.to_spki();
    HUTONG_CHECK(
        write_product(context, options.public_out, {spki, "PUBLIC KEY"}, form_of(options.output.der)));
  }
  if (options.output.out == "-") {
    return Exit::kGood;
  }
  const std::string id = to_hex(x509::key_identifier(public_key));
  if (context.json) {
    context.out
        << nlohmann::ordered_json{{"file", options.output.out}, {"type", "SM2"}, {"key_identifier", id}}.dump(
               2)
        << "\n";
  } else {
    context.out << context.text({"SM2 密钥已写入 {0}（标识 {1}）", "SM2 key written to {0} (identifier {1})"},
                                {options.output.out, id})
                << "\n";
  }
  return Exit::kGood;
}

struct KnownKey {
  crypto::PublicKey key;
  bool is_private;
};

std::optional<crypto::PublicKey> public_key_in(ByteView file) {
  if (auto key = crypto::PublicKey::from_spki(file)) {
    return *std::move(key);
  }
  auto blocks = crypto::read_pem(as_text(file));
  if (!blocks || blocks->front().label != "PUBLIC KEY") {
    return std::nullopt;
  }
  auto key = crypto::PublicKey::from_spki(blocks->front().der);
  return key ? std::optional(*std::move(key)) : std::nullopt;
}

Result<KnownKey> read_key(const Context& context, const ShowKeyOptions& options) {
  constexpr std::size_t kMostKeyFile = std::size_t{1} << 20;
  if (options.file != "-") {
    HUTONG_TRY(Bytes file, read_file(options.file, kMostKeyFile));
    const ScopedWipe wipe_file(file);
    if (auto key = public_key_in(file)) {
      return KnownKey{*std::move(key), false};
    }
  }
  HUTONG_TRY(const auto key, load_key(context, options.file, options.password));
  return KnownKey{crypto::PublicKey(key.public_key()), true};
}

Result<Exit> show_key(Context& context, const ShowKeyOptions& options) {
  HUTONG_TRY(const auto known, read_key(context, options));
  const std::string id = to_hex(x509::key_identifier(known.key));
  const std::string octets = to_hex(known.key.key_octets());
  if (context.json) {
    const nlohmann::ordered_json json{{"type", known.key.name()},
                                      {"private", known.is_private},
                                      {"key_identifier", id},
                                      {"public_key", octets},
                                      {"spki", to_base64(known.key.to_spki())}};
    context.out << json.dump(2) << "\n";
    return Exit::kGood;
  }
  const Text kind =
      known.is_private ? Text{"私钥（不显示）", "private key (not shown)"} : Text{"公钥", "public key"};
  context.out << known.key.name() << "  " << context.text(kind) << "\n  "
              << context.text({"标识  ", "identifier  "}) << id << "\n  "
              << context.text({"公钥  ", "public key  "}) << octets << "\n";
  return Exit::kGood;
}

Result<Exit> convert(Context& context, const ConvertOptions& options) {
  HUTONG_CHECK(check_output(options.output));
  HUTONG_TRY(const auto key, load_key(context, options.file, options.password));
  HUTONG_CHECK(write_key(context, options.output, key));
  return Exit::kGood;
}

void add_output_options(CLI::App* command, const Context& context, OutputOptions& options,
                        const std::string& password_prefix) {
  add_file(command, context, "-o,--out", options.out,
           {"输出文件，“-”为标准输出", "output; \"-\" is standard output"})
      ->required();
  command
      ->add_option(
          "--format", options.format,
          std::string(context.text({"pkcs8（默认）、sec1 或 public", "pkcs8 (default), sec1 or public"})))
      ->check(CLI::IsMember({"pkcs8", "sec1", "public"}))
      ->type_name("FORMAT");
  add_flag(command, context, "--der", options.der, {"输出 DER 而不是 PEM", "write DER instead of PEM"});
  add_flag(command, context, "--force", options.force, {"替换已有文件", "replace an existing file"});
  add_flag(command, context, "--no-password", options.no_password,
           {"不加密私钥（仅限测试）", "leave the private key unencrypted (for tests)"});
  add_password_options(*command, context, options.password, password_prefix);
}

void add_generate(CLI::App& group, Context& context) {
  auto options = std::make_shared<GenerateOptions>();
  const std::string_view examples =
      "  hutong key generate -o alice.key\n"
      "  hutong key generate -o alice.key --password-file secret.txt --public alice.pub\n"
      "  hutong key generate -o test.key --no-password";
  CLI::App* command = add_command(
      group, context, {"generate", {"生成 SM2 密钥对", "generate an SM2 key pair"}, {examples, examples}});
  add_output_options(command, context, options->output, "");
  add_file(command, context, "--public", options->public_out,
           {"另存公钥", "write the public key here as well"});
  run_with(command, context, options, generate);
}

void add_show_key(CLI::App& group, Context& context) {
  auto options = std::make_shared<ShowKeyOptions>();
  const std::string_view examples = "  hutong key show alice.key\n  hutong key show --json alice.pub";
  CLI::App* command =
      add_command(group, context,
                  {"show", {"显示密钥的公开部分", "show the public part of a key"}, {examples, examples}});
  add_file(command, context, "FILE", options->file, {"密钥文件", "the key file"})->required();
  add_password_options(*command, context, options->password);
  run_with(command, context, options, show_key);
}

void add_convert(CLI::App& group, Context& context) {
  auto options = std::make_shared<ConvertOptions>();
  const std::string_view examples =
      "  hutong key convert alice.p12 --password-file old.txt -o alice.key --new-password-file new.txt\n"
      "  hutong key convert alice.key --password-file old.txt -o alice.sec1 --format sec1 --no-password\n"
      "  hutong key convert alice.key -o alice.pub --format public";
  CLI::App* command = add_command(group, context,
                                  {"convert",
                                   {"转换密钥格式或更换口令", "change the format or the password of a key"},
                                   {examples, examples}});
  add_file(command, context, "FILE", options->file, {"密钥文件", "the key file"})->required();
  add_password_options(*command, context, options->password);
  add_output_options(command, context, options->output, "new-");
  run_with(command, context, options, convert);
}

}  // namespace

void add_key_commands(CLI::App& app, Context& context) {
  CLI::App* group =
      add_group(app, context, "key", {"密钥：生成、显示、转换", "keys: generate, show, convert"});
  add_generate(*group, context);
  add_show_key(*group, context);
  add_convert(*group, context);
}

}  // namespace hutong::cli
