# The contract between the bootstrap and a worker, version 1: the twin of `worker/protocol.ts`, which explains it.
module Pilotlight
  PROTOCOL_VERSION = 1

  INVOCATIONS_PATH     = "/invocations/"
  SHUTDOWN_PATH        = "/shutdown"
  BEFORE_SNAPSHOT_PATH = "/before-snapshot"
  AFTER_RESTORE_PATH   = "/after-restore"

  TOKEN_HEADER    = "pilotlight-token"
  ANSWERED_HEADER = "lambda-runtime-aws-request-id"

  # Headers of Lambda's Runtime API.
  DEADLINE_HEADER         = "lambda-runtime-deadline-ms"
  FUNCTION_ARN_HEADER     = "lambda-runtime-invoked-function-arn"
  TRACE_ID_HEADER         = "lambda-runtime-trace-id"
  CLIENT_CONTEXT_HEADER   = "lambda-runtime-client-context"
  COGNITO_IDENTITY_HEADER = "lambda-runtime-cognito-identity"
  TENANT_ID_HEADER        = "lambda-runtime-aws-tenant-id"
  ERROR_TYPE_HEADER       = "lambda-runtime-function-error-type"
  ERROR_BODY_HEADER       = "lambda-runtime-function-error-body"
  XRAY_CAUSE_HEADER       = "lambda-runtime-function-xray-error-cause"
  RESPONSE_MODE_HEADER    = "lambda-runtime-function-response-mode"

  # Descriptor on which a worker writes its lines.
  LINES_DESCRIPTOR = 3

  # What the worker reads from its standard input, once, as a line of JSON.
  struct GoLine
    include JSON::Serializable

    getter kind : String
    getter protocol : Int32
    getter socket : String
    getter token : String

    def self.parse(line : String) : GoLine
      version = JSON.parse(line).as_h?.try(&.["protocol"]?)
      raise mismatch(version) unless version == PROTOCOL_VERSION
      go = from_json(line)
      raise unusable("its kind is #{go.kind.to_json}, expected \"go\"") unless go.kind == "go"
      go
    rescue error : JSON::ParseException
      raise unusable(error.message)
    end

    # The program was built with its host, so it may be older than the layer, or newer.
    private def self.mismatch(theirs) : HostError
      HostError.new("Runtime.ProtocolMismatch",
        "Cannot serve: the bootstrap speaks worker protocol #{theirs.to_json}, this program #{PROTOCOL_VERSION}; " \
        "build the function with the shard of the same version as the runtime layer")
    end

    private def self.unusable(reason) : HostError
      HostError.new("Runtime.WorkerStartFailed", "Cannot start: the go line is not usable, #{reason}")
    end
  end

  # What the worker says on descriptor 3, a line of JSON each. Written whole and at once: the end may follow.
  module Lines
    def self.ready : Nil
      write({
        kind: "ready", protocol: PROTOCOL_VERSION, host: "crystal", interpreter: Crystal::VERSION,
        concurrent: true, stream: true, shutdownHook: !Lifecycle.shutdown.empty?,
      })
    end

    def self.init_error(error : Exception) : Nil
      write(ErrorReport.new(error).to_h.merge({"kind" => "initError", "protocol" => PROTOCOL_VERSION}))
    end

    def self.last(request_id : String, log : Array(String)) : Nil
      write({kind: "last", requestId: request_id, peakMemoryBytes: peak_memory_bytes, log: log})
    end

    # Not buffered and blocking; a bootstrap that is gone reads nothing any more.
    private def self.write(line) : Nil
      bytes = "#{line.to_json}\n".to_slice
      until bytes.empty?
        written = LibC.write(LINES_DESCRIPTOR, bytes.to_unsafe, bytes.size)
        return if written < 0
        bytes += written
      end
    end

    private def self.peak_memory_bytes : Int64
      File.read("/proc/self/status").match(/^VmHWM:\s+(\d+) kB$/m).try(&.[1].to_i64.* 1024) || 0_i64
    end
  end
end
