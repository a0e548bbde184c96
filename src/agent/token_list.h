#pragma once

#include <functional>
#include <string>

#include "agent/token_desk.h"
#include "net/json.h"

/// What is in tokens, as pages see it (docs/agent-protocol.md, Tokens).
namespace hutong::agent {

using LoggedIn = std::function<bool(const ApplicationPlace& place)>;
/// The result of tokens.list.
net::Json list_tokens(TokenDesk& desk, bool refresh, const LoggedIn& logged_in);
/// Every certificate in every token that can be read, with its place.
net::Json list_certificates(TokenDesk& desk);
/// The result of device.info.
net::Json device_facts(const std::string& token, const token::Device& device);
net::Json pin_facts(const token::PinState& state);
net::Json public_key_text(const crypto::Sm2PublicKey& key);

}  // namespace hutong::agent
