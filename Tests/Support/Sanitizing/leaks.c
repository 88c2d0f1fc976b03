// Tells the leak sanitizer of what is not ours: XCTest keeps its last objects when the process ends.

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void) { return "leak:libXCTest.so\n"; }
#endif
#endif
