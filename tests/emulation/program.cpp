// Compares every kernel of this processor family's instruction sets with the scalar path, on inputs few
// enough for an emulated processor. Without GoogleTest: linked statically, it runs where nothing is
// installed.
//
//   emulation_program                 by each set that this machine has
//   emulation_program --sets=A,B,...  by these; one that this machine lacks is an error
//   emulation_program --list          prints the sets that this machine has
//
// --emulated as the second argument: what Bochs 2.7 is known to do otherwise than processors is let pass.
//
// Exit status 0: all bytes are those of the scalar path. 1: some are not. 2: wrong use, or a set is missing.
// 77: without --sets, on a machine that has none.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "sections.hpp"
#include "support/instruction_sets.hpp"

namespace {

using narrowfp::isa;

std::string names(const std::vector<isa>& sets) {
  std::string text;
  for (const isa use : sets) {
    text += std::string(text.empty() ? "" : ", ") + narrowfp::isa_name(use);
  }
  return text.empty() ? "none" : text;
}

isa set_named(const std::string& name) {
  for (const isa use : support::family_isas()) {
    if (name == narrowfp::isa_name(use)) {
      return use;
    }
  }
  throw std::invalid_argument("--sets names " + name + "; there are " + names(support::family_isas()));
}

std::vector<isa> sets_named(const std::string& list) {
  std::vector<isa> sets;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    sets.push_back(set_named(list.substr(begin, end - begin)));
    begin = end + 1;
  }
  return sets;
}

/// Asks the dispatcher what it makes of each set: a call by it must not run another in its place.
void require_selected(const std::vector<isa>& sets) {
  for (const isa use : sets) {
    if (narrowfp::dispatch::resolve("emulation_program", use) != use) {
      throw std::logic_error(std::string("calls by ") + narrowfp::isa_name(use) + " are made by another set");
    }
  }
}

int run(const std::vector<isa>& sets, bool is_emulated) {
  require_selected(sets);
  emulation::comparison comparison(sets, is_emulated);
  const struct {
    const char* name;
    void (*compare)(emulation::comparison&);
  } sections[] = {
      {"values", emulation::compare_values},          {"other sources", emulation::compare_other_sources},
      {"blocks", emulation::compare_blocks},          {"matrices", emulation::compare_matrices},
      {"hadamard", emulation::compare_hadamard},      {"products", emulation::compare_products},
      {"long arrays", emulation::compare_long_arrays}};
  for (const auto& section : sections) {
    const std::uint64_t compared = comparison.compared();
    const std::uint64_t differences = comparison.differences();
    const std::time_t began = std::time(nullptr);
    section.compare(comparison);
    std::printf("%-14s %10llu elements compared, %llu calls differ, %d s\n", section.name,
                static_cast<unsigned long long>(comparison.compared() - compared),
                static_cast<unsigned long long>(comparison.differences() - differences),
                static_cast<int>(std::time(nullptr) - began));
    std::fflush(stdout);
  }
  std::printf("%s: %llu elements by %s, against the scalar path\n",
              comparison.differences() == 0 ? "EQUAL" : "DIFFERENT",
              static_cast<unsigned long long>(comparison.compared()), names(sets).c_str());
  return comparison.differences() == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  try {
    const std::vector<isa> here = support::available_vector_isas();
    const std::string argument = count > 1 ? arguments[1] : "";
    const bool is_emulated = count == 3 && std::strcmp(arguments[2], "--emulated") == 0;
    if (count > (is_emulated ? 3 : 2) ||
        (!argument.empty() && argument != "--list" && argument.rfind("--sets=", 0) != 0)) {
      throw std::invalid_argument("usage: emulation_program [--list | --sets=SET,... [--emulated]]");
    }
    if (argument == "--list") {
      for (const isa use : here) {
        std::printf("%s\n", narrowfp::isa_name(use));
      }
      return 0;
    }
    if (!argument.empty()) {
      return run(sets_named(argument.substr(std::strlen("--sets="))), is_emulated);
    }
    std::vector<isa> missing;
    for (const isa use : support::family_isas()) {
      if (!narrowfp::isa_available(use)) {
        missing.push_back(use);
      }
    }
    std::printf("this machine has: %s; not run here: %s\n", names(here).c_str(), names(missing).c_str());
    return here.empty() ? 77 : run(here, false);
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
    return 2;
  }
}
