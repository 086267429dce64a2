lib LibC
  F_DUPFD_CLOEXEC = 1030
end

module Pilotlight
  # The life of the process: reads one go line, serves the function's invocations, and ends with the bootstrap.
  module Host
    # Only the owner may connect.
    PRIVATE_UMASK = 0o177

    alias Run = Proc(String, Context, Answer, Nil)

    @@is_ready = false
    class_getter? is_ending = false

    # Runs the block for each invocation, until the bootstrap is gone.
    def self.run(&run : Run) : NoReturn
      # A child of the function's must hold neither.
      LibC.fcntl(LINES_DESCRIPTOR, LibC::F_SETFD, LibC::FD_CLOEXEC)
      Once.run(run) if Once.asked?
      stdin = take_stdin
      line = stdin.gets || exit
      go = GoLine.parse(line)
      server = listen(go.socket)
      spawn { accept(server, Routes.new(go.token, Invoker.new(run))) }
      # With hooks to run, a signal to the whole group no longer ends it: the bootstrap asks for the end.
      Signal::TERM.trap { } unless Lifecycle.shutdown.empty?
      @@is_ready = true
      Lines.ready
      # Nothing more is written to it: it ends with the bootstrap.
      stdin.gets
      exit
    end

    # Ends the process once the answer is written. Invocations past their deadline are not waited for.
    def self.finish : Nil
      @@is_ending = true
    end

    # What nobody can ask this process when it has ended.
    def self.say_end(error : Exception?) : Nil
      if @@is_ready
        id = Scope.current.request_id
        Lines.last(id, LastLines.of(id))
      elsif error
        LogBackend.failure("Init Error", ErrorReport.new(error))
        Lines.init_error(error)
      end
    end

    # User code sees an empty standard input, as on Lambda.
    private def self.take_stdin : IO::FileDescriptor
      own = LibC.fcntl(0, LibC::F_DUPFD_CLOEXEC, LINES_DESCRIPTOR + 1)
      STDIN.reopen(File.open(File::NULL))
      IO::FileDescriptor.new(own)
    end

    private def self.listen(path : String) : UNIXServer
      File.delete?(path)
      # The socket is bound within this call, so it never exists with wider rights.
      umask = LibC.umask(PRIVATE_UMASK)
      server = UNIXServer.new(path)
      LibC.umask(umask)
      server
    rescue error : Socket::Error
      raise HostError.new("Runtime.WorkerStartFailed", "Cannot listen on \"#{path}\": #{error.message}", error)
    end

    private def self.accept(server : UNIXServer, routes : Routes) : Nil
      while socket = server.accept?
        # As a call's argument: the variable is another connection's when the fiber begins.
        spawn routes.serve(socket)
      end
    end
  end
end
