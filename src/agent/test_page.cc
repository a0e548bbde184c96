#include "agent/test_page.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <filesystem>
#include <stdexcept>

#include "agent/frame.h"

namespace hutong::agent::test {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;

tcp::endpoint endpoint_of(std::uint16_t port) { return {asio::ip::make_address("127.0.0.1"), port}; }

std::string description(const std::string& name, const std::string& library) {
  return "[driver]\nname = \"" + name + "\"\nvendor = \"" + name + "\"\nvendor_zh = \"" + name +
         "\"\n[library]\nlinux = [\"" + library + "\"]\n[calls]\nseconds = 2\n";
}

std::string library_of(const std::string& test_driver) {
  return std::string(HUTONG_TEST_DRIVERS) + "/lib" + test_driver + ".so";
}

}  // namespace

RunningAgent::RunningAgent(const Options& options) {
  namespace fs = std::filesystem;
  const std::string drivers = folder_.file("drivers.d");
  const std::string prompts = folder_.file("prompts");
  const std::string tokens = folder_.file("tokens");
  fs::create_directories(drivers);
  fs::create_directories(prompts);
  const std::vector<std::pair<std::string, std::string>> environment{{"HUTONG_TOKEN_HOME", tokens}};
  const auto made = hutong::test::program(
      HUTONG_PROGRAM,
      {.arguments = {"token", "init", "--name", "supplier", "--label", "演示钥匙", "--application", "HUTONG"},
       .environment = environment});
  if (made.exit != 0) {
    throw std::runtime_error("hutong token init: " + made.err);
  }
  folder_.write("drivers.d/software-token.toml", as_bytes(description("software-token", HUTONG_SKF_LIBRARY)));
  for (std::string name : options.test_drivers) {
    const std::string library = library_of(name);
    std::ranges::replace(name, '_', '-');
    folder_.write("drivers.d/" + name + ".toml", as_bytes(description(name, library)));
  }
  for (const auto& [name, further] : options.descriptions) {
    folder_.write("drivers.d/" + name + ".toml", as_bytes("[driver]\nname = \"" + name + "\"\n" + further));
  }
  std::string allowed;
  for (const std::string& origin : options.allowed) {
    allowed.append(allowed.empty() ? "\"" : ", \"").append(origin).append("\"");
  }
  folder_.write(
      "agent.toml",
      as_bytes("[server]\nport = 0\nlog_level = \"info\"\nstate = \"" + folder_.file("state") +
               "\"\n[origins]\nallowed = [" + allowed + "]\n[prompt]\nprogram = \"" + HUTONG_PINENTRY +
               "\"\n[drivers]\nfolders = [\"" + drivers + "\"]\n" + options.more_config));
  program_ = std::make_unique<hutong::test::ServerProgram>(
      std::vector<std::string>{"/usr/bin/env", "HUTONG_TOKEN_HOME=" + tokens, "HUTONG_PROMPTS=" + prompts,
                               HUTONG_AGENT, "--config", folder_.file("agent.toml")},
      folder_.file("agent.log"), std::vector<std::string>{"server.listening"});
}

void RunningAgent::answer_with(const std::vector<std::string>& pins) const {
  std::string lines;
  for (const std::string& pin : pins) {
    lines += pin + "\n";
  }
  folder_.write("prompts/pins", as_bytes(lines));
  folder_.write("prompts/shown", {});
}

void RunningAgent::refuse_confirmations(bool refuse) const {
  if (refuse) {
    folder_.write("prompts/refuse", {});
  } else {
    std::filesystem::remove(folder_.file("prompts/refuse"));
  }
}

std::string RunningAgent::shown() const { return std::string(as_text(folder_.read("prompts/shown"))); }

struct Page::Connection {
  asio::io_context io;
  asio::ssl::context tls{asio::ssl::context::tls_client};
  websocket::stream<asio::ssl::stream<tcp::socket>> socket{io, tls};
};

Page::Page(std::uint16_t port, const std::string& origin) : connection_(std::make_unique<Connection>()) {
  auto& socket = connection_->socket;
  socket.next_layer().next_layer().connect(endpoint_of(port));
  socket.next_layer().handshake(asio::ssl::stream_base::client);
  socket.set_option(websocket::stream_base::decorator([origin](websocket::request_type& request) {
    request.set("Origin", origin);
    request.set("Sec-WebSocket-Protocol", "hutong.agent.v1");
  }));
  socket.read_message_max(std::size_t{4} << 20);
  socket.handshake("127.0.0.1:" + std::to_string(port), "/agent/v1");
}

Page::~Page() = default;

void Page::send_text(const std::string& text) {
  connection_->socket.text(true);
  connection_->socket.write(asio::buffer(text));
}

void Page::send_octets(ByteView octets) {
  connection_->socket.binary(true);
  connection_->socket.write(asio::buffer(octets.data(), octets.size()));
}

std::string Page::read() {
  boost::beast::flat_buffer buffer;
  connection_->socket.read(buffer);
  return boost::beast::buffers_to_string(buffer.data());
}

std::string Page::read_text() {
  while (true) {
    std::string message = read();
    if (connection_->socket.got_text()) {
      return message;
    }
  }
}

Json Page::next() {
  while (true) {
    Json frame = Json::parse(read_text());
    if (!frame.contains("event")) {
      return frame;
    }
    events_.push_back(std::move(frame));
  }
}

Json Page::event(const std::string& name) {
  while (true) {
    const auto found =
        std::ranges::find_if(events_, [&name](const Json& one) { return one.at("event") == name; });
    if (found != events_.end()) {
      Json data = found->at("data");
      events_.erase(found);
      return data;
    }
    if (Json frame = Json::parse(read_text()); frame.contains("event")) {
      events_.push_back(std::move(frame));
    }
  }
}

Json Page::call(const std::string& method, const Json& params, const std::string& purpose) {
  Json request{{"id", ++id_}, {"method", method}, {"params", params}};
  if (!purpose.empty()) {
    request["purpose"] = purpose;
  }
  send_text(request.dump());
  Json frame = next();
  return frame.contains("result") ? frame.at("result") : Json{{"problem", frame.at("problem")}};
}

std::string Page::refusal(const std::string& method, const Json& params, const std::string& purpose) {
  const Json answer = call(method, params, purpose);
  return answer.contains("problem") ? answer.at("problem").at("code").get<std::string>() : std::string();
}

Json Page::stream(const std::string& method, const Json& params, ByteView content, Bytes* out,
                  const std::string& purpose, bool rewindable) {
  constexpr std::uint32_t kWindow = 1U << 20;
  const std::uint32_t id = ++id_;
  Json request{{"id", id},
               {"method", method},
               {"params", params},
               {"stream", {{"size", content.size()}, {"rewindable", rewindable}}}};
  if (!purpose.empty()) {
    request["purpose"] = purpose;
  }
  send_text(request.dump());
  send_octets(credit_frame(id, kWindow));
  ByteView left = content;
  if (left.empty()) {
    send_octets(bare_frame(id, StreamKind::kEnd));
  }
  while (true) {
    const std::string message = read();
    if (connection_->socket.got_text()) {
      Json frame = Json::parse(message);
      if (frame.contains("event")) {
        continue;
      }
      return frame.contains("result") ? frame.at("result") : Json{{"problem", frame.at("problem")}};
    }
    const auto frame = read_frame(as_bytes(message));
    if (frame->kind == StreamKind::kData) {
      append(*out, frame->rest);
      send_octets(credit_frame(id, static_cast<std::uint32_t>(frame->rest.size())));
    } else if (frame->kind == StreamKind::kRewind) {
      left = content;
      send_octets(bare_frame(id, StreamKind::kRewind));
    } else if (frame->kind == StreamKind::kCredit && !left.empty()) {
      std::size_t credit = frame->credit;
      while (credit > 0 && !left.empty()) {
        const std::size_t size = std::min({credit, left.size(), kMostFrameData});
        send_octets(data_frame(id, left.first(size)));
        left = left.subspan(size);
        credit -= size;
      }
      if (left.empty()) {
        send_octets(bare_frame(id, StreamKind::kEnd));
      }
    }
  }
}

unsigned Page::closed() {
  boost::system::error_code error;
  while (!error) {
    boost::beast::flat_buffer buffer;
    connection_->socket.read(buffer, error);
  }
  return connection_->socket.reason().code;
}

void Page::close() {
  boost::system::error_code ignored;
  connection_->socket.close(websocket::close_code::normal, ignored);
}

std::string ask_http(std::uint16_t port, const std::string& request) {
  asio::io_context io;
  asio::ssl::context tls(asio::ssl::context::tls_client);
  asio::ssl::stream<tcp::socket> socket(io, tls);
  socket.next_layer().connect(endpoint_of(port));
  socket.handshake(asio::ssl::stream_base::client);
  asio::write(socket, asio::buffer(request));
  std::string answer;
  boost::system::error_code end;
  asio::read(socket, asio::dynamic_buffer(answer), end);
  return answer;
}

}  // namespace hutong::agent::test
