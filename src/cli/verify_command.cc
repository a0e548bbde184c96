#include "cli/commands.h"
#include "cli/judge_command.h"

namespace hutong::cli {

void add_verify_command(CLI::App& app, Context& context) {
  add_judge_command(
      app, context,
      {"verify",
       {"自动识别并验证：签名、证书、撤销列表、时间戳……",
        "recognise and verify anything: signatures, certificates, lists, time stamps …"},
       {"  hutong verify contract.p7m --anchor root.cer --crl ca.crl\n"
        "  hutong verify contract.pdf.p7s --content contract.pdf --anchor root.cer --chain ca.cer\n"
        "  hutong verify unknown.bin --json --trust-list region.p7 --trust-list-signer operator.cer",
        "  hutong verify contract.p7m --anchor root.cer --crl ca.crl\n"
        "  hutong verify contract.pdf.p7s --content contract.pdf --anchor root.cer --chain ca.cer\n"
        "  hutong verify unknown.bin --json --trust-list region.p7 --trust-list-signer operator.cer"}},
      {});
}

}  // namespace hutong::cli
