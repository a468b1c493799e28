# Libraries of Debian 12 that the server is linked with; docs/dependencies.md says why each is here.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

pkg_check_modules(MICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd>=0.9.75)
pkg_check_modules(PQ REQUIRED IMPORTED_TARGET libpq>=15)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson>=2.14)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium>=1.0.18)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl>=7.88)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto>=3.0)
pkg_check_modules(ZIP REQUIRED IMPORTED_TARGET libzip>=1.7)
pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET expat>=2.5)
pkg_check_modules(FIDO REQUIRED IMPORTED_TARGET libfido2>=1.12)
pkg_check_modules(OATH REQUIRED IMPORTED_TARGET liboath>=2.6.7)
pkg_check_modules(SYSTEMD IMPORTED_TARGET libsystemd)

# libunistring ships no .pc file.
find_library(UNISTRING_LIBRARY unistring REQUIRED)
find_path(UNISTRING_INCLUDE_DIR uninorm.h REQUIRED)
add_library(capdo_unistring INTERFACE)
target_include_directories(capdo_unistring SYSTEM INTERFACE "${UNISTRING_INCLUDE_DIR}")
target_link_libraries(capdo_unistring INTERFACE "${UNISTRING_LIBRARY}")

# With libsystemd the server tells the service manager when it is ready; without it, it just runs.
add_library(capdo_systemd INTERFACE)
if(SYSTEMD_FOUND)
    target_link_libraries(capdo_systemd INTERFACE PkgConfig::SYSTEMD)
    target_compile_definitions(capdo_systemd INTERFACE CAPDO_HAVE_SYSTEMD=1)
else()
    target_compile_definitions(capdo_systemd INTERFACE CAPDO_HAVE_SYSTEMD=0)
endif()
