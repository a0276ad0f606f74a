# SPDX-License-Identifier: Apache-2.0
# The two builds of Wasmtime, as imported targets `wasmtime_runtime` (no compiler) and
# `wasmtime_compiler`, for the C library this preset uses. See deps/README.md.
#
# SWEBASH_WASMTIME_DIR holds {runtime,compiler}-{musl,gnu}/{lib/libswebash_wasmtime.a,include/}.

if(NOT SWEBASH_WASMTIME_DIR)
  include(${PROJECT_SOURCE_DIR}/build/.sbh/setup.cmake OPTIONAL)
  set(SWEBASH_WASMTIME_DIR "${SWEBASH_SETUP_WASMTIME_DIR}" CACHE PATH "" FORCE)
endif()

if(SWEBASH_MUSL)
  set(swebash_wasmtime_libc musl)
else()
  set(swebash_wasmtime_libc gnu)
endif()

foreach(flavour runtime compiler)
  set(dir ${SWEBASH_WASMTIME_DIR}/${flavour}-${swebash_wasmtime_libc})
  if(SWEBASH_WASMTIME_DIR AND EXISTS ${dir}/lib/libswebash_wasmtime.a)
    add_library(wasmtime_${flavour} STATIC IMPORTED GLOBAL)
    set_target_properties(wasmtime_${flavour} PROPERTIES
      IMPORTED_LOCATION ${dir}/lib/libswebash_wasmtime.a
      INTERFACE_INCLUDE_DIRECTORIES ${dir}/include)
    # modcache refers to these weakly, since another Wasmtime lacks them; that alone takes nothing out
    # of an archive.
    foreach(function engine_new config_backtrace_frames_set config_max_wasm_stack_set
                     module_deserialize_fd)
      set_property(TARGET wasmtime_${flavour} APPEND PROPERTY
        INTERFACE_LINK_OPTIONS "LINKER:-u,swebash_wasmtime_${function}")
    endforeach()
    if(NOT SWEBASH_MUSL)
      find_package(Threads REQUIRED)
      set_property(TARGET wasmtime_${flavour} PROPERTY
        INTERFACE_LINK_LIBRARIES "Threads::Threads;m;dl;rt")
    endif()
  endif()
endforeach()
