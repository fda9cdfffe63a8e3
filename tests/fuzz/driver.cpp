// Runs a fuzz target without libFuzzer: over a corpus, then over random inputs and altered corpus inputs, the
// same ones every time.
//
//   fuzz_<target> CORPUS [--inputs=N] [--seed=S]    each line of CORPUS is an input in hexadecimal
//   fuzz_<target> CORPUS --expand=FOLDER            one file an input, as libFuzzer wants them
//   fuzz_<target> FILE...                           inputs as libFuzzer keeps them
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include "fuzz.hpp"

namespace {

using input = std::vector<std::uint8_t>;

std::vector<input> read_corpus(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    throw std::runtime_error("cannot read " + path);
  }
  std::vector<input> corpus;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') {
      continue;
    }
    input bytes;
    for (std::size_t i = 0; i + 1 < line.size(); i += 2) {
      bytes.push_back(static_cast<std::uint8_t>(std::stoul(line.substr(i, 2), nullptr, 16)));
    }
    corpus.push_back(bytes);
  }
  return corpus;
}

input read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Random bytes, or an input of the corpus with some bytes altered, removed or repeated.
input next_input(const std::vector<input>& corpus, std::mt19937_64& random) {
  input bytes;
  if (corpus.empty() || random() % 2 == 0) {
    bytes.resize(random() % 400);
    for (std::uint8_t& byte : bytes) {
      byte = static_cast<std::uint8_t>(random());
    }
    return bytes;
  }
  bytes = corpus[random() % corpus.size()];
  for (std::uint64_t change = random() % 8; change-- > 0 && !bytes.empty();) {
    const std::size_t place = random() % bytes.size();
    switch (random() % 4) {
      case 0:
        bytes[place] = static_cast<std::uint8_t>(random());
        break;
      case 1:
        bytes[place] ^= static_cast<std::uint8_t>(1U << random() % 8);
        break;
      case 2:
        bytes.resize(place);
        break;
      default:
        bytes.insert(bytes.end(), bytes.begin() + static_cast<std::ptrdiff_t>(place), bytes.end());
        bytes.resize(std::min<std::size_t>(bytes.size(), 4096));
    }
  }
  return bytes;
}

/// Whether the target held; else the input is shown as a line for the corpus.
bool run(const input& bytes) {
  try {
    fuzz_one(bytes);
    return true;
  } catch (const std::exception& error) {
    std::printf("wrong: %s\ninput: ", error.what());
    for (const std::uint8_t byte : bytes) {
      std::printf("%02x", byte);
    }
    std::printf("\n");
    return false;
  }
}

std::uint64_t number_after(std::string_view argument, std::string_view option) {
  return std::stoull(std::string(argument.substr(option.size())));
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t random_inputs = 0;
  std::uint64_t seed = 1;
  std::string folder;
  std::vector<input> corpus;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with("--inputs=")) {
      random_inputs = number_after(argument, "--inputs=");
    } else if (argument.starts_with("--seed=")) {
      seed = number_after(argument, "--seed=");
    } else if (argument.starts_with("--expand=")) {
      folder = argument.substr(9);
    } else if (argument.ends_with(".txt")) {
      corpus = read_corpus(std::string(argument));
    } else {
      corpus.push_back(read_file(std::string(argument)));
    }
  }
  if (!folder.empty()) {
    std::filesystem::create_directories(folder);
    for (std::size_t i = 0; i < corpus.size(); ++i) {
      std::ofstream(folder + "/seed" + std::to_string(i), std::ios::binary)
          .write(reinterpret_cast<const char*>(corpus[i].data()),
                 static_cast<std::streamsize>(corpus[i].size()));
    }
    return 0;
  }
  unsigned long long failures = 0;
  for (const input& bytes : corpus) {
    failures += run(bytes) ? 0U : 1U;
  }
  std::mt19937_64 random(seed);
  for (std::uint64_t i = 0; i < random_inputs && failures < 8; ++i) {
    failures += run(next_input(corpus, random)) ? 0U : 1U;
  }
  std::printf("%zu inputs of the corpus and %llu random ones, %llu wrong\n", corpus.size(),
              static_cast<unsigned long long>(random_inputs), failures);
  return failures == 0 && (!corpus.empty() || random_inputs != 0) ? 0 : 1;
}
