require "./answer"
require "./response_stream"

module Pilotlight
  # One event alone, as mode `process` hands it to plain programs: on standard input, with Lambda's headers as variables.
  # The result goes to descriptor 3 or standard output, and so does an error, whose exit code is 1.
  module Once
    VARIABLES = "LAMBDA_RUNTIME_"

    # Whether this process was started for one event.
    def self.asked? : Bool
      ENV["PILOTLIGHT_MODE"]? == "process" && ENV.has_key?("#{VARIABLES}AWS_REQUEST_ID")
    end

    # Whether standard output is the result's, so that the log goes to standard error.
    def self.to_stdout? : Bool
      asked? && ENV["PILOTLIGHT_RESULT"]? == "stdout"
    end

    def self.run(run : Host::Run) : NoReturn
      output = to_stdout? ? STDOUT : IO::FileDescriptor.new(LINES_DESCRIPTOR, blocking: true)
      answer = PlainAnswer.new(output)
      begin
        head = Head.new(head_of(ENV).to_slice)
        request_id = ENV["#{VARIABLES}AWS_REQUEST_ID"]
        Scope.enter(Scope.new(request_id, head[TENANT_ID_HEADER]))
        run.call(STDIN.gets_to_end, Context.new(request_id, head), answer)
      rescue error
        report = ErrorReport.new(error)
        LogBackend.failure("Invoke Error", report)
        answer.error(report, false)
        status = 1
      end
      output.flush
      exit status || 0
    end

    # The headers as they would come with a request.
    private def self.head_of(variables) : String
      String.build do |head|
        head << "POST / HTTP/1.1"
        variables.each do |name, value|
          head << "\r\n" << name.downcase.tr("_", "-") << ": " << value if name.starts_with?(VARIABLES)
        end
      end
    end
  end

  # An answer that is the result's bytes and nothing else.
  class PlainAnswer < Answer
    def stream : ResponseStream
      @stream ||= PlainStream.new(self)
    end

    private def send_whole(status : String, type : String?, lines : String) : Nil
      send(@body.to_slice)
    end
  end

  # A stream without a way to say what it is, or that it failed: that the exit code tells.
  class PlainStream < ResponseStream
    def write(slice : Bytes) : Nil
      @begun = true
      @answer.send(slice)
    end

    def flush
    end

    def close : Nil
    end

    def finish(report : ErrorReport) : Nil
    end
  end
end
