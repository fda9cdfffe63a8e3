# Two units of one program, one compiled for any x86-64 processor and one for a newer: where both hold a
# weak copy of a function, the linker keeps either. Fails where such a function belongs to the inside of the
# library or to its array calls, whatever it holds today, or where, in the newer unit's copy, it has
# instructions that the plain unit's machine may lack (VEX or EVEX encodings).
# Usage: cmake -DNM=<nm> -DOBJDUMP=<objdump> -DPLAIN=<object> -DNEWER=<object> -P ...
cmake_minimum_required(VERSION 3.24)

function(run out)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE text ERROR_VARIABLE errors RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}:\n${errors}")
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

# Functions that another object's copy can replace, and undefined ones that it can supply.
function(get_replaceable object out)
  run(symbols "${NM}" "${object}")
  string(REGEX MATCHALL " [WwU] [^\n]+" lines "${symbols}")
  list(TRANSFORM lines REPLACE "^ [WwU] " "")
  set(${out} "${lines}" PARENT_SCOPE)
endfunction()

get_replaceable("${PLAIN}" plain)
run(symbols "${NM}" --defined-only --extern-only "${NEWER}")
string(REGEX MATCHALL "[A-Za-z] [^\n]+" lines "${symbols}")
set(shared "")
foreach(line IN LISTS lines)
  if(line MATCHES "^[WT] (.+)$" AND CMAKE_MATCH_1 IN_LIST plain)
    list(APPEND shared "${CMAKE_MATCH_1}")
  endif()
endforeach()

# The newer unit's functions that hold newer instructions: of the disassembly grep leaves the head lines of
# functions ("<name>:") and those instructions, so that such a function is a head followed by an instruction.
set(newer_instruction "\t(v[a-z0-9]+) |%[yz]mm|%xmm(1[6-9]|2[0-9]|3[01])|%k[0-7]")
execute_process(COMMAND "${OBJDUMP}" -d --no-show-raw-insn "${NEWER}"
                COMMAND grep -E "^[0-9a-f]+ <.*>:$|${newer_instruction}"
                OUTPUT_VARIABLE text RESULTS_VARIABLE results ERROR_VARIABLE errors)
if(NOT results STREQUAL "0;0")
  message(FATAL_ERROR "Cannot disassemble ${NEWER}:\n${errors}")
endif()
string(REGEX MATCHALL "<[^>\n]+>:\n +[0-9a-f]+:" newer_functions "${text}")
list(TRANSFORM newer_functions REPLACE "^<([^>]+)>:.*" "\\1")
if(NOT newer_functions)
  message(FATAL_ERROR "${NEWER} has no newer instruction at all: this test would prove nothing")
endif()

set(array_code "^_ZNK?8narrowfp2v0(4core|7formats|6blocks|11scale_rules|7kernels|8dispatch|4pack|6unpack|8quantize|10dequantize|3dot|9dot_block|21matrix_vector_product|14matrix_product)")
set(newer_code "")
foreach(symbol IN LISTS shared)
  if(symbol MATCHES "${array_code}" OR symbol IN_LIST newer_functions)
    run(name c++filt "${symbol}")
    string(STRIP "${name}" name)
    list(APPEND newer_code "${name}")
  endif()
endforeach()

list(LENGTH shared shared_count)
if(newer_code)
  list(JOIN newer_code "\n  " newer_code)
  message(FATAL_ERROR "The plain unit may run the newer unit's copy of:\n  ${newer_code}")
endif()
message(STATUS "None of the ${shared_count} functions that both units can share has newer instructions")
