# How the code is compiled besides warnings: hardening, sanitizers, coverage, fuzzing.
# Carried by the interface library capdo_build, which every target of this project links.
#
#   CAPDO_SANITIZE   empty, "address" (with undefined behaviour and leaks) or "thread"
#   CAPDO_COVERAGE   gcov counters, updated atomically because workers share them
#   CAPDO_FUZZ       clang with libFuzzer, address and undefined behaviour sanitizers
#   CAPDO_HARDEN     the release flags

add_library(capdo_build INTERFACE)
target_link_libraries(capdo_build INTERFACE capdo_warnings)
target_compile_definitions(capdo_build INTERFACE _GNU_SOURCE)
# Paths of the machine that built the program do not belong in it.
target_compile_options(capdo_build INTERFACE -fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=)

if(CAPDO_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "CAPDO_FUZZ needs clang (use the preset `fuzz`)")
    endif()
    set(capdo_instrument_flags -fsanitize=fuzzer-no-link,address,undefined
        -fno-sanitize-recover=all -fno-omit-frame-pointer)
elseif(CAPDO_SANITIZE STREQUAL "address")
    # Without no-recover an overflow is printed and the test still passes.
    set(capdo_instrument_flags -fsanitize=address,undefined -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
elseif(CAPDO_SANITIZE STREQUAL "thread")
    set(capdo_instrument_flags -fsanitize=thread -fno-omit-frame-pointer)
elseif(CAPDO_SANITIZE)
    message(FATAL_ERROR "CAPDO_SANITIZE is `${CAPDO_SANITIZE}`; it may be empty, address or thread")
endif()

if(capdo_instrument_flags)
    target_compile_options(capdo_build INTERFACE ${capdo_instrument_flags})
    target_link_options(capdo_build INTERFACE ${capdo_instrument_flags})
endif()

if(CAPDO_COVERAGE)
    target_compile_options(capdo_build INTERFACE --coverage -fprofile-update=atomic)
    target_link_options(capdo_build INTERFACE --coverage)
endif()

if(CAPDO_HARDEN)
    target_compile_options(capdo_build INTERFACE
        -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection
        -fcf-protection=full -fPIE -ftrivial-auto-var-init=zero -fno-strict-overflow
        -fno-delete-null-pointer-checks -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
    target_link_options(capdo_build INTERFACE
        -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,-z,separate-code)
endif()
