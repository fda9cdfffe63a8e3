# Runs a program that must abort, after saying on stderr what was wrong.
# Usage: cmake -DPROGRAM=<path> -DEXPECT=<regex,regex,...> -P check_aborts.cmake
cmake_minimum_required(VERSION 3.24)

execute_process(COMMAND "${PROGRAM}" RESULT_VARIABLE result ERROR_VARIABLE errors)
if(NOT result MATCHES "[Aa]bort|134|SIGABRT")
  message(FATAL_ERROR "The program did not abort; result: ${result}\n${errors}")
endif()
string(REPLACE "," ";" expected "${EXPECT}")
foreach(pattern IN LISTS expected)
  if(NOT errors MATCHES "${pattern}")
    message(FATAL_ERROR "The message does not name '${pattern}':\n${errors}")
  endif()
endforeach()
