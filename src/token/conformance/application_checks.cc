#include <algorithm>

#include "token/conformance/bench.h"
#include "token/conformance/suite.h"

/// Clauses 7.3 to 7.5: applications, files, containers and certificates.
namespace hutong::token::conformance {
namespace {

void applications(Bench& bench) {
  DEVHANDLE device = bench.connect();
  bench.new_application(device);
  const std::string name(kApplication);
  HAPPLICATION other = nullptr;
  bench.expect("SKF_CreateApplication with a name that is taken",
               HUTONG_SKF_CALL(bench, SKF_CreateApplication, device, text(name.c_str()), text(kTrialAdminPin),
                               kTrialTries, text(kTrialUserPin), kTrialTries, SECURE_USER_ACCOUNT, &other),
               {SAR_APPLICATION_EXISTS});
  bench.expect("SKF_OpenApplication",
               HUTONG_SKF_CALL(bench, SKF_OpenApplication, device, text(name.c_str()), &other), {SAR_OK});
  bench.expect("SKF_CloseApplication", HUTONG_SKF_CALL(bench, SKF_CloseApplication, other), {SAR_OK});
  bench.expect("SKF_OpenApplication with an unknown name",
               HUTONG_SKF_CALL(bench, SKF_OpenApplication, device, text("HUTONG-NONE"), &other),
               {SAR_APPLICATION_NOT_EXISTS});
  bench.expect("SKF_DeleteApplication",
               HUTONG_SKF_CALL(bench, SKF_DeleteApplication, device, text(name.c_str())), {SAR_OK});
  bench.expect("SKF_OpenApplication after deleting",
               HUTONG_SKF_CALL(bench, SKF_OpenApplication, device, text(name.c_str()), &other),
               {SAR_APPLICATION_NOT_EXISTS});
}

void files(Bench& bench) {
  HAPPLICATION application = bench.ready_application(bench.connect());
  bench.require("SKF_CreateFile", HUTONG_SKF_CALL(bench, SKF_CreateFile, application, text("trial.bin"), 64U,
                                                  SECURE_ANYONE_ACCOUNT, SECURE_USER_ACCOUNT));
  bench.expect("SKF_CreateFile with a name that is taken",
               HUTONG_SKF_CALL(bench, SKF_CreateFile, application, text("trial.bin"), 64U,
                               SECURE_ANYONE_ACCOUNT, SECURE_USER_ACCOUNT),
               {SAR_FILE_ALREADY_EXIST});
  Bytes data(16, 0x3C);
  bench.require("SKF_WriteFile",
                HUTONG_SKF_CALL(bench, SKF_WriteFile, application, text("trial.bin"), 48U, data.data(), 16U));
  bench.expect(
      HUTONG_SKF_CALL(bench, SKF_WriteFile, application, text("trial.bin"), 60U, data.data(), 16U) != SAR_OK,
      "SKF_WriteFile writes beyond the end of the file");
  Bytes out(64);
  Number length(64);
  bench.require("SKF_ReadFile", HUTONG_SKF_CALL(bench, SKF_ReadFile, application, text("trial.bin"), 48U, 16U,
                                                out.data(), length.out()));
  bench.expect(length.value() == 16 && std::equal(data.begin(), data.end(), out.begin()),
               "SKF_ReadFile does not give what was written");
  FILEATTRIBUTE attributes[2] = {};
  bench.require("SKF_GetFileInfo",
                HUTONG_SKF_CALL(bench, SKF_GetFileInfo, application, text("trial.bin"), &attributes[0]));
  bench.expect(attributes[0].FileSize == 64 && attributes[0].ReadRights == SECURE_ANYONE_ACCOUNT &&
                   attributes[0].WriteRights == SECURE_USER_ACCOUNT,
               "SKF_GetFileInfo: size or rights are not those of the creation");
  bench.expect(
      "SKF_ReadFile with an unknown name",
      HUTONG_SKF_CALL(bench, SKF_ReadFile, application, text("none.bin"), 0U, 16U, out.data(), length.out()),
      {SAR_FILE_NOT_EXIST});
  bench.require("SKF_ClearSecureState", HUTONG_SKF_CALL(bench, SKF_ClearSecureState, application));
  bench.expect("SKF_WriteFile without login",
               HUTONG_SKF_CALL(bench, SKF_WriteFile, application, text("trial.bin"), 0U, data.data(), 16U),
               {SAR_USER_NOT_LOGGED_IN});
  bench.log_in(application);
  bench.expect("SKF_DeleteFile", HUTONG_SKF_CALL(bench, SKF_DeleteFile, application, text("trial.bin")),
               {SAR_OK});
}

void containers(Bench& bench) {
  HAPPLICATION application = bench.ready_application(bench.connect());
  HCONTAINER container = bench.new_container(application);
  HCONTAINER other = nullptr;
  bench.expect(HUTONG_SKF_CALL(bench, SKF_CreateContainer, application, text("trial"), &other) != SAR_OK,
               "SKF_CreateContainer makes a second container of the same name");
  bench.expect(HUTONG_SKF_CALL(bench, SKF_OpenContainer, application, text("none"), &other) != SAR_OK,
               "SKF_OpenContainer opens a container that does not exist");
  bench.new_key(container);
  Number type;
  bench.require("SKF_GetContainerType", HUTONG_SKF_CALL(bench, SKF_GetContainerType, container, type.out()));
  bench.expect(type.value() == CONTAINER_TYPE_ECC, "SKF_GetContainerType: " + std::to_string(type.value()) +
                                                       " for a container with an SM2 key, expected 2");
  bench.expect("SKF_CloseContainer", HUTONG_SKF_CALL(bench, SKF_CloseContainer, container), {SAR_OK});
  bench.expect("SKF_DeleteContainer", HUTONG_SKF_CALL(bench, SKF_DeleteContainer, application, text("trial")),
               {SAR_OK});
  bench.expect(HUTONG_SKF_CALL(bench, SKF_OpenContainer, application, text("trial"), &other) != SAR_OK,
               "SKF_OpenContainer opens a container that was deleted");
}

/// A certificate by its outer form; nobody here looks inside.
Bytes some_certificate(std::uint8_t content) {
  Bytes der(260, content);
  const Bytes head = {0x30, 0x82, 0x01, 0x00};
  std::ranges::copy(head, der.begin());
  return der;
}

void certificates(Bench& bench) {
  HAPPLICATION application = bench.ready_application(bench.connect());
  HCONTAINER container = bench.new_container(application);
  bench.new_key(container);
  const Bytes certificate = some_certificate(0x61);
  Number length;
  bench.expect("SKF_ExportCertificate without a certificate",
               HUTONG_SKF_CALL(bench, SKF_ExportCertificate, container, TRUE, nullptr, length.out()),
               {SAR_CERTNOTFOUNTERR});
  bench.require("SKF_ImportCertificate", HUTONG_SKF_CALL(bench, SKF_ImportCertificate, container, TRUE,
                                                         octets(certificate), length_of(certificate)));
  bench.require("SKF_ExportCertificate without a buffer",
                HUTONG_SKF_CALL(bench, SKF_ExportCertificate, container, TRUE, nullptr, length.out()));
  bench.expect(length.value() == certificate.size(), "SKF_ExportCertificate tells a wrong length");
  Bytes out(certificate.size() + 64, 0xA5);
  Number small(100);
  bench.expect("SKF_ExportCertificate with a buffer that is too small",
               HUTONG_SKF_CALL(bench, SKF_ExportCertificate, container, TRUE, out.data(), small.out()),
               {SAR_BUFFER_TOO_SMALL});
  bench.expect(std::all_of(out.begin() + 100, out.end(), [](BYTE octet) { return octet == 0xA5; }),
               "SKF_ExportCertificate writes beyond a buffer that is too small");
  Number enough(length_of(certificate));
  bench.require("SKF_ExportCertificate",
                HUTONG_SKF_CALL(bench, SKF_ExportCertificate, container, TRUE, out.data(), enough.out()));
  bench.expect(std::equal(certificate.begin(), certificate.end(), out.begin()),
               "SKF_ExportCertificate does not give what was imported");
  bench.expect("SKF_ExportCertificate of the encryption certificate",
               HUTONG_SKF_CALL(bench, SKF_ExportCertificate, container, FALSE, out.data(), length.out()),
               {SAR_CERTNOTFOUNTERR});
}

}  // namespace

std::vector<Check> application_checks() {
  return {
      {"application.life", "7.3", {"应用的建立、打开与删除", "applications come, open and go"}, applications},
      {"file.life", "7.4", {"文件的读写与权限", "files are read and written by their rights"}, files},
      {"container.life",
       "7.5",
       {"容器的建立、类型与删除", "containers come, have a type and go"},
       containers},
      {"container.certificates",
       "7.5.8",
       {"证书的导入与导出", "certificates go in and come out"},
       certificates},
  };
}

}  // namespace hutong::token::conformance
