module Pilotlight
  # Answers the requests of connections.
  class Routes
    def initialize(@token : String, @invoker : Invoker)
    end

    def serve(socket : UNIXSocket) : Nil
      # Requests and answers have buffers of their own.
      socket.sync = true
      socket.read_buffering = false
      reader, answer = RequestReader.new(socket), Answer.new(socket)
      while request = reader.read
        route(request, answer)
        exit if Host.is_ending?
      end
    rescue IO::Error | ArgumentError
      # The other side is gone, or speaks no HTTP.
    ensure
      socket.close
    end

    private def route(request : Request, answer : Answer) : Nil
      path = request.head.path
      is_invocation = path.starts_with?(INVOCATIONS_PATH) && path.size > INVOCATIONS_PATH.size
      answer.reset(is_invocation ? path[INVOCATIONS_PATH.size..] : "")
      return answer.plain("403 Forbidden") unless proven?(request.head[TOKEN_HEADER])
      return answer.plain("404 Not Found") unless request.head.method == "POST"
      return run_hooks(path, answer) unless is_invocation
      return answer.plain("503 Service Unavailable") if Host.is_ending?
      @invoker.invoke(request, answer)
    end

    private def run_hooks(path : String, answer : Answer) : Nil
      known = Lifecycle.run(path)
      answer.plain(known ? "200 OK" : "404 Not Found")
      Host.finish if path == SHUTDOWN_PATH
    rescue error : HostError
      answer.error(ErrorReport.new(error), false)
    end

    # In a time that tells nothing of where it differs.
    private def proven?(given : String?) : Bool
      return false if given.nil? || given.bytesize != @token.bytesize
      difference = 0_u8
      given.each_byte.zip(@token.each_byte).each { |(a, b)| difference |= a ^ b }
      difference == 0
    end
  end
end
