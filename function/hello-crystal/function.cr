require "pilotlight"

# What the function is called with: anything, as long as a name in it is text.
struct Caller
  include JSON::Serializable

  getter name = "world"
end

Pilotlight.handle(Caller) do |caller, context|
  Log.info { "greets #{caller.name}" }
  {greeting: "Hello, #{caller.name}", requestId: context.request_id}
end
