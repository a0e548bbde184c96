#pragma once

#include <span>

#include "agent/call.h"

/// The methods by groups, as docs/agent-protocol.md lists them.
namespace hutong::agent {

std::span<const Method> agent_methods();
std::span<const Method> token_methods();
std::span<const Method> signing_methods();
std::span<const Method> verifying_methods();
std::span<const Method> envelope_methods();
std::span<const Method> key_methods();

}  // namespace hutong::agent
