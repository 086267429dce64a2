require "pilotlight"

# Sends the event back, having read what handlers read.
Pilotlight.handle do |event, context|
  raise "No context" if context.request_id.empty? || context.remaining_time <= Time::Span.zero
  event
end
