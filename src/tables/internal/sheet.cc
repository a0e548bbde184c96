#include "tables/internal/sheet.h"

#include <expat.h>

#include <charconv>
#include <memory>
#include <optional>
#include <utility>

#include "tables/internal/table_builder.h"

namespace hutong::tables::internal {
namespace {

struct FreeParser {
  void operator()(XML_Parser parser) const { ::XML_ParserFree(parser); }
};

/// One walk: what expat calls back.
struct Walk {
  const XmlEvents* events;
  XML_Parser parser;
  Status status = ok();

  void note(Status outcome) {
    if (status && !outcome) {
      status = std::move(outcome);
      ::XML_StopParser(parser, XML_FALSE);
    }
  }
};

std::string_view local_name(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

void XMLCALL on_begin(void* data, const XML_Char* name, const XML_Char** attributes) {
  auto& walk = *static_cast<Walk*>(data);
  Attributes read;
  for (; *attributes != nullptr; attributes += 2) {
    read.emplace(local_name(attributes[0]), attributes[1]);
  }
  walk.note(walk.events->begin(local_name(name), read));
}
void XMLCALL on_end(void* data, const XML_Char* name) {
  auto& walk = *static_cast<Walk*>(data);
  walk.note(walk.events->end(local_name(name)));
}
void XMLCALL on_text(void* data, const XML_Char* text, int size) {
  auto& walk = *static_cast<Walk*>(data);
  walk.note(walk.events->text({text, static_cast<std::size_t>(size)}));
}
void XMLCALL on_doctype(void* data, const XML_Char* /*name*/, const XML_Char* /*system*/,
                        const XML_Char* /*public_id*/, int /*internal*/) {
  static_cast<Walk*>(data)->note(
      Error{Errc::kPolicy, "xlsx.doctype", "a document type has no place in a workbook"});
}

Status nothing(std::string_view /*text*/) { return ok(); }

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

Error bad_cell() { return {Errc::kMalformed, "xlsx.cell", "a cell is not where or what it says"}; }

/// "BC12": column 54, row 11, both from 0. Nothing when it is none.
struct Place {
  std::size_t column;
  std::size_t row;
};
std::optional<Place> place_of(std::string_view reference) {
  std::size_t column = 0;
  std::size_t letters = 0;
  while (letters < reference.size() && letters < 3 && reference[letters] >= 'A' &&
         reference[letters] <= 'Z') {
    column = column * 26 + static_cast<std::size_t>(reference[letters] - 'A') + 1;
    ++letters;
  }
  const auto row = number_of<std::size_t>(reference.substr(letters));
  return letters == 0 || !row || *row == 0 ? std::nullopt : std::optional(Place{column - 1, *row - 1});
}

std::string attribute(const Attributes& attributes, std::string_view name) {
  const auto found = attributes.find(name);
  return found == attributes.end() ? std::string() : found->second;
}

/// Collects a text that stands in elements <t> or <v> of a cell.
class SheetReader {
 public:
  SheetReader(const std::vector<std::string>& shared, const TableLimits& limits)
      : shared_(&shared), table_(limits), most_text_(limits.cell_octets) {}

  Status begin(std::string_view name, const Attributes& attributes) {
    if (name == "c") {
      place_ = place_of(attribute(attributes, "r"));
      kind_ = attribute(attributes, "t");
      text_.clear();
      return place_ ? ok() : Status(bad_cell());
    }
    takes_text_ = place_ && (name == "v" || (name == "t" && phonetic_ == 0));
    phonetic_ += name == "rPh" ? 1 : 0;
    return ok();
  }
  Status end(std::string_view name) {
    takes_text_ = false;
    phonetic_ -= name == "rPh" ? 1 : 0;
    if (name != "c" || !place_) {
      return ok();
    }
    const Place place = *std::exchange(place_, std::nullopt);
    return text_.empty() ? ok() : put(place);
  }
  Status text(std::string_view more) {
    if (takes_text_) {
      text_ += more;
    }
    return text_.size() <= most_text_ ? ok()
                                      : Status(Error{Errc::kLimit, "table.cell", "a cell is too long"});
  }
  Table take() { return table_.take(); }

 private:
  Status put(const Place& place) {
    HUTONG_CHECK(table_.go_to_row(place.row));
    if (kind_ != "s") {
      return table_.set(place.column, text_);
    }
    const auto index = number_of<std::size_t>(trimmed(text_));
    return index && *index < shared_->size() ? table_.set(place.column, (*shared_)[*index])
                                             : Status(bad_cell());
  }

  const std::vector<std::string>* shared_;
  TableBuilder table_;
  std::size_t most_text_;
  std::optional<Place> place_;
  std::string kind_;
  std::string text_;
  bool takes_text_ = false;
  int phonetic_ = 0;  ///< readings of characters stand beside the text
};

/// <si> holds one text, perhaps in several runs <r><t>.
class SharedReader {
 public:
  explicit SharedReader(const TableLimits& limits) : limits_(limits) {}
  Status begin(std::string_view name) {
    if (name == "si") {
      if (texts_.size() >= limits_.shared_texts) {
        return Error{Errc::kLimit, "table.rows", "too many texts"};
      }
      texts_.emplace_back();
    }
    takes_text_ = name == "t" && !texts_.empty() && phonetic_ == 0;
    phonetic_ += name == "rPh" ? 1 : 0;
    return ok();
  }
  Status end(std::string_view name) {
    takes_text_ = false;
    phonetic_ -= name == "rPh" ? 1 : 0;
    return ok();
  }
  Status text(std::string_view more) {
    if (takes_text_) {
      texts_.back() += more;
    }
    return texts_.empty() || texts_.back().size() <= limits_.cell_octets
               ? ok()
               : Status(Error{Errc::kLimit, "table.cell", "a cell is too long"});
  }
  std::vector<std::string> take() { return std::move(texts_); }

 private:
  TableLimits limits_;
  std::vector<std::string> texts_;
  bool takes_text_ = false;
  int phonetic_ = 0;
};

Error missing(std::string_view what) {
  return {Errc::kMalformed, "xlsx.part", "the workbook has no " + std::string(what)};
}

}  // namespace

Status walk_xml(std::string_view xml, const XmlEvents& events) {
  const std::unique_ptr<XML_ParserStruct, FreeParser> parser(::XML_ParserCreate(nullptr));
  if (!parser || xml.size() > std::size_t{1} << 30) {
    return Error{Errc::kMalformed, "xlsx.xml", "the XML cannot be read"};
  }
  Walk walk{&events, parser.get()};
  ::XML_SetUserData(parser.get(), &walk);
  ::XML_SetElementHandler(parser.get(), &on_begin, &on_end);
  ::XML_SetCharacterDataHandler(parser.get(), &on_text);
  ::XML_SetStartDoctypeDeclHandler(parser.get(), &on_doctype);
  const auto outcome = ::XML_Parse(parser.get(), xml.data(), static_cast<int>(xml.size()), 1);
  if (!walk.status) {
    return walk.status;
  }
  return outcome == XML_STATUS_OK ? ok() : Status(Error{Errc::kMalformed, "xlsx.xml", "a part is no XML"});
}

Result<std::string> first_sheet_id(std::string_view xml) {
  std::string id;
  HUTONG_CHECK(walk_xml(xml, {.begin =
                                  [&id](std::string_view name, const Attributes& attributes) {
                                    if (name == "sheet" && id.empty()) {
                                      id = attribute(attributes, "id");
                                    }
                                    return ok();
                                  },
                              .end = &nothing,
                              .text = &nothing}));
  return id.empty() ? Result<std::string>(missing("sheet")) : id;
}

Result<std::string> target_of(std::string_view xml, std::string_view id) {
  std::string target;
  HUTONG_CHECK(walk_xml(xml, {.begin =
                                  [&](std::string_view name, const Attributes& attributes) {
                                    if (name == "Relationship" && attribute(attributes, "Id") == id) {
                                      target = attribute(attributes, "Target");
                                    }
                                    return ok();
                                  },
                              .end = &nothing,
                              .text = &nothing}));
  return target.empty() ? Result<std::string>(missing("part for its first sheet")) : target;
}

Result<std::vector<std::string>> shared_texts(std::string_view xml, const TableLimits& limits) {
  SharedReader reader(limits);
  HUTONG_CHECK(walk_xml(xml, {.begin = [&](std::string_view name,
                                           const Attributes& /*attributes*/) { return reader.begin(name); },
                              .end = [&](std::string_view name) { return reader.end(name); },
                              .text = [&](std::string_view more) { return reader.text(more); }}));
  return reader.take();
}

Result<Table> read_sheet(std::string_view xml, const std::vector<std::string>& shared,
                         const TableLimits& limits) {
  SheetReader reader(shared, limits);
  HUTONG_CHECK(
      walk_xml(xml, {.begin = [&](std::string_view name,
                                  const Attributes& attributes) { return reader.begin(name, attributes); },
                     .end = [&](std::string_view name) { return reader.end(name); },
                     .text = [&](std::string_view more) { return reader.text(more); }}));
  return reader.take();
}

}  // namespace hutong::tables::internal
