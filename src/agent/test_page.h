#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "net/json.h"
#include "tests/support/program.h"
#include "tests/support/server_program.h"

/// What agent tests stand on: the program with a software token and a scripted pinentry, and pages that speak
/// to it as a browser does.
namespace hutong::agent::test {

using net::Json;

/// The website that agents under test let in.
inline constexpr const char* kShop = "https://shop.example";

/// A running hutong-agent in a folder of its own.
class RunningAgent {
 public:
  struct Options {
    std::vector<std::string> allowed{kShop};
    std::vector<std::string> test_drivers = {};  ///< by name, see src/token/driver/test_drivers
    std::string more_config = {};                ///< appended to agent.toml
    std::vector<std::pair<std::string, std::string>> descriptions = {};  ///< more drivers: name, further text
  };
  explicit RunningAgent(const Options& options);
  std::uint16_t port() const { return program_->port(); }
  std::size_t peak_mebibytes() const { return program_->peak_mebibytes(); }
  bool alive() const { return program_->alive(); }
  int end(int signal) { return program_->end(signal); }
  std::string file(const std::string& name) const { return folder_.file(name); }

  /// What the windows that ask for a PIN get, one after the other; then they are closed by their user.
  void answer_with(const std::vector<std::string>& pins) const;
  /// Whether confirmations are refused.
  void refuse_confirmations(bool refuse) const;
  /// What the windows showed since answer_with().
  std::string shown() const;

 private:
  hutong::test::Folder folder_;
  std::unique_ptr<hutong::test::ServerProgram> program_;
};

/// A page's connection. Throws when the connection breaks.
class Page {
 public:
  Page(std::uint16_t port, const std::string& origin);
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;
  ~Page();

  /// The result; a problem is `{"problem": …}`.
  Json call(const std::string& method, const Json& params = Json::object(), const std::string& purpose = {});
  /// The code of the problem, or empty.
  std::string refusal(const std::string& method, const Json& params = Json::object(),
                      const std::string& purpose = {});
  /// The stream form: sends the content, and again when asked; what came out goes to `out`.
  Json stream(const std::string& method, const Json& params, ByteView content, Bytes* out = nullptr,
              const std::string& purpose = {}, bool rewindable = true);

  void send_text(const std::string& text);
  void send_octets(ByteView octets);
  /// The next text frame that is no event.
  Json next();
  /// The next event of this name.
  Json event(const std::string& name);
  /// Reads until the agent closes; the close code.
  unsigned closed();
  void close();

 private:
  struct Connection;
  std::string read();
  std::string read_text();  ///< frames of streams are passed over
  std::uint32_t id_ = 0;
  std::unique_ptr<Connection> connection_;
  std::vector<Json> events_;
};

/// What is answered to an HTTP request, octet by octet.
std::string ask_http(std::uint16_t port, const std::string& request);

}  // namespace hutong::agent::test
