# The warnings every C file of this project is held to, carried by the interface library
# capdo_warnings. CAPDO_WERROR turns them into errors.

add_library(capdo_warnings INTERFACE)

set(capdo_warning_flags
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wformat=2
    -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wpointer-arith -Wcast-qual
    -Wwrite-strings -Wvla -Walloca -Wundef -Wswitch-enum -Wnull-dereference -Wdouble-promotion
    -Wunused-result -Wframe-larger-than=16384)

if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    list(APPEND capdo_warning_flags
        -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wrestrict -Wcast-align=strict
        -Wimplicit-fallthrough=5 -Wjump-misses-init -Wstringop-overflow=4 -Wformat-overflow=2
        -Wformat-truncation=2 -Warith-conversion -Wtrampolines)
elseif(CMAKE_C_COMPILER_ID MATCHES "Clang")
    list(APPEND capdo_warning_flags
        -Wcomma -Wassign-enum -Wover-aligned -Wconditional-uninitialized
        -Wmissing-variable-declarations -Wthread-safety)
endif()

if(CAPDO_WERROR)
    list(APPEND capdo_warning_flags -Werror)
endif()

target_compile_options(capdo_warnings INTERFACE ${capdo_warning_flags})
