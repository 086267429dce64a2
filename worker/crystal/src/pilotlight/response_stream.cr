module Pilotlight
  # The result of an invocation that is sent as it is written. It begins with the first byte: until then a failure is an
  # error like any other, and type, status and headers may be set.
  class ResponseStream < IO
    HTTP_TYPE = "application/vnd.awslambda.http-integration-response"
    # What stands between the prelude and the body.
    PRELUDE_END = "\0\0\0\0\0\0\0\0"

    getter? begun = false
    @type = "application/octet-stream"
    @prelude : String?

    def initialize(@answer : Answer)
    end

    def content_type=(type : String) : String
      raise invalid("the stream has begun") if begun?
      raise invalid("#{type.inspect} is no header value") unless type.matches?(/\A[\t\x20-\x7e]*\z/)
      @type = type
    end

    # Makes it an HTTP answer, as function URLs read it. Names of headers are in lower case.
    def respond(status : Int32, headers = {} of String => String, cookies = [] of String) : Nil
      self.content_type = HTTP_TYPE
      @prelude = {statusCode: status, headers: headers, cookies: cookies}.to_json + PRELUDE_END
    end

    def read(slice : Bytes)
      raise IO::Error.new("Cannot read from a stream that is written")
    end

    def write(slice : Bytes) : Nil
      return if slice.empty?
      open
      write_chunk(slice)
    end

    # Ends it. Called when the block is through.
    def close : Nil
      open
      end_with("")
    end

    # Ends it by telling what failed.
    def finish(report : ErrorReport) : Nil
      end_with("#{ERROR_TYPE_HEADER}: #{report.category[0, 200]}\r\n" \
               "#{ERROR_BODY_HEADER}: #{Base64.strict_encode(report.short_json)}\r\n")
    end

    private def open : Nil
      return if begun?
      @begun = true
      head = @answer.begin_head("200 OK", @type)
      head << RESPONSE_MODE_HEADER << ": streaming\r\ntransfer-encoding: chunked\r\n\r\n"
      # It leaves with the first part.
      @prelude.try { |prelude| write_chunk(prelude.to_slice) }
    end

    private def write_chunk(slice : Bytes) : Nil
      head = @answer.head
      slice.size.to_s(head, 16)
      head << "\r\n"
      if slice.size <= Answer::ONE_WRITE_BYTES
        head.write(slice)
      else
        @answer.send_head
        @answer.send(slice)
      end
      @answer.head << "\r\n"
      @answer.send_head
    end

    private def end_with(trailers : String) : Nil
      @answer.head << "0\r\n" << trailers << "\r\n"
      @answer.send_head
    end

    private def invalid(reason : String) : HostError
      HostError.new("Runtime.InvalidStreamingOperation", "Cannot set the content type: #{reason}")
    end
  end
end
