require "../pilotlight"
require "http/request"
require "http/server/context"
require "http/server/response"
require "./http_event"
require "./http_result"

module Pilotlight
  # Serves the HTTP requests of function URLs, API Gateway and load balancers with a block as `HTTP::Server` takes it.
  # Answers are sent whole.
  #
  # ```
  # require "pilotlight/serve"
  #
  # Pilotlight.serve { |http| http.response.print "Hello from #{http.request.path}" }
  # ```
  def self.serve(&handler : HTTP::Server::Context ->) : NoReturn
    serve(handler)
  end

  # The same with any `HTTP::Handler`.
  def self.serve(handler) : NoReturn
    handle { |event, _context| answer_http(HttpEvent.new(event), handler) }
  end

  # :nodoc:
  def self.answer_http(event : HttpEvent, handler) : JSON::Any
    # What is written stays in memory; status and headers are read from the response itself.
    body = IO::Memory.new
    response = HTTP::Server::Response.new(IO::Memory.new)
    response.output = body
    handler.call(HTTP::Server::Context.new(event.request, response))
    response.close
    HttpResult.new(event, response, body.to_slice).to_any
  end
end
