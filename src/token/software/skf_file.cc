#include <algorithm>

#include "token/software/boundary.h"
#include "token/software/device.h"
#include "token/software/provisioning.h"
#include "token/software/sealing.h"

/// Clause 7.4: files.
namespace hutong::token::software {
namespace {

constexpr std::uint32_t kMostFileContent = 4 << 20;
constexpr std::size_t kMostFiles = 256;

Result<std::string_view> file_name_from(LPSTR name) {
  return given_text(name, 1, kMostFileNameSize, SAR_NAMELENERR);
}

/// SAR_FILEATTRIBUTEERR for what nobody may, SAR_USER_NOT_LOGGED_IN for what a PIN would allow.
Status require_right(const ApplicationWork& work, std::uint32_t wanted) {
  if (wanted == SECURE_ANYONE_ACCOUNT || (wanted & work.rights()) != 0) {
    return ok();
  }
  return refusal(wanted == SECURE_NEVER_ACCOUNT ? SAR_FILEATTRIBUTEERR : SAR_USER_NOT_LOGGED_IN);
}

/// Sealed is what neither reading nor writing is open to anyone: who does either has then logged in, and with
/// that comes the master key.
bool is_sealed_kind(const FileRecord& file) {
  return file.read_rights != SECURE_ANYONE_ACCOUNT && file.write_rights != SECURE_ANYONE_ACCOUNT;
}

Bytes file_place(const ApplicationWork& work, const FileRecord& file) {
  Bytes place = to_bytes(as_bytes("file"));
  append(place, work.record.identity);
  append(place, as_bytes(file.name));
  return place;
}

/// The content at full size; what was never written is zeros.
Result<SecretBytes> content_of(const ApplicationWork& work, const FileRecord& file) {
  SecretBytes content(file.size);
  if (file.content.empty()) {
    return content;
  }
  if (file.nonce.empty()) {
    if (file.content.size() != file.size) {
      return refusal(SAR_FILEERR);
    }
    std::ranges::copy(file.content, content.writable().begin());
    return content;
  }
  const Login* login = work.login();
  if (login == nullptr) {
    return refusal(SAR_USER_NOT_LOGGED_IN);
  }
  HUTONG_TRY(SecretBytes opened,
             open_content(login->master_key.expose(), {file.nonce, file.content}, file_place(work, file)));
  return opened.size() == file.size ? Result<SecretBytes>(std::move(opened)) : refusal(SAR_FILEERR);
}

Status store_content(const ApplicationWork& work, FileRecord& file, ByteView content) {
  if (!is_sealed_kind(file)) {
    file.content = to_bytes(content);
    return work.store().save(work.name(), file);
  }
  const Login* login = work.login();
  if (login == nullptr) {
    return refusal(SAR_USER_NOT_LOGGED_IN);
  }
  HUTONG_TRY(SealedOctets sealed, seal_content(login->master_key.expose(), content, file_place(work, file)));
  file.nonce = std::move(sealed.nonce);
  file.content = std::move(sealed.octets);
  return work.store().save(work.name(), file);
}

FILEATTRIBUTE attributes_of(const FileRecord& file) {
  FILEATTRIBUTE attributes{};
  std::copy_n(file.name.begin(), std::min<std::size_t>(file.name.size(), MAX_FILE_NAME_SIZE),
              attributes.FileName);
  attributes.FileSize = file.size;
  attributes.ReadRights = file.read_rights;
  attributes.WriteRights = file.write_rights;
  return attributes;
}

}  // namespace
}  // namespace hutong::token::software

using namespace hutong;
using namespace hutong::token::software;

ULONG DEVAPI SKF_CreateFile(HAPPLICATION hApplication, LPSTR szFileName, ULONG ulFileSize, ULONG ulReadRights,
                            ULONG ulWriteRights) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const std::string_view name, file_name_from(szFileName));
    if (!is_rights(ulReadRights) || !is_rights(ulWriteRights)) {
      return refusal(SAR_INVALIDPARAMERR);
    }
    HUTONG_TRY(const auto work, work_on_application(hApplication));
    HUTONG_CHECK(require_right(work, work.record.creation_rights));
    if (work.store().has_file(work.name(), name)) {
      return refusal(SAR_FILE_ALREADY_EXIST);
    }
    if (ulFileSize > kMostFileContent || work.store().files(work.name()).size() >= kMostFiles) {
      return refusal(SAR_NO_ROOM);
    }
    FileRecord file;
    file.name = name;
    file.size = ulFileSize;
    file.read_rights = ulReadRights;
    file.write_rights = ulWriteRights;
    return work.store().save(work.name(), file);
  });
}

ULONG DEVAPI SKF_DeleteFile(HAPPLICATION hApplication, LPSTR szFileName) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const std::string_view name, file_name_from(szFileName));
    HUTONG_TRY(const auto work, work_on_application(hApplication));
    HUTONG_CHECK(require_right(work, work.record.creation_rights));  // 7.4.3
    return work.store().remove_file(work.name(), name);
  });
}

ULONG DEVAPI SKF_EnumFiles(HAPPLICATION hApplication, LPSTR szFileList, ULONG* pulSize) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const auto work, work_on_application(hApplication));
    return hand_over_names(work.store().files(work.name()), szFileList, pulSize);
  });
}

ULONG DEVAPI SKF_GetFileInfo(HAPPLICATION hApplication, LPSTR szFileName, FILEATTRIBUTE* pFileInfo) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pFileInfo));
    HUTONG_TRY(const std::string_view name, file_name_from(szFileName));
    HUTONG_TRY(const auto work, work_on_application(hApplication));
    HUTONG_TRY(const auto file, work.store().file(work.name(), name));
    *pFileInfo = attributes_of(file);
    return ok();
  });
}

ULONG DEVAPI SKF_ReadFile(HAPPLICATION hApplication, LPSTR szFileName, ULONG ulOffset, ULONG ulSize,
                          BYTE* pbOutData, ULONG* pulOutLen) {
  return guarded([&]() -> Status {
    HUTONG_CHECK(need(pulOutLen));
    HUTONG_TRY(const std::string_view name, file_name_from(szFileName));
    HUTONG_TRY(const auto work, work_on_application(hApplication));
    HUTONG_TRY(const auto file, work.store().file(work.name(), name));
    HUTONG_CHECK(require_right(work, file.read_rights));
    if (ulOffset > file.size) {
      return refusal(SAR_INVALIDPARAMERR);
    }
    HUTONG_TRY(const SecretBytes content, content_of(work, file));
    const std::size_t size = std::min(ulSize, file.size - ulOffset);  // up to the end, if that is less
    return hand_over(content.expose().subspan(ulOffset, size), pbOutData, pulOutLen);
  });
}

ULONG DEVAPI SKF_WriteFile(HAPPLICATION hApplication, LPSTR szFileName, ULONG ulOffset, BYTE* pbData,
                           ULONG ulSize) {
  return guarded([&]() -> Status {
    HUTONG_TRY(const ByteView data, given(pbData, ulSize));
    HUTONG_TRY(const std::string_view name, file_name_from(szFileName));
    HUTONG_TRY(const auto work, work_on_application(hApplication));
    HUTONG_TRY(auto file, work.store().file(work.name(), name));
    HUTONG_CHECK(require_right(work, file.write_rights));
    if (ulOffset > file.size || ulSize > file.size - ulOffset) {
      return refusal(SAR_INDATALENERR);
    }
    HUTONG_TRY(SecretBytes content, content_of(work, file));
    std::ranges::copy(data, content.writable().subspan(ulOffset).begin());
    return store_content(work, file, content.expose());
  });
}
