#include "storage/internal/dialect.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace hutong::storage {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool same_word(std::string_view a, std::string_view upper) {
  return std::ranges::equal(a, upper, [](char x, char y) {
    return std::toupper(static_cast<unsigned char>(x)) == static_cast<unsigned char>(y);
  });
}

enum class Kind { kWord, kQuoted, kComment, kSymbol };
struct Token {
  Kind kind;
  std::string_view text;
};

std::size_t end_of_quoted(std::string_view sql, char quote) {
  const std::size_t end = sql.find(quote, 1);  // a doubled quote reads as two quoted tokens side by side
  return end == std::string_view::npos ? sql.size() : end + 1;
}

/// The first token of a text that is not empty.
Token next_token(std::string_view sql) {
  if (is_word(sql[0])) {
    const auto end = std::ranges::find_if_not(sql, is_word);
    return {Kind::kWord, sql.substr(0, static_cast<std::size_t>(end - sql.begin()))};
  }
  if (sql[0] == '\'' || sql[0] == '"') {
    return {Kind::kQuoted, sql.substr(0, end_of_quoted(sql, sql[0]))};
  }
  if (sql.starts_with("--")) {
    return {Kind::kComment, sql.substr(0, sql.find('\n'))};
  }
  if (sql.starts_with("/*")) {
    const std::size_t end = sql.find("*/", 2);
    return {Kind::kComment, end == std::string_view::npos ? sql : sql.substr(0, end + 2)};
  }
  return {Kind::kSymbol, sql.substr(0, 1)};
}

std::vector<Token> tokens_of(std::string_view sql) {
  std::vector<Token> tokens;
  while (!sql.empty()) {
    tokens.push_back(next_token(sql));
    sql.remove_prefix(tokens.back().text.size());
  }
  return tokens;
}

/// The first two words tell what a statement is for.
bool begins_with(const std::vector<Token>& tokens, std::string_view first, std::string_view second) {
  std::vector<std::string_view> words;
  for (const Token& token : tokens) {
    if (token.kind == Kind::kWord && words.size() < 2) {
      words.push_back(token.text);
    }
  }
  return words.size() == 2 && same_word(words[0], first) && same_word(words[1], second);
}

std::string_view postgresql_word(std::string_view word, bool schema) {
  if (same_word(word, "INTEGER")) {
    return "BIGINT";
  }
  if (same_word(word, "BLOB")) {
    return "BYTEA";
  }
  return schema && same_word(word, "TEXT") ? R"(TEXT COLLATE "C")" : word;
}

bool is_blank(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; });
}

}  // namespace

std::vector<std::string> split_statements(std::string_view script) {
  std::vector<std::string> statements(1);
  for (const Token& token : tokens_of(script)) {
    if (token.text == ";") {
      statements.emplace_back();
    } else {
      statements.back().append(token.kind == Kind::kComment ? " " : token.text);
    }
  }
  std::erase_if(statements, is_blank);
  return statements;
}

std::string to_sqlite_schema(std::string_view statement) {
  std::string sql(statement);
  if (begins_with(tokens_of(statement), "CREATE", "TABLE")) {
    sql += " STRICT";
  }
  return sql;
}

PostgresqlText to_postgresql(std::string_view statement) {
  const std::vector<Token> tokens = tokens_of(statement);
  const bool schema = begins_with(tokens, "CREATE", "TABLE") || begins_with(tokens, "ALTER", "TABLE");
  PostgresqlText text;
  for (const Token& token : tokens) {
    if (token.kind == Kind::kWord) {
      text.sql.append(postgresql_word(token.text, schema));
    } else if (token.text == "?") {
      text.sql.append("$").append(std::to_string(++text.places));
    } else {
      text.sql.append(token.kind == Kind::kComment ? " " : token.text);
    }
  }
  return text;
}

}  // namespace hutong::storage
