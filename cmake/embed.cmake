# pgo_embed(<out>): writes the header that makes the runtime's sources part of the driver.
function(pgo_embed out)
  get_filename_component(runtime "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../runtime" ABSOLUTE)
  file(
    GLOB names
    RELATIVE "${runtime}"
    "${runtime}/*.c"
  )
  set(RUNTIME_TEXT "")
  foreach(name IN LISTS names)
    file(READ "${runtime}/${name}" text)
    string(REPLACE "\\" "\\\\" text "${text}")
    string(REPLACE "\"" "\\\"" text "${text}")
    string(REPLACE "\n" "\\n\"\n\"" text "${text}")
    string(APPEND RUNTIME_TEXT "{\"${name}\", \"${text}\"},\n")
  endforeach()
  configure_file("${runtime}/text.h.in" "${out}" @ONLY)
endfunction()
