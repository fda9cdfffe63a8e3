# A project that takes narrowfp in gets the library and nothing else: no tests, benchmarks or examples, no
# install rules, no flags.
get_property(targets DIRECTORY "${NARROWFP_SOURCE}" PROPERTY BUILDSYSTEM_TARGETS)
if(NOT targets STREQUAL "narrowfp")
  message(FATAL_ERROR "narrowfp brings targets of its own: ${targets}")
endif()
get_property(folders DIRECTORY "${NARROWFP_SOURCE}" PROPERTY SUBDIRECTORIES)
if(folders)
  message(FATAL_ERROR "narrowfp brings folders of its own: ${folders}")
endif()
get_target_property(options narrowfp INTERFACE_COMPILE_OPTIONS)
if(options)
  message(FATAL_ERROR "narrowfp brings compile options: ${options}")
endif()
