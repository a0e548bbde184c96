// The dependency that two test drivers need in different versions, under one name.
extern "C" __attribute__((visibility("default"))) const char* vendor_common_name() {
  return VENDOR_COMMON_NAME;
}
