module Pilotlight
  # The answer to one invocation. What fits leaves in one write.
  class Answer
    ONE_WRITE_BYTES = 256 * 1024
    JSON_TYPE       = "application/json"

    # Where the bytes of a connection's answers are put together; kept, so that most answers allocate none.
    getter head = IO::Memory.new
    getter body = IO::Memory.new
    # As it stood in the path.
    property id = ""
    @stream : ResponseStream?

    def initialize(@socket : IO)
    end

    # Makes ready for the next invocation of the connection.
    def reset(@id : String) : Nil
      @stream = nil
    end

    # Sends a value as JSON.
    def result(value) : Nil
      clear(@body)
      begin
        value.to_json(@body)
      rescue error
        raise HostError.new("Runtime.JSONStringifyError", "Cannot write the result as JSON: #{error.message}", error)
      end
      send_whole("200 OK", JSON_TYPE, "")
    end

    # The stream that the result is written to.
    def stream : ResponseStream
      @stream ||= ResponseStream.new(self)
    end

    # Tells of a failure: by trailers when a stream has begun.
    def error(report : ErrorReport, with_cause : Bool) : Nil
      stream = @stream
      if stream && stream.begun?
        stream.finish(report)
      else
        clear(@body)
        report.to_h.to_json(@body)
        cause = with_cause ? "#{XRAY_CAUSE_HEADER}: #{report.cause_json}\r\n" : ""
        send_whole("500 Internal Server Error", JSON_TYPE, "#{ERROR_TYPE_HEADER}: #{report.category}\r\n#{cause}")
      end
    end

    # Answers without a body, also what is no invocation.
    def plain(status : String) : Nil
      clear(@body)
      send_whole(status, nil, "")
    end

    # Begins the head of an answer; what goes behind it is the caller's.
    def begin_head(status : String, type : String?) : IO
      clear(@head)
      @head << "HTTP/1.1 " << status << "\r\n"
      @head << ANSWERED_HEADER << ": " << @id << "\r\n" unless @id.empty?
      @head << "content-type: " << type << "\r\n" if type
      @head
    end

    # Sends what is in `head`.
    def send_head : Nil
      @socket.write(@head.to_slice)
      clear(@head)
    end

    def send(bytes : Bytes) : Nil
      @socket.write(bytes)
    end

    private def send_whole(status : String, type : String?, lines : String) : Nil
      head = begin_head(status, type)
      head << lines << "content-length: " << @body.bytesize << "\r\n\r\n"
      if @body.bytesize <= ONE_WRITE_BYTES
        head.write(@body.to_slice)
        send_head
      else
        send_head
        send(@body.to_slice)
      end
    end

    # A large answer must not hold its memory for ever.
    private def clear(memory : IO::Memory) : Nil
      if memory.bytesize > ONE_WRITE_BYTES
        memory.same?(@body) ? (@body = IO::Memory.new) : (@head = IO::Memory.new)
      else
        memory.clear
      end
    end
  end
end
