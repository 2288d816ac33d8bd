# A toolchain file that installs packages into the build directory when a tree is configured, as vcpkg's does: the
# stages install nothing and use the packages of the user's tree.
. "$(dirname "$0")/../lib.sh"
project src
trainings src
cat >>src/CMakeLists.txt <<'END'
find_package(Thing CONFIG REQUIRED)
file(STRINGS "${VCPKG_INSTALLED_DIR}/share/thing/ThingConfig.cmake" config)
file(APPEND "${CMAKE_BINARY_DIR}/found" "${Thing_DIR}")
target_link_libraries(core PUBLIC Thing)
END
cat >tools.cmake <<'END'
option(VCPKG_MANIFEST_INSTALL "Install what the manifest names" ON)
if(KEPT)
  set(VCPKG_INSTALLED_DIR "${CMAKE_BINARY_DIR}/vcpkg_installed" CACHE PATH "")
elseif(NOT VCPKG_INSTALLED_DIR)
  set(VCPKG_INSTALLED_DIR "${CMAKE_BINARY_DIR}/vcpkg_installed")
endif()
get_property(in_try_compile GLOBAL PROPERTY IN_TRY_COMPILE)
if(VCPKG_MANIFEST_INSTALL AND NOT in_try_compile)
  file(WRITE "${VCPKG_INSTALLED_DIR}/share/thing/ThingConfig.cmake" "add_library(Thing INTERFACE)\n")
  file(APPEND "${CMAKE_CURRENT_LIST_DIR}/installs" "${VCPKG_INSTALLED_DIR}\n")
endif()
list(APPEND CMAKE_PREFIX_PATH "${VCPKG_INSTALLED_DIR}")
END
for kept in ON OFF; do
    for type in Release Debug; do
        rm -rf build
        configure src build "-DCMAKE_TOOLCHAIN_FILE=$work/tools.cmake" -DKEPT=$kept -DCMAKE_BUILD_TYPE=$type
        : >installs
        works
        [ ! -s installs ] || fail "installed again: $(cat installs)"
        same "$(cat build/pgo/use/found)" "$work/build/vcpkg_installed/share/thing"
    done
done
