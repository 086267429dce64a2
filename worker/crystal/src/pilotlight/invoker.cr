module Pilotlight
  # Runs the function for one event, whatever comes of it.
  class Invoker
    # Longer ones are not Lambda's.
    MAX_TRACE_ID_BYTES = 1024
    TRACE_ID_VARIABLE  = "_X_AMZN_TRACE_ID"

    # `setenv` keeps every value for ever, so the variable lies in memory of our own.
    @variable = Pointer(UInt8).malloc(TRACE_ID_VARIABLE.size + MAX_TRACE_ID_BYTES + 2)

    def initialize(@run : Host::Run)
    end

    def invoke(request : Request, answer : Answer) : Nil
      head = request.head
      request_id = URI.decode(answer.id)
      Scope.enter(Scope.new(request_id, head[TENANT_ID_HEADER]))
      begin
        context = Context.new(request_id, head)
        # One variable cannot tell invocations apart that run at once: they have `context.trace_id`.
        set_trace_id(context.trace_id) unless CONCURRENT
        @run.call(request.body, context, answer)
      rescue error
        fail(error, head, answer)
      end
      # What the function printed without an end of line belongs to this invocation.
      STDOUT.flush
    end

    private def fail(error : Exception, head : Head, answer : Answer) : Nil
      report = ErrorReport.new(error)
      LogBackend.failure("Invoke Error", report)
      # Lambda lays the cause into the trace, so of any that is not recorded nobody would see it.
      answer.error(report, head[TRACE_ID_HEADER].try(&.includes?("Sampled=1")) || false)
    end

    private def set_trace_id(id : String?) : Nil
      if id.nil? || id.bytesize > MAX_TRACE_ID_BYTES
        LibC.unsetenv(TRACE_ID_VARIABLE)
      else
        @variable.copy_from("#{TRACE_ID_VARIABLE}=#{id}\0".to_unsafe, TRACE_ID_VARIABLE.bytesize + id.bytesize + 2)
        LibC.putenv(@variable)
      end
    end
  end
end
