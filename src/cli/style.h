#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cli/context.h"
#include "x509/report.h"

/// How text looks on a terminal. Colour never says anything that a mark and a word do not say as well.
namespace hutong::cli {

enum class Tone : std::uint8_t { kPlain, kGood, kBad, kUnsure, kDim, kStrong };
/// With escape sequences when the context shows colours.
std::string paint(const Context& context, Tone tone, std::string_view text);

/// Columns on a terminal: Han characters and full-width signs take two.
std::size_t display_width(std::string_view utf8);
/// Blanks behind the text up to this many columns.
std::string padded(std::string_view utf8, std::size_t columns);

std::string_view mark(x509::Indication indication);  ///< "✔" "✘" "?"
std::string_view mark(x509::Severity severity);
Tone tone(x509::Indication indication);
Tone tone(x509::Severity severity);
std::string_view word(const Context& context, x509::Indication indication);
std::string_view word(const Context& context, x509::Severity severity);

/// A line that begins a part of the output.
void print_heading(const Context& context, const Text& heading);

/// "2026-11-22 18:00:00 UTC".
std::string shown(Time time);
/// "1 234 567".
std::string shown_count(std::uint64_t number);

}  // namespace hutong::cli
