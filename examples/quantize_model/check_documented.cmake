# Fails if the demo no longer writes the tables and the chart that the documentation shows.
# Usage: cmake -D PROGRAM=quantize_model -D CSV=<kept table> -D PRODUCTS=<kept table of products>
#          -D SVG=<kept chart> -P check_documented.cmake
cmake_minimum_required(VERSION 3.24)
set(written "${CMAKE_CURRENT_BINARY_DIR}/quantize_model_documented")
execute_process(COMMAND "${PROGRAM}" --csv "${written}.csv" --products "${written}_products.csv"
                        --svg "${written}.svg"
                RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE error)
set(kinds CSV PRODUCTS SVG)
set(ends .csv _products.csv .svg)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} failed:\n${error}")
endif()
foreach(kind end IN ZIP_LISTS kinds ends)
  file(READ "${written}${end}" now)
  file(READ "${${kind}}" kept)
  if(NOT now STREQUAL kept)
    message(SEND_ERROR "${${kind}} is out of date; write it anew:\n"
                       "${PROGRAM} --csv ${CSV} --products ${PRODUCTS} --svg ${SVG}\nand then build the target docs")
  endif()
endforeach()
