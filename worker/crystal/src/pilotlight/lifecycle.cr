module Pilotlight
  # What a function does at the turns of its life.
  module Lifecycle
    class_getter shutdown = [] of ->
    class_getter before_snapshot = [] of ->
    class_getter after_restore = [] of ->

    # Runs what belongs to a path of the protocol. Returns whether it is one of these; raises what a hook of a snapshot
    # raised, after which no other is called.
    def self.run(path : String) : Bool
      case path
      when SHUTDOWN_PATH
        shutdown.reverse_each { |hook| attempt(hook) }
      when BEFORE_SNAPSHOT_PATH
        run_all(before_snapshot.reverse, "Runtime.BeforeSnapshotError")
      when AFTER_RESTORE_PATH
        run_all(after_restore, "Runtime.AfterRestoreError")
      else
        return false
      end
      true
    end

    # The time is short, and nobody waits for an answer: what fails is told to the log.
    private def self.attempt(hook : ->) : Nil
      hook.call
    rescue error
      LogBackend.failure("Hook Error", ErrorReport.new(error))
    end

    private def self.run_all(hooks : Array(->), error_type : String) : Nil
      hooks.each(&.call)
    rescue error
      raise HostError.new(error_type, "#{error.class}: #{error.message}", error)
    end
  end
end
