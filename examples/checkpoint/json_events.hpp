// JSON read as a sequence of events: nothing is built for what is not wanted, depth costs no stack, and a
// handler sees every key, repeated ones too. The parsing is nlohmann-json's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "failure.hpp"

namespace checkpoint {

/// Rejects everything; a derived class accepts what it expects. Messages begin with the file's name.
class json_events : public nlohmann::json_sax<nlohmann::json> {
 public:
  json_events(std::string_view file, std::string_view part) : file_(file), part_(part) {}

  bool null() override { reject("null"); }
  bool boolean(bool) override { reject("true or false"); }
  bool number_integer(number_integer_t) override { reject("a negative number"); }
  bool number_unsigned(number_unsigned_t) override { reject("a number"); }
  bool number_float(number_float_t, const string_t&) override { reject("a number that is not a whole one"); }
  bool string(string_t&) override { reject("a string"); }
  bool binary(binary_t&) override { reject("binary data"); }
  bool start_object(std::size_t) override { reject("an object"); }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { reject("an array"); }
  bool end_array() override { return true; }

  /// The parser would take a zero byte for the end of the text.
  void require_no_zero(std::string_view text) const {
    const std::size_t place = text.find('\0');
    if (place != text.npos) {
      problem("is not valid JSON at byte " + std::to_string(place + 1) + ": a zero byte");
    }
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    const std::string_view words = error.what();
    const std::size_t from = words.find(": ");  // after nlohmann's own code and position
    problem("is not valid JSON at byte " + std::to_string(position) + ": " +
            printable(from == words.npos ? words : words.substr(from + 2)));
  }

 protected:
  [[noreturn]] void problem(const std::string& text) const { fail(file_, part_ + " " + text); }
  /// Where in the document the events are, for messages.
  [[nodiscard]] virtual std::string where() const = 0;
  [[noreturn]] void reject(std::string_view got) const { problem("has " + std::string(got) + " " + where()); }

  std::string file_;
  std::string part_;
};

/// Sends the text's events to the handler, which throws on the first that it does not accept.
inline void read_json(std::string_view text, json_events& handler) {
  handler.require_no_zero(text);
  nlohmann::json::sax_parse(text.begin(), text.end(), &handler);
}

}  // namespace checkpoint
