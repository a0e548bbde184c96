#include "token/software/test_token.h"

namespace hutong::token::test {
namespace {

using Applications = TokenTest;
using Files = TokenTest;
using Containers = TokenTest;

TEST_F(Applications, AreMadeListedOpenedAndDeleted) {
  authenticate();
  create_application("银行应用");
  create_application("app");
  const auto list = [&](LPSTR names, ULONG* length) {
    return skf().SKF_EnumApplication(device_, names, length);
  };
  EXPECT_EQ(names_of(list), (std::vector<std::string>{"app", "银行应用"}));
  HAPPLICATION application = nullptr;
  EXPECT_EQ(skf().SKF_OpenApplication(device_, text("银行应用"), &application), SAR_OK);
  EXPECT_EQ(skf().SKF_OpenApplication(device_, text("none"), &application), SAR_APPLICATION_NOT_EXISTS);
  EXPECT_EQ(skf().SKF_OpenApplication(device_, text(""), &application), SAR_APPLICATION_NAME_INVALID);
  EXPECT_EQ(skf().SKF_DeleteApplication(device_, text("app")), SAR_OK);
  EXPECT_EQ(skf().SKF_DeleteApplication(device_, text("app")), SAR_APPLICATION_NOT_EXISTS);
  EXPECT_EQ(names_of(list), (std::vector<std::string>{"银行应用"}));
}

TEST_F(Applications, AreRefusedWithWrongParameters) {
  authenticate();
  HAPPLICATION application = nullptr;
  const auto create = [&](const char* name, const char* admin, ULONG admin_tries, const char* user,
                          ULONG user_tries, ULONG rights) {
    return skf().SKF_CreateApplication(device_, text(name), text(admin), admin_tries, text(user), user_tries,
                                       rights, &application);
  };
  EXPECT_EQ(create("", kAdminPin, 3, kUserPin, 3, 0), SAR_APPLICATION_NAME_INVALID);
  EXPECT_EQ(create(std::string(65, 'a').c_str(), kAdminPin, 3, kUserPin, 3, 0), SAR_APPLICATION_NAME_INVALID);
  EXPECT_EQ(create("a", "short", 3, kUserPin, 3, 0), SAR_PIN_LEN_RANGE);
  EXPECT_EQ(create("a", kAdminPin, 3, "12345678901234567", 3, 0), SAR_PIN_LEN_RANGE);
  EXPECT_EQ(create("a", kAdminPin, 0, kUserPin, 3, 0), SAR_INVALIDPARAMERR);
  EXPECT_EQ(create("a", kAdminPin, 3, kUserPin, 11, 0), SAR_INVALIDPARAMERR);  // GM/T 0027: at most ten
  EXPECT_EQ(create("a", kAdminPin, 3, kUserPin, 3, 0x02), SAR_INVALIDPARAMERR);
  EXPECT_EQ(create("a", nullptr, 3, kUserPin, 3, 0), SAR_INVALIDPARAMERR);
  EXPECT_EQ(create(std::string(64, 'a').c_str(), kAdminPin, 1, kUserPin, 10, SECURE_ANYONE_ACCOUNT), SAR_OK);
  EXPECT_EQ(create(std::string(64, 'a').c_str(), kAdminPin, 1, kUserPin, 10, 0), SAR_APPLICATION_EXISTS);
}

TEST_F(Applications, AnotherOneOfTheSameNameInheritsNothing) {
  HAPPLICATION first = ready();
  ASSERT_EQ(skf().SKF_DeleteApplication(device_, text("app")), SAR_OK);
  HAPPLICATION second = create_application();
  HCONTAINER made = nullptr;
  EXPECT_EQ(skf().SKF_CreateContainer(second, text("c1"), &made), SAR_USER_NOT_LOGGED_IN);
  EXPECT_EQ(skf().SKF_CreateContainer(first, text("c1"), &made), SAR_APPLICATION_NOT_EXISTS);
}

TEST_F(Files, HoldWhatWasWritten) {
  HAPPLICATION application = ready();
  ASSERT_EQ(
      skf().SKF_CreateFile(application, text("seal.esl"), 100, SECURE_USER_ACCOUNT, SECURE_USER_ACCOUNT),
      SAR_OK);
  EXPECT_EQ(skf().SKF_CreateFile(application, text("seal.esl"), 1, 0, 0), SAR_FILE_ALREADY_EXIST);
  const Bytes data = {1, 2, 3, 4, 5};
  EXPECT_EQ(skf().SKF_WriteFile(application, text("seal.esl"), 95, octets(data), 5), SAR_OK);
  EXPECT_EQ(skf().SKF_WriteFile(application, text("seal.esl"), 96, octets(data), 5), SAR_INDATALENERR);
  EXPECT_EQ(skf().SKF_WriteFile(application, text("none"), 0, octets(data), 5), SAR_FILE_NOT_EXIST);
  BYTE out[200] = {};
  ULONG length = sizeof out;
  EXPECT_EQ(skf().SKF_ReadFile(application, text("seal.esl"), 94, 200, out, &length), SAR_OK);
  EXPECT_EQ(Bytes(out, out + length), (Bytes{0, 1, 2, 3, 4, 5}));
  length = 3;
  EXPECT_EQ(skf().SKF_ReadFile(application, text("seal.esl"), 94, 5, out, &length), SAR_BUFFER_TOO_SMALL);
  EXPECT_EQ(length, 5U);
  EXPECT_EQ(skf().SKF_ReadFile(application, text("seal.esl"), 101, 5, out, &length), SAR_INVALIDPARAMERR);
  EXPECT_EQ(skf().SKF_ReadFile(application, text("none"), 0, 5, out, &length), SAR_FILE_NOT_EXIST);
}

TEST_F(Files, AreDescribedAndListed) {
  HAPPLICATION application = ready();
  const std::string longest(32, 'f');
  ASSERT_EQ(skf().SKF_CreateFile(application, text(longest.c_str()), 7, SECURE_ANYONE_ACCOUNT, 0x11), SAR_OK);
  EXPECT_EQ(skf().SKF_CreateFile(application, text(std::string(33, 'f').c_str()), 7, 0, 0), SAR_NAMELENERR);
  EXPECT_EQ(skf().SKF_CreateFile(application, text("b"), 7, 0x03, 0), SAR_INVALIDPARAMERR);
  EXPECT_EQ(skf().SKF_CreateFile(application, text("b"), 0x7FFFFFFF, 0, 0), SAR_NO_ROOM);
  FILEATTRIBUTE attributes{};
  ASSERT_EQ(skf().SKF_GetFileInfo(application, text(longest.c_str()), &attributes), SAR_OK);
  EXPECT_EQ(std::string(attributes.FileName, 32), longest);
  EXPECT_EQ(attributes.FileSize, 7U);
  EXPECT_EQ(attributes.ReadRights, SECURE_ANYONE_ACCOUNT);
  EXPECT_EQ(attributes.WriteRights, 0x11U);
  EXPECT_EQ(skf().SKF_GetFileInfo(application, text("none"), &attributes), SAR_FILE_NOT_EXIST);
  const auto list = [&](LPSTR names, ULONG* length) {
    return skf().SKF_EnumFiles(application, names, length);
  };
  EXPECT_EQ(names_of(list), (std::vector<std::string>{longest}));
  EXPECT_EQ(skf().SKF_DeleteFile(application, text(longest.c_str())), SAR_OK);
  EXPECT_EQ(skf().SKF_DeleteFile(application, text(longest.c_str())), SAR_FILE_NOT_EXIST);
  EXPECT_TRUE(names_of(list).empty());
}

TEST_F(Files, ObeyTheirRights) {
  HAPPLICATION application = ready();
  const auto make = [&](const char* name, ULONG read, ULONG write) {
    ASSERT_EQ(skf().SKF_CreateFile(application, text(name), 4, read, write), SAR_OK);
  };
  make("user", SECURE_USER_ACCOUNT, SECURE_USER_ACCOUNT);
  make("admin", SECURE_ADM_ACCOUNT, SECURE_ADM_ACCOUNT);
  make("open", SECURE_ANYONE_ACCOUNT, SECURE_ANYONE_ACCOUNT);
  make("never", SECURE_USER_ACCOUNT, SECURE_NEVER_ACCOUNT);
  BYTE data[4] = {1, 2, 3, 4};
  const auto write = [&](const char* name) {
    return skf().SKF_WriteFile(application, text(name), 0, data, 4);
  };
  const auto read = [&](const char* name) {
    ULONG length = sizeof data;
    return skf().SKF_ReadFile(application, text(name), 0, 4, data, &length);
  };
  EXPECT_EQ(write("user"), SAR_OK);
  EXPECT_EQ(write("admin"), SAR_USER_NOT_LOGGED_IN);
  EXPECT_EQ(write("open"), SAR_OK);
  EXPECT_EQ(write("never"), SAR_FILEATTRIBUTEERR);
  EXPECT_EQ(read("never"), SAR_OK);
  ASSERT_EQ(skf().SKF_ClearSecureState(application), SAR_OK);
  EXPECT_EQ(read("user"), SAR_USER_NOT_LOGGED_IN);
  EXPECT_EQ(write("user"), SAR_USER_NOT_LOGGED_IN);
  EXPECT_EQ(read("open"), SAR_OK);
  EXPECT_EQ(write("open"), SAR_OK);
  EXPECT_EQ(skf().SKF_CreateFile(application, text("late"), 4, 0xFF, 0xFF), SAR_USER_NOT_LOGGED_IN);
  EXPECT_EQ(skf().SKF_DeleteFile(application, text("open")), SAR_USER_NOT_LOGGED_IN);
  ASSERT_EQ(log_in(application, kAdminPin, ADMIN_TYPE), SAR_OK);
  EXPECT_EQ(write("admin"), SAR_OK);
  EXPECT_EQ(read("admin"), SAR_OK);
  EXPECT_EQ(read("user"), SAR_USER_NOT_LOGGED_IN);
}

TEST_F(Containers, AreMadeListedOpenedAndDeleted) {
  HAPPLICATION application = ready();
  HCONTAINER first = container(application, "first");
  container(application, "second");
  HCONTAINER opened = nullptr;
  EXPECT_EQ(skf().SKF_CreateContainer(application, text("first"), &opened), SAR_CONTAINER_EXISTS);
  EXPECT_EQ(skf().SKF_CreateContainer(application, text(std::string(65, 'c').c_str()), &opened),
            SAR_NAMELENERR);
  EXPECT_EQ(skf().SKF_OpenContainer(application, text("none"), &opened), SAR_CONTAINER_NOT_EXISTS);
  EXPECT_EQ(skf().SKF_OpenContainer(application, text("first"), &opened), SAR_OK);
  const auto list = [&](LPSTR names, ULONG* length) {
    return skf().SKF_EnumContainer(application, names, length);
  };
  EXPECT_EQ(names_of(list), (std::vector<std::string>{"first", "second"}));
  ULONG type = 9;
  EXPECT_EQ(skf().SKF_GetContainerType(first, &type), SAR_OK);
  EXPECT_EQ(type, CONTAINER_TYPE_UNDEFINED);
  ECCPUBLICKEYBLOB key{};
  EXPECT_EQ(skf().SKF_GenECCKeyPair(first, SGD_SM2_1, &key), SAR_OK);
  EXPECT_EQ(skf().SKF_GetContainerType(opened, &type), SAR_OK);
  EXPECT_EQ(type, CONTAINER_TYPE_ECC);
  EXPECT_EQ(skf().SKF_CloseContainer(opened), SAR_OK);
  EXPECT_EQ(skf().SKF_CloseContainer(opened), SAR_INVALIDHANDLEERR);
  EXPECT_EQ(skf().SKF_DeleteContainer(application, text("first")), SAR_OK);
  EXPECT_EQ(skf().SKF_DeleteContainer(application, text("first")), SAR_CONTAINER_NOT_EXISTS);
  EXPECT_EQ(skf().SKF_GetContainerType(first, &type), SAR_CONTAINER_NOT_EXISTS);
}

TEST_F(Containers, EndAtTheirNumber) {
  HAPPLICATION application = ready();
  HCONTAINER made = nullptr;
  ULONG result = SAR_OK;
  int count = 0;
  for (; result == SAR_OK && count < 100; ++count) {
    result = skf().SKF_CreateContainer(application, text(("c" + std::to_string(count)).c_str()), &made);
  }
  EXPECT_EQ(result, SAR_REACH_MAX_CONTAINER_COUNT);
  EXPECT_EQ(count, 65);
}

TEST_F(Containers, HoldTwoCertificates) {
  HAPPLICATION application = ready();
  HCONTAINER pair = container(application);
  Bytes certificate(300, 0x11);
  std::copy_n(Bytes{0x30, 0x82, 0x01, 0x28}.begin(), 4, certificate.begin());
  BYTE out[400];
  ULONG length = sizeof out;
  EXPECT_EQ(skf().SKF_ExportCertificate(pair, TRUE, out, &length), SAR_CERTNOTFOUNTERR);
  EXPECT_EQ(skf().SKF_ImportCertificate(pair, TRUE, certificate.data(), 299), SAR_INDATAERR);
  EXPECT_EQ(skf().SKF_ImportCertificate(pair, TRUE, certificate.data(), 300), SAR_OK);
  EXPECT_EQ(skf().SKF_ExportCertificate(pair, FALSE, out, &length), SAR_CERTNOTFOUNTERR);
  certificate.back() = 0x22;
  EXPECT_EQ(skf().SKF_ImportCertificate(pair, FALSE, certificate.data(), 300), SAR_OK);
  ASSERT_EQ(skf().SKF_ClearSecureState(application), SAR_OK);  // reading needs no PIN
  EXPECT_EQ(skf().SKF_ExportCertificate(pair, TRUE, nullptr, &length), SAR_OK);
  EXPECT_EQ(length, 300U);
  EXPECT_EQ(skf().SKF_ExportCertificate(pair, TRUE, out, &length), SAR_OK);
  EXPECT_EQ(out[299], 0x11);
  EXPECT_EQ(skf().SKF_ExportCertificate(pair, FALSE, out, &length), SAR_OK);
  EXPECT_EQ(out[299], 0x22);
  length = 299;
  EXPECT_EQ(skf().SKF_ExportCertificate(pair, TRUE, out, &length), SAR_BUFFER_TOO_SMALL);
  EXPECT_EQ(skf().SKF_ImportCertificate(pair, TRUE, certificate.data(), 300), SAR_USER_NOT_LOGGED_IN);
}

}  // namespace
}  // namespace hutong::token::test
