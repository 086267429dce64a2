module Pilotlight
  # What is known of an invocation beside its event.
  class Context
    # What stays the same for all invocations of a worker.
    FUNCTION_NAME    = ENV["AWS_LAMBDA_FUNCTION_NAME"]?
    FUNCTION_VERSION = ENV["AWS_LAMBDA_FUNCTION_VERSION"]?
    MEMORY_LIMIT_MB  = ENV["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]?.try(&.to_i?)
    LOG_GROUP_NAME   = ENV["AWS_LAMBDA_LOG_GROUP_NAME"]?
    LOG_STREAM_NAME  = ENV["AWS_LAMBDA_LOG_STREAM_NAME"]?

    getter request_id : String
    # What the client has sent of itself, and who it is; read when the invocation begins.
    getter client_context : JSON::Any?
    getter identity : JSON::Any?
    @head : Head

    # Raises `HostError` `Runtime.PlatformError` when client context or identity is no JSON.
    def initialize(@request_id, @head)
      @client_context = parse(CLIENT_CONTEXT_HEADER)
      @identity = parse(COGNITO_IDENTITY_HEADER)
    end

    {% for name in %w(function_name function_version memory_limit_mb log_group_name log_stream_name) %}
      def {{name.id}}
        {{name.upcase.id}}
      end
    {% end %}

    def invoked_function_arn : String?
      @head[FUNCTION_ARN_HEADER]
    end

    def tenant_id : String?
      @head[TENANT_ID_HEADER]
    end

    # For X-Ray; `_X_AMZN_TRACE_ID` has it too where one invocation runs at a time.
    def trace_id : String?
      @head[TRACE_ID_HEADER]
    end

    def deadline : Time
      Time.unix_ms(@head[DEADLINE_HEADER].try(&.to_i64?) || 0_i64)
    end

    # By the wall clock: whether the monotonic one runs on while an environment is frozen is not certain.
    def remaining_time : Time::Span
      deadline - Time.utc
    end

    # An empty value counts as absent: some platforms send every header.
    private def parse(name : String) : JSON::Any?
      text = @head[name]
      return nil if text.nil? || text.empty?
      begin
        JSON.parse(text)
      rescue error : JSON::ParseException
        raise HostError.new("Runtime.PlatformError", "Cannot read header \"#{name}\": \"#{text}\" is no JSON", error)
      end
    end
  end
end
