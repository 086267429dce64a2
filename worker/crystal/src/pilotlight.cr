require "base64"
require "json"
require "log"
require "log/json"
require "socket"
require "uri"
require "./pilotlight/answer"
require "./pilotlight/context"
require "./pilotlight/errors"
require "./pilotlight/host"
require "./pilotlight/invoker"
require "./pilotlight/lifecycle"
require "./pilotlight/log_backend"
require "./pilotlight/log_output"
require "./pilotlight/once"
require "./pilotlight/protocol"
require "./pilotlight/request_reader"
require "./pilotlight/response_stream"
require "./pilotlight/routes"

# A Crystal program that is the worker of a function: it ends with one call of `handle` or `stream`.
#
# ```
# require "pilotlight"
#
# Pilotlight.handle do |event, context|
#   {greeting: "Hello, #{event["name"]}", request: context.request_id}
# end
# ```
module Pilotlight
  # Serves invocations with the block, whose result is sent as JSON. Several may run at once on Managed Instances, each
  # in a fiber of its own.
  def self.handle(&block : JSON::Any, Context -> _) : NoReturn
    Host.run do |event, context, answer|
      answer.result(block.call(Payload.read { JSON.parse(Payload.text(event)) }, context))
    end
  end

  # The same with events of a type of the function's own, which includes `JSON::Serializable`.
  def self.handle(type : T.class, &block : T, Context -> _) : NoReturn forall T
    Host.run do |event, context, answer|
      answer.result(block.call(Payload.read { T.from_json(Payload.text(event)) }, context))
    end
  end

  # Serves invocations with the block, which writes the result to an `IO`: each write leaves at once.
  def self.stream(&block : JSON::Any, Context, ResponseStream -> _) : NoReturn
    Host.run do |event, context, answer|
      stream = answer.stream
      block.call(Payload.read { JSON.parse(Payload.text(event)) }, context, stream)
      stream.close
    end
  end

  # Has the block called before the environment ends.
  def self.on_shutdown(&hook : ->) : Nil
    Lifecycle.shutdown << hook
  end

  # Has the block called before Lambda takes a snapshot of the environment.
  def self.before_snapshot(&hook : ->) : Nil
    Lifecycle.before_snapshot << hook
  end

  # Has the block called when the environment was restored from a snapshot.
  def self.after_restore(&hook : ->) : Nil
    Lifecycle.after_restore << hook
  end
end

Log.setup(Pilotlight::LogBackend.level, Pilotlight::LogBackend.new)
at_exit { |_status, error| Pilotlight::Host.say_end(error) }
