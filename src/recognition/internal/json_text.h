#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace hutong::recognition::internal {

/// JSON (RFC 8259) as it is written, front to back; commas are put where they belong. The caller keeps to the
/// grammar: a key before every value of an object, every object and list ended.
class JsonText {
 public:
  void begin_object() { begin('{'); }
  void end_object() { out_ += '}'; }
  void begin_list() { begin('['); }
  void end_list() { out_ += ']'; }
  void key(std::string_view name);
  void text(std::string_view utf8);
  void number(std::uint64_t value);
  void boolean(bool value);
  void null();

  std::string take() && { return std::move(out_); }

 private:
  /// What comes next is the first here, or there is a comma before it.
  void separate();
  void begin(char bracket);
  void quoted(std::string_view utf8);

  std::string out_;
};

}  // namespace hutong::recognition::internal
