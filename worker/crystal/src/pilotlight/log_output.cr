module Pilotlight
  # The last lines of the log: standard output is Lambda's own, so nobody else in the environment sees them.
  module LastLines
    # Enough to see what a function was at; a dying worker hands them over within a pipe's buffer.
    MAX_LINES      =    20
    MAX_LINE_CHARS = 2_000
    @@kept = Deque({String, String}).new

    def self.add(request_id : String, line : String) : Nil
      @@kept.shift if @@kept.size == MAX_LINES
      @@kept << {request_id, line.size > MAX_LINE_CHARS ? line[0, MAX_LINE_CHARS] : line}
    end

    # Those of one invocation: what others wrote is not its caller's business.
    def self.of(request_id : String) : Array(String)
      @@kept.select { |(id, _)| id == request_id }.flat_map { |(_, line)| line.split('\n') }.last(MAX_LINES)
    end
  end

  # Where log lines go: Lambda's own descriptor for them where it came through, else standard output, where one line is
  # one event, so that line ends within it become carriage returns.
  module LogOutput
    TEXT_FRAME = 0xa55a0003_u32
    JSON_FRAME = 0xa55a0002_u32
    BITS       = {trace: 4, debug: 8, info: 12, notice: 12, warn: 16, error: 20, fatal: 24, none: 0}

    @@frames : IO::FileDescriptor? = open_frames
    @@lines : IO::FileDescriptor = Once.to_stdout? ? STDERR : STDOUT

    def self.write(severity : ::Log::Severity, time : Time, line : String, is_json : Bool) : Nil
      if frames = @@frames
        write_frame(frames, severity, time, is_json ? line : "#{line}\n", is_json)
      else
        @@lines.puts(line.includes?('\n') ? line.gsub('\n', '\r') : line)
        @@lines.flush
      end
    rescue IO::Error
      # A log that nobody reads any more is no failure of the function.
    end

    # One frame is one event: type, length, microseconds since 1970, then the line; numbers are big-endian.
    private def self.write_frame(frames, severity, time, text, is_json) : Nil
      frame = IO::Memory.new(16 + text.bytesize)
      frame.write_bytes((is_json ? JSON_FRAME : TEXT_FRAME) | BITS[severity.to_s.downcase], IO::ByteFormat::BigEndian)
      frame.write_bytes(text.bytesize.to_u32, IO::ByteFormat::BigEndian)
      frame.write_bytes(time.to_unix_ms * 1000, IO::ByteFormat::BigEndian)
      frame << text
      frames.write(frame.to_slice)
    end

    # The variable is not the function's, and alone proves nothing: what started this process may have closed it.
    private def self.open_frames : IO::FileDescriptor?
      named = ENV.delete("_LAMBDA_TELEMETRY_LOG_FD").try(&.to_i?)
      return nil if named.nil? || named <= LINES_DESCRIPTOR || LibC.fcntl(named, LibC::F_GETFD) < 0
      LibC.fcntl(named, LibC::F_SETFD, LibC::FD_CLOEXEC)
      IO::FileDescriptor.new(named, blocking: true).tap(&.sync = true)
    end
  end
end
