// The guest of the conformance suite in C++, over nothing but the bindings that
// `wit-bindgen c` makes of the world: GUEST.md says what each route must do.
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>
#include "application.h"

#define HTTP(name) wasi_http_types_##name
#define IO(name) wasi_io_streams_##name
using std::string;
using Fields = std::vector<std::pair<string, string>>;
static const char *const METHODS[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};
static const Fields TEXT = {{"content-type", "text/plain; charset=utf-8"}};
static const Fields OCTETS = {{"content-type", "application/octet-stream"}};

// The world's type is embedded when the module becomes a component, not here.
extern "C" void __component_type_object_force_link_application(void) {}

// A handle that is dropped at the end of its scope.
template <typename T, void (*drop)(T)> struct Own {
  T handle = {};
  ~Own() { if (handle.__handle) drop(handle); }
  T release() { return std::exchange(handle, {}); }
};
using Pollable = Own<wasi_io_poll_own_pollable_t, wasi_io_poll_pollable_drop_own>;
using Output = Own<IO(own_output_stream_t), IO(output_stream_drop_own)>;

static application_string_t lend(std::string_view text) { return {(uint8_t *)text.data(), text.size()}; }
template <typename List> static string take(List list) {
  string text((const char *)list.ptr, list.len);
  if (list.len > 0) free(list.ptr);
  return text;
}
static string hex(uint64_t value, int digits, const char *alphabet = "0123456789abcdef") {
  string text;
  while (digits-- > 0) text += alphabet[value >> (4 * digits) & 15];
  return text;
}
static string decode(std::string_view text) {
  string bytes;
  for (; !text.empty(); text.remove_prefix(1)) {
    bool escaped = text[0] == '%' && text.size() > 2 && isxdigit(text[1]) && isxdigit(text[2]);
    bytes += escaped ? char(strtol(string(text.substr(1, 2)).c_str(), nullptr, 16)) : text[0];
    if (escaped) text.remove_prefix(2);
  }
  return bytes;
}
static uint64_t number(const string &text) { return strtoull(text.c_str(), nullptr, 10); }
static Fields read_fields(HTTP(own_fields_t) own) {
  HTTP(list_tuple2_field_name_field_value_t) list;
  HTTP(method_fields_entries)(HTTP(borrow_fields)(own), &list);
  HTTP(fields_drop_own)(own);
  Fields fields;
  for (size_t i = 0; i < list.len; i++) fields.push_back({take(list.ptr[i].f0), take(list.ptr[i].f1)});
  if (list.len > 0) free(list.ptr);
  for (auto &field : fields)
    for (char &letter : field.first) letter = tolower(letter);
  return fields;
}
static bool make_fields(const Fields &fields, HTTP(own_fields_t) *made) {
  std::vector<HTTP(tuple2_field_name_field_value_t)> tuples;
  for (auto &[name, value] : fields) tuples.push_back({lend(name), {(uint8_t *)value.data(), value.size()}});
  HTTP(list_tuple2_field_name_field_value_t) list = {tuples.data(), tuples.size()};
  HTTP(header_error_t) error;
  return HTTP(static_fields_from_list)(&list, made, &error);
}
static void wait(Pollable pollable) { wasi_io_poll_method_pollable_block(wasi_io_poll_borrow_pollable(pollable.handle)); }

struct Reader {  // a body that comes in
  Own<HTTP(own_incoming_body_t), HTTP(incoming_body_drop_own)> body;
  Own<IO(own_input_stream_t), IO(input_stream_drop_own)> stream;
  bool ended = false, broken = false;
  explicit Reader(HTTP(own_incoming_body_t) own) : body{own} {
    HTTP(method_incoming_body_stream)(HTTP(borrow_incoming_body)(own), &stream.handle);
  }
  string read() {  // waits for more; nothing at the end
    application_list_u8_t bytes;
    IO(stream_error_t) error;
    if (IO(method_input_stream_blocking_read)(IO(borrow_input_stream)(stream.handle), 65536, &bytes, &error)) return take(bytes);
    ended = true;
    broken = error.tag != WASI_IO_STREAMS_STREAM_ERROR_CLOSED;
    IO(stream_error_free)(&error);
    return {};
  }
  Fields trailers() {
    IO(input_stream_drop_own)(stream.release());
    Own<HTTP(own_future_trailers_t), HTTP(future_trailers_drop_own)> future{HTTP(static_incoming_body_finish)(body.release())};
    wait({HTTP(method_future_trailers_subscribe)(HTTP(borrow_future_trailers)(future.handle))});
    HTTP(result_result_option_own_trailers_error_code_void_t) got;
    bool some = HTTP(method_future_trailers_get)(HTTP(borrow_future_trailers)(future.handle), &got);
    some = some && !got.is_err && !got.val.ok.is_err && got.val.ok.val.ok.is_some;
    return some ? read_fields(got.val.ok.val.ok.val) : Fields();
  }
};
static bool write(const Output &to, const string &bytes) {  // as fast as the other side takes it
  IO(stream_error_t) error;
  for (size_t at = 0; at < bytes.size(); at += 4096) {
    application_list_u8_t part = {(uint8_t *)bytes.data() + at, std::min<size_t>(4096, bytes.size() - at)};
    if (!IO(method_output_stream_blocking_write_and_flush)(IO(borrow_output_stream)(to.handle), &part, &error))
      return IO(stream_error_free)(&error), false;
  }
  return true;
}
struct Writer {  // a body that goes out: what is not finished is cut
  Own<HTTP(own_outgoing_body_t), HTTP(outgoing_body_drop_own)> body;
  Output stream;
  explicit Writer(HTTP(own_outgoing_body_t) own) : body{own} {
    HTTP(method_outgoing_body_write)(HTTP(borrow_outgoing_body)(own), &stream.handle);
  }
  void finish(const Fields &trailers = {}) {
    HTTP(own_fields_t) fields;
    HTTP(error_code_t) error;
    bool some = !trailers.empty() && make_fields(trailers, &fields);
    IO(output_stream_drop_own)(stream.release());
    HTTP(static_outgoing_body_finish)(body.release(), some ? &fields : nullptr, &error);
  }
};
static void log(const string &line) { write({wasi_cli_stderr_get_stderr()}, line + "\n"); }

struct Call {
  HTTP(own_incoming_request_t) request;
  HTTP(own_response_outparam_t) out;
  string method, path, query, argument;
  Fields headers, pairs;
  HTTP(own_incoming_body_t) body() {
    HTTP(own_incoming_body_t) own;
    HTTP(method_incoming_request_consume)(HTTP(borrow_incoming_request)(request), &own);
    return own;
  }
  HTTP(own_outgoing_body_t) begin(int status, const Fields &fields) {  // sends the head
    HTTP(own_fields_t) made;
    if (!make_fields(fields, &made)) return log("a field cannot be sent"), begin(500, {});
    HTTP(result_own_outgoing_response_error_code_t) result = {};
    HTTP(own_outgoing_body_t) own;
    result.val.ok = HTTP(constructor_outgoing_response)(made);
    auto response = HTTP(borrow_outgoing_response)(result.val.ok);
    HTTP(method_outgoing_response_set_status_code)(response, uint16_t(status));
    HTTP(method_outgoing_response_body)(response, &own);
    HTTP(static_response_outparam_set)(out, &result);
    return own;
  }
  void answer(int status, const Fields &fields, const string &text) {
    Writer writer(begin(status, fields));
    if (write(writer.stream, text)) writer.finish();
  }
  void fail(const string &message) { log(message), answer(500, {}, ""); }
  string parameter(const string &name) {
    for (auto &pair : pairs) if (pair.first == name) return pair.second;
    return {};
  }
};
static string pattern(uint64_t start, uint64_t size) {
  string bytes(size, 0);
  for (uint64_t i = 0; i < size; i++) bytes[i] = char((start + i) % 251);
  return bytes;
}
static void reflect(Call &call) {
  string lines = "method " + call.method + "\npath " + call.path + "\n";
  if (!call.query.empty()) lines += "query " + call.query.substr(1) + "\n";
  for (auto &[name, value] : call.headers) {
    lines += "header " + name + " ";
    for (unsigned char c : value) lines += c > 32 && c < 127 && c != '%' ? string(1, c) : "%" + hex(c, 2, "0123456789ABCDEF");
    lines += "\n";
  }
  call.answer(200, TEXT, lines);
}
static void collect(Call &call) {
  Reader reader(call.body());
  uint32_t length = 0, low = 1, high = 0;
  while (!reader.ended)
    for (unsigned char c : reader.read()) length++, low = (low + c) % 65521, high = (high + low) % 65521;
  if (reader.broken) return call.fail("the body broke off");
  call.answer(200, TEXT, "length " + std::to_string(length) + "\nadler32 " + hex(high << 16 | low, 8) + "\n");
}
static void echo(Call &call, const char *first) {
  Fields fields = OCTETS;
  for (auto &field : call.headers) {
    if (field.first == "content-type") fields[0] = field;
    if (field.first == "trailer") fields.push_back(field);
  }
  Reader reader(call.body());
  Writer writer(call.begin(200, fields));
  for (bool good = write(writer.stream, first); good && !reader.ended;) good = write(writer.stream, reader.read());
  if (reader.ended && !reader.broken) writer.finish(reader.trailers());
}
static void watch(Call &call) {
  Reader reader(call.body());
  Writer writer(call.begin(200, TEXT));
  write(writer.stream, "begun\n");
  size_t length = 0;
  while (!reader.ended) length += reader.read().size();
  if (write(writer.stream, (reader.broken ? "cut " : "whole ") + std::to_string(length) + "\n")) writer.finish();
}
static void stream(Call &call, uint64_t sent = 0) {
  Writer writer(call.begin(200, OCTETS));
  for (uint64_t size; sent < number(call.argument); sent += size) {
    size = std::min<uint64_t>(65536, number(call.argument) - sent);
    if (!write(writer.stream, pattern(sent, size))) return;
  }
  writer.finish();
}
static void ticks(Call &call) {
  Writer writer(call.begin(200, TEXT));
  uint64_t pause = number(call.parameter("ms")) * 1000000;
  for (uint64_t tick = 1; tick <= number(call.argument); tick++) {
    if (tick > 1) wait({wasi_clocks_monotonic_clock_subscribe_duration(pause)});
    if (!write(writer.stream, "tick " + std::to_string(tick) + "\n")) return;
  }
  writer.finish();
}
static void trailers(Call &call) {
  Writer writer(call.begin(200, {TEXT[0], {"trailer", "x-checksum, x-second"}}));
  if (write(writer.stream, "body\n")) writer.finish({{"x-checksum", "abc"}, {"x-second", "two"}});
}
static void clock(Call &call) {
  wasi_clocks_wall_clock_datetime_t now;
  wasi_clocks_wall_clock_now(&now);
  call.answer(200, TEXT, "wall " + std::to_string(now.seconds * 1000 + now.nanoseconds / 1000000) + "\nmonotonic " +
                             std::to_string(wasi_clocks_monotonic_clock_now()) + "\n");
}
static volatile unsigned turns;
#pragma clang diagnostic ignored "-Winfinite-recursion"
static unsigned recurse(volatile unsigned *depth) {
  volatile unsigned deeper = *depth + 1;
  return recurse(&deeper) + *depth;
}

static void route(Call &call, const string &name) {
  static unsigned counter;
  if (name == "reflect") return reflect(call);
  if (name == "collect") return collect(call);
  if (name == "echo") return echo(call, "");
  if (name == "duplex") return echo(call, "ready\n");
  if (name == "early") return call.answer(403, TEXT, "early\n");
  if (name == "watch") return watch(call);
  if (name == "status" && (call.argument == "204" || call.argument == "304")) return call.answer(number(call.argument), {}, "");
  if (name == "status") return call.answer(number(call.argument), TEXT, "status " + call.argument + "\n");
  if (name == "headers") return call.answer(200, call.pairs, "ok\n");
  if (name == "bytes") return call.answer(200, OCTETS, pattern(0, number(call.argument)));
  if (name == "stream") return stream(call);
  if (name == "ticks") return ticks(call);
  if (name == "trailers") return trailers(call);
  if (name == "error") return call.fail("deliberate error");
  if (name == "panic") log("deliberate panic"), __builtin_trap();
  if (name == "error-after-start") {
    Writer writer(call.begin(200, TEXT));
    write(writer.stream, "begun\n");
    return log("deliberate error");
  }
  if (name == "loop") while (true) turns = turns + 1;
  if (name == "allocate") for (std::vector<string> all;;) all.push_back(string(1 << 20, '1'));
  if (name == "recurse") call.argument = std::to_string(recurse(&turns));
  if (name == "counter") return call.answer(200, TEXT, std::to_string(++counter) + "\n");
  if (name == "clock") return clock(call);
  if (name == "random") {
    string bytes = hex(wasi_random_random_get_random_u64(), 16) + hex(wasi_random_random_get_random_u64(), 16);
    return call.answer(200, TEXT, "secure " + bytes + "\n");
  }
  if (name == "log") return log(call.parameter("message")), call.answer(200, TEXT, "logged\n");
  call.answer(404, TEXT, "no such route\n");
}
extern "C" void exports_wasi_http_incoming_handler_handle(HTTP(own_incoming_request_t) request, HTTP(own_response_outparam_t) out) {
  Own<HTTP(own_incoming_request_t), HTTP(incoming_request_drop_own)> own{request};
  auto self = HTTP(borrow_incoming_request)(request);
  Call call = {request, out, {}, {}, {}, {}, read_fields(HTTP(method_incoming_request_headers)(self)), {}};
  HTTP(method_t) method;
  HTTP(method_incoming_request_method)(self, &method);
  call.method = method.tag < 9 ? METHODS[method.tag] : take(method.val.other);
  application_string_t target;
  if (HTTP(method_incoming_request_path_with_query)(self, &target)) call.path = take(target);
  size_t mark = std::min(call.path.find('?'), call.path.size());
  call.query = call.path.substr(mark);
  call.path.resize(mark);
  for (size_t at = 1, end; at < call.query.size(); at = end + 1) {
    end = std::min(call.query.find('&', at), call.query.size());
    string pair = call.query.substr(at, end - at);
    size_t equals = std::min(pair.find('='), pair.size());
    if (!pair.empty()) call.pairs.push_back({decode(pair.substr(0, equals)), decode(pair.substr(std::min(equals + 1, pair.size())))});
  }
  string name = call.path.substr(std::min<size_t>(1, mark));
  size_t slash = std::min(name.find('/'), name.size());
  call.argument = name.substr(std::min(slash + 1, name.size()));
  route(call, name.substr(0, slash));
}
