#include "cli/output.h"

#include "cli/files.h"

namespace hutong::cli {

Result<Output> Output::create(const std::string& path) {
  if (path == "-") {
    return Output(MemorySink(kMostHeldBack));
  }
  HUTONG_TRY(auto file, FileSink::create(path));
  return Output(std::move(file));
}

ByteSink& Output::sink() {
  auto* file = std::get_if<FileSink>(&sink_);
  return file != nullptr ? static_cast<ByteSink&>(*file) : std::get<MemorySink>(sink_);
}

Status Output::commit(const Context& context) {
  if (auto* file = std::get_if<FileSink>(&sink_)) {
    return file->commit();
  }
  return write_octets(context, "-", std::get<MemorySink>(sink_).content());
}

}  // namespace hutong::cli
