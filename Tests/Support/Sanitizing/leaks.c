// Turns off the search for leaks at the end of a process that the address sanitizer watches.
//
// It finds what is still in use by looking for pointers, and Swift keeps marks in the unused bits of
// pointers to the boxes of indirect enumerations: whatever a global value such as a JSON schema holds
// looks lost. Memory that grows is found by the endurance tests, which watch the size of the process.

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
const char *__asan_default_options(void);

const char *__asan_default_options(void) { return "detect_leaks=0"; }
#endif
#endif
