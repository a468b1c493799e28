# Layers of server/: each folder is one static library that can include only what lies below it.
#
# For every layer a tree of symbolic links is made in <build>/layers/<layer>/, holding one link per
# folder that layer may see. That tree is the only include path of the layer, so
# `#include "db/db.h"` in server/rules/ does not compile. Link dependencies follow the same list.

# capdo_layer_tree(<layer> <ret_dir> [folder...]) makes the tree and returns its path.
function(capdo_layer_tree layer ret_dir)
    set(tree "${CMAKE_BINARY_DIR}/layers/${layer}")
    file(MAKE_DIRECTORY "${tree}")
    # A link left from an older list of folders would keep a forbidden layer visible.
    file(GLOB links RELATIVE "${tree}" LIST_DIRECTORIES true "${tree}/*")
    foreach(link IN LISTS links)
        if(NOT link IN_LIST ARGN)
            file(REMOVE "${tree}/${link}")
        endif()
    endforeach()
    foreach(folder IN LISTS ARGN)
        file(CREATE_LINK "${CMAKE_SOURCE_DIR}/server/${folder}" "${tree}/${folder}" SYMBOLIC)
    endforeach()
    set(${ret_dir} "${tree}" PARENT_SCOPE)
endfunction()

# capdo_layer(<name> BELOW <layer>... LIBRARIES <target>...) defines the library capdo_<name> from
# server/<name>/*.c and sets capdo_<name>_tree for the tests of that layer.
function(capdo_layer name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "BELOW;LIBRARIES")
    capdo_layer_tree(${name} tree ${arg_BELOW} ${name})
    set(capdo_${name}_tree "${tree}" PARENT_SCOPE)

    set(links ${arg_LIBRARIES})
    foreach(layer IN LISTS arg_BELOW)
        list(APPEND links capdo_${layer})
    endforeach()

    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/server/${name}/*.c")
    if(sources)
        add_library(capdo_${name} STATIC ${sources})
        target_include_directories(capdo_${name} PRIVATE "${tree}")
        target_link_libraries(capdo_${name} PRIVATE capdo_build PUBLIC ${links})
    else()
        add_library(capdo_${name} INTERFACE)
        target_link_libraries(capdo_${name} INTERFACE ${links})
    endif()
endfunction()
