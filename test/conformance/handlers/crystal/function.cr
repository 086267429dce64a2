# The kit's handler: what it does, an event says in "action"; all else is answered as it is.
require "pilotlight"

raise IndexError.new("init failed on purpose: grüße 🔥") if ENV["CONFORMANCE_INIT"]? == "throw"
exit 7 if ENV["CONFORMANCE_INIT"]? == "exit"

if ENV["CONFORMANCE_HOOK"]? == "shutdown"
  Pilotlight.on_shutdown { puts "the hook has run" }
end

def hook(side, at)
  raise ArgumentError.new("#{side} fails on purpose") if ENV["CONFORMANCE_SNAPSHOT"]? == "#{side} fails"
  puts "#{side} #{at}"
end

if ENV.has_key?("CONFORMANCE_SNAPSHOT")
  (1..2).each do |at|
    Pilotlight.before_snapshot { hook("before", at) }
    Pilotlight.after_restore { hook("after", at) }
  end
end

def until_file(path)
  until File.exists?(path)
    sleep 5.milliseconds
  end
end

def read_context(context)
  {
    requestId:       context.request_id,
    functionArn:     context.invoked_function_arn,
    functionName:    context.function_name,
    functionVersion: context.function_version,
    memoryMiB:       context.memory_limit_mb,
    remainingMs:     context.remaining_time.total_milliseconds,
    clientContext:   context.client_context,
    identity:        context.identity,
    tenantId:        context.tenant_id,
  }
end

def write_lines(event)
  event["path"]?.try { |path| until_file(path.as_s) }
  level = Log::Severity.parse(event["level"]?.try(&.as_s) || "info")
  event["lines"].as_a.each_with_index do |line, at|
    Fiber.yield if at > 0
    case level
    when .warn?  then Log.warn { line.as_s }
    when .error? then Log.error { line.as_s }
    else              Log.info { line.as_s }
    end
  end
  event["code"]?.try { |code| exit code.as_i }
end

class Counter
  class_property value = 0
end

def write_stream(event, output)
  event["failBefore"]?.try { |message| raise ArgumentError.new(message.as_s) }
  event["http"]?.try do |http|
    headers = http["headers"]?.try(&.as_h.transform_values(&.as_s)) || {} of String => String
    output.respond(http["statusCode"].as_i, headers, http["cookies"]?.try(&.as_a.map(&.as_s)) || [] of String)
  end
  (event["parts"]?.try(&.as_a) || [] of JSON::Any).each_with_index do |part, index|
    event["waitFor"]?.try { |path| until_file(path.as_s) } if index == 1
    output << part.as_s
  end
  bytes = event["bytes"]?.try(&.as_i) || 0
  part = Bytes.new(65_536, 'x'.ord.to_u8)
  (bytes // part.size).times { output.write(part) }
  output.write(part[0, bytes % part.size])
  event["failAfter"]?.try { |message| raise ArgumentError.new(message.as_s) }
end

if (ENV["_HANDLER"]? || "").ends_with?(".stream")
  Pilotlight.stream { |event, _context, output| write_stream(event, output) }
end

Pilotlight.handle do |event, context|
  case event.as_h?.try(&.["action"]?).try(&.as_s?)
  when "throw"      then raise ArgumentError.new(event["message"].as_s)
  when "exit"       then exit event["code"].as_i
  when "kill"       then Process.signal(Signal::KILL, Process.pid)
  when "context"    then read_context(context)
  when "env"        then event["names"].as_a.to_h { |name| {name.as_s, ENV[name.as_s]?} }
  when "folder"     then Dir.current
  when "log"        then write_lines(event)
  when "large"      then "x" * (event["bytes"].as_i - 2)
  when "unwritable" then Float64::NAN
  when "nothing"    then nil
  when "count"      then Counter.value += 1
  when "wait"
    until_file(event["path"].as_s)
    event["value"]?
  else
    event
  end
end
