set(object_sources report.cc)
set(object_tests)
