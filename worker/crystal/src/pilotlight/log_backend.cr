# For which invocation a fiber runs; fibers that it spawns do not inherit it.
class Fiber
  # :nodoc:
  property pilotlight_scope : Pilotlight::Scope?
end

module Pilotlight
  # What a log line says of the invocation that it belongs to.
  record Scope, request_id : String, tenant_id : String? do
    NONE = Scope.new("-", nil)

    # With one invocation at a time the latest is the one, also for fibers that it left behind.
    @@latest : Scope = NONE

    def self.current : Scope
      Fiber.current.pilotlight_scope || @@latest
    end

    def self.enter(scope : Scope) : Nil
      CONCURRENT ? (Fiber.current.pilotlight_scope = scope) : (@@latest = scope)
    end
  end

  # Several invocations may run at once: what is one for the process tells nothing then.
  CONCURRENT = ENV.has_key?("AWS_LAMBDA_MAX_CONCURRENCY")

  # Writes the lines of `Log` in the format that the function's settings ask for; each is written within the call.
  class LogBackend < ::Log::Backend
    IS_JSON = ENV["AWS_LAMBDA_LOG_FORMAT"]?.try(&.upcase) == "JSON"

    # As Lambda names them.
    NAMES = {
      ::Log::Severity::Trace  => "TRACE",
      ::Log::Severity::Debug  => "DEBUG",
      ::Log::Severity::Info   => "INFO",
      ::Log::Severity::Notice => "INFO",
      ::Log::Severity::Warn   => "WARN",
      ::Log::Severity::Error  => "ERROR",
      ::Log::Severity::Fatal  => "FATAL",
    }

    # Which lines are wanted: by Lambda's setting, else by Crystal's own variable.
    def self.level : ::Log::Severity
      name = ENV["AWS_LAMBDA_LOG_LEVEL"]? || ENV["LOG_LEVEL"]? || ""
      ::Log::Severity.parse?(name) || ::Log::Severity::Info
    end

    # Tells of a failure, in the runtime's own name.
    def self.failure(title : String, report : ErrorReport) : Nil
      return if level > ::Log::Severity::Error
      fields = {"errorType" => report.type, "errorMessage" => report.message}
      if IS_JSON
        write(:error, Time.utc, fields.merge({"stackTrace" => report.trace}), nil)
      else
        write(:error, Time.utc, "#{title}\t#{fields.merge({"stack" => report.trace}).to_json}", nil)
      end
    end

    def initialize
      # Not by a fiber of its own: what is not out before the next poll is frozen with the environment.
      super(:direct)
    end

    def write(entry : ::Log::Entry) : Nil
      LogBackend.write(entry.severity, entry.timestamp.to_utc, text_of(entry), entry)
    end

    # :nodoc:
    def self.write(severity : ::Log::Severity, time : Time, message, entry : ::Log::Entry?) : Nil
      scope = Scope.current
      timestamp = time.to_rfc3339(fraction_digits: 3)
      line = if IS_JSON
               json_line(scope, timestamp, NAMES[severity], message, entry)
             else
               "#{timestamp}\t#{scope.request_id}\t#{NAMES[severity]}\t#{message}"
             end
      LastLines.add(scope.request_id, line)
      LogOutput.write(severity, time, line, IS_JSON)
    end

    private def self.json_line(scope, timestamp, level, message, entry) : String
      JSON.build do |json|
        json.object do
          json.field "timestamp", timestamp
          json.field "level", level
          json.field "requestId", scope.request_id
          json.field "tenantId", scope.tenant_id if scope.tenant_id
          json.field "message", message
          entry.try { |found| add_fields(json, found) }
        end
      end
    end

    private def self.add_fields(json, entry) : Nil
      json.field "source", entry.source unless entry.source.empty?
      json.field "data", entry.data unless entry.data.empty?
      error = entry.exception || return
      ErrorReport.new(error).to_h.each do |name, value|
        json.field name == "trace" ? "stackTrace" : name, value
      end
    end

    private def text_of(entry) : String
      return entry.message if IS_JSON
      String.build do |text|
        text << entry.message
        text << " -- " << entry.data unless entry.data.empty?
        entry.exception.try { |error| text << '\n' << error.inspect_with_backtrace.chomp }
      end
    end
  end
end
