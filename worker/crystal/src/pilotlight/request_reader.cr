module Pilotlight
  # Start line and headers of a request. Values are looked for when they are wanted: most never are.
  struct Head
    getter method : String
    getter path : String
    @headers_at : Int32

    def initialize(@text : Bytes)
      stop = @text.index('\r'.ord.to_u8) || @text.size
      words = String.new(@text[0, stop]).split(' ')
      @method, @path = words[0], words[1]? || ""
      @headers_at = stop + 2
    end

    # The value of a header, whose name is given in lower case.
    def [](name : String) : String?
      at = @headers_at
      while at < @text.size
        stop = @text.index('\r'.ord.to_u8, at) || @text.size
        return String.new(@text[at + name.bytesize + 1...stop]).strip if named?(name, at, stop)
        at = stop + 2
      end
    end

    private def named?(name : String, at : Int32, stop : Int32) : Bool
      return false unless at + name.bytesize < stop && @text[at + name.bytesize] == ':'.ord
      # Only letters differ by this bit, and of what headers are named by only they have it unset.
      name.each_byte.with_index.all? { |byte, index| @text[at + index] | 0x20 == byte }
    end
  end

  record Request, head : Head, body : String

  # Reads the requests of one connection, each whole.
  class RequestReader
    # Most requests come within one read.
    BUFFER_BYTES = 64 * 1024
    # Lambda takes request line and headers of 1 MB together; the rest is room for what is added on the way.
    MAX_HEAD_BYTES = 2 * 1024 * 1024
    HEAD_END       = Bytes[13, 10, 13, 10]

    def initialize(@io : IO)
      @buffer = Bytes.new(BUFFER_BYTES)
      @from = 0
      @to = 0
    end

    # `nil` at the end of the connection, also within a request: what is not whole was never asked.
    def read : Request?
      head = read_head
      return nil if head.nil?
      body = head["transfer-encoding"].nil? ? read_bytes(head["content-length"].try(&.to_i?) || 0) : read_chunks
      body && Request.new(head, body)
    end

    private def read_head : Head?
      size = 0
      until stop = find_head_end(size)
        size = @to - @from
        return nil if size > MAX_HEAD_BYTES || !fill
      end
      # A copy, because the context keeps it.
      text = @buffer[@from, stop].clone
      @from += stop + HEAD_END.size
      Head.new(text)
    end

    # Where the head ends, counted from its begin; `seen` bytes were looked at before.
    private def find_head_end(seen : Int32) : Int32?
      text = @buffer[@from, @to - @from]
      at = {seen - HEAD_END.size, 0}.max
      while at = text.index(13_u8, at)
        return at if text[at..].size >= 4 && text[at, 4] == HEAD_END
        at += 1
      end
    end

    private def read_bytes(size : Int32) : String?
      known = {size, @to - @from}.min
      whole = true
      body = String.new(size) do |target|
        target.copy_from(@buffer.to_unsafe + @from, known)
        @from += known
        whole = @io.read_fully?(Slice.new(target + known, size - known)) != nil if known < size
        {size, 0}
      end
      whole ? body : nil
    end

    private def read_chunks : String?
      body = String::Builder.new
      while line = read_line
        size = line.partition(';').first.to_i(16)
        break if size == 0
        chunk = read_bytes(size)
        return nil if chunk.nil? || read_line.nil?
        body << chunk
      end
      # Up to the empty line behind the trailers.
      while line
        line = read_line
        return body.to_s if line == ""
      end
    end

    private def read_line : String?
      until stop = @buffer[@from, @to - @from].index(10_u8)
        return nil unless fill
      end
      line = String.new(@buffer[@from, stop]).chomp('\r')
      @from += stop + 1
      line
    end

    # Reads more behind what is there; whether something came.
    private def fill : Bool
      rest = @to - @from
      if @to == @buffer.size
        bigger = rest > @buffer.size // 2 ? Bytes.new(@buffer.size * 2) : @buffer
        @buffer[@from, rest].move_to(bigger)
        @buffer, @from, @to = bigger, 0, rest
      elsif rest == 0
        @from = @to = 0
      end
      count = @io.read(@buffer + @to)
      @to += count
      count > 0
    end
  end
end
