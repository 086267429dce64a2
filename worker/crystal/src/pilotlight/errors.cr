module Pilotlight
  # A failure that the host itself names.
  class HostError < Exception
    # A stable code, which goes to the caller.
    getter error_type : String

    def initialize(@error_type, message : String, cause : Exception? = nil)
      super(message, cause)
    end
  end

  # Reads what comes as JSON.
  module Payload
    BYTE_ORDER_MARK = "\u{FEFF}"

    # An empty event is `{}`: what Lambda is reported to deliver for an invocation without a payload.
    def self.text(event : String) : String
      text = event.lchop(BYTE_ORDER_MARK)
      text.empty? ? "{}" : text
    end

    # Names what the block cannot read. A value that does not fit its type is no mistake of the function's code.
    def self.read
      yield
    rescue error : JSON::ParseException | ArgumentError | OverflowError
      raise HostError.new("Runtime.UnmarshalError", "Cannot read the event as JSON: #{error.message}", error)
    end
  end

  # What callers, the log and X-Ray are told of an exception.
  struct ErrorReport
    # Lambda's X-Ray takes 64 KiB.
    MAX_CAUSE_BYTES      = 60 * 1024
    MAX_CAUSE_TEXT_CHARS = 2_000
    MAX_CAUSES           =    10
    # Servers written in Go, as Lambda's is, read trailers of 4 KiB at most; base64 makes four bytes of three.
    MAX_TRAILER_BYTES = 2_700
    FRAME             = /^(.*?):(\d+)(?::\d+)? in '(.*)'$/
    # What called the function tells a user nothing.
    HOST_FRAME = /\bsrc\/pilotlight(?:\/\w+)?\.cr:\d/

    getter type : String
    getter message : String
    getter trace : Array(String)

    def initialize(@error : Exception)
      @type = error.is_a?(HostError) ? error.error_type : error.class.name
      @message = without_del(error.message || "")
      @trace = trace_of(error)
    end

    # The body of an error as Lambda's callers know it.
    def to_h
      {"errorType" => @type, "errorMessage" => @message, "trace" => @trace}
    end

    # The category for metrics and logs. Lambda books what does not begin so as a failure of the runtime.
    def category : String
      name = @type.gsub("::", '.')
      return name if name.matches?(/\A(?:Runtime|Function)\.[A-Z][a-zA-Z][\w.]{0,200}\z/)
      name.matches?(/\A[A-Z][a-zA-Z][\w.]{0,200}\z/) ? "Function.#{name}" : "Function.Unknown"
    end

    # The body, cut to what trailers hold: first the trace, then the message.
    def short_json : String
      trace, message = @trace, @message
      loop do
        json = {errorType: @type[0, 200], errorMessage: message, trace: trace}.to_json
        return json if json.bytesize <= MAX_TRAILER_BYTES
        trace.empty? ? (message = message[0, message.size // 2]) : (trace = trace[0, trace.size // 2])
      end
    end

    # The X-Ray cause: JSON that is safe as a header's value, of the exception and of those that caused it.
    def cause_json : String
      exceptions = causes.map { |error| {error, frames_of(error)} }
      most = exceptions.max_of { |(_, frames)| frames.size }
      loop do
        json = cause_json(exceptions, most)
        return json if json.bytesize <= MAX_CAUSE_BYTES
        exceptions = exceptions[0, 1] if most == 0
        most //= 2
      end
    end

    private def cause_json(exceptions, most) : String
      shown = exceptions.map do |(error, frames)|
        type = error.is_a?(HostError) ? error.error_type : error.class.name
        {type: type, message: (error.message || "")[0, MAX_CAUSE_TEXT_CHARS], stack: frames.first(most)}
      end
      paths = shown.flat_map { |exception| exception[:stack].map(&.[:path]) }.uniq!
      in_ascii({working_directory: Dir.current, exceptions: shown, paths: paths}.to_json)
    end

    private def frames_of(error)
      backtrace_of(error).compact_map do |line|
        FRAME.match(line).try { |found| {path: found[1], line: found[2].to_i, label: found[3]} }
      end
    end

    private def causes : Array(Exception)
      found = [@error]
      while (cause = found.last.cause) && found.size < MAX_CAUSES
        found << cause
      end
      found
    end

    private def trace_of(error : Exception) : Array(String)
      trace = lines_of(error)
      cause = error.cause
      return trace if cause.nil?
      trace << "Caused by: #{without_del(cause.message || "")} (#{cause.class})" unless error.is_a?(HostError)
      trace.concat(lines_of(cause))
    end

    private def lines_of(error : Exception) : Array(String)
      backtrace_of(error).map { |line| without_del(line) }
    end

    # A failure that the host names has been raised by the host: only what caused it has a trace.
    private def backtrace_of(error : Exception) : Array(String)
      return [] of String if error.is_a?(HostError)
      (error.backtrace? || [] of String).take_while { |line| !line.matches?(HOST_FRAME) }
    end

    # DEL is no legal character of a header, and clients copy these texts into headers.
    private def without_del(text : String) : String
      text.scrub.gsub('\u007f', "%7F")
    end

    private def in_ascii(json : String) : String
      String.build do |io|
        json.each_char do |char|
          next io << char if ' ' <= char <= '~'
          char.to_s.to_utf16.each { |unit| io << "\\u" << unit.to_s(16).rjust(4, '0') }
        end
      end
    end
  end
end
