module Pilotlight
  # An event that stands for an HTTP request. Names and meanings: AWS's pages on function URLs, API Gateway's proxy
  # integrations and Lambda targets of load balancers.
  class HttpEvent
    enum Source
      # Function URLs, and HTTP APIs with payload 2.0.
      Url2
      # REST APIs, and HTTP APIs with payload 1.0.
      Rest1
      LoadBalancer
    end

    getter source : Source
    getter request : HTTP::Request
    # Whether headers came as lists: a load balancer wants the answer in the same form.
    getter? multi_value : Bool

    # Raises `HostError` `Runtime.UnmarshalError` for an event of another kind.
    def initialize(@event : JSON::Any)
      @source = find_source
      @multi_value = !dig("multiValueHeaders").try(&.as_h?).nil?
      method = (@source.url2? ? dig("requestContext", "http", "method") : dig("httpMethod")).try(&.as_s?) || "GET"
      body = text("body").try { |body| dig("isBase64Encoded") == true ? Base64.decode(body) : body.to_slice }
      @request = HTTP::Request.new(method, path + query, headers, body || Bytes.empty)
    end

    private def find_source : Source
      return Source::LoadBalancer if dig("requestContext", "elb")
      return Source::Url2 if text("version") == "2.0" && dig("requestContext", "http")
      return Source::Rest1 if text("httpMethod") && dig("requestContext")
      raise HostError.new("Runtime.UnmarshalError", "Cannot serve the event: it is no HTTP request")
    end

    private def path : String
      path = text(@source.url2? ? "rawPath" : "path") || "/"
      path = URI.encode_path(path) unless path.ascii_only? && !path.includes?(' ')
      path.starts_with?('/') ? path : "/#{path}"
    end

    # REST APIs decode the query, so it is encoded again; the others hand over what the client wrote.
    private def query : String
      if @source.url2?
        raw = text("rawQueryString") || ""
        return raw.empty? ? "" : "?#{raw}"
      end
      encode = ->(value : String) { @source.rest1? ? URI.encode_www_form(value) : value }
      pairs = pairs("multiValueQueryStringParameters", "queryStringParameters")
      pairs.empty? ? "" : "?#{pairs.join('&') { |(name, value)| "#{encode.call(name)}=#{encode.call(value)}" }}"
    end

    private def headers : HTTP::Headers
      headers = HTTP::Headers.new
      pairs("multiValueHeaders", "headers").each { |(name, value)| headers.add(name, value) }
      cookies = dig("cookies").try(&.as_a?)
      headers["Cookie"] = cookies.join("; ") if @source.url2? && cookies && !cookies.empty?
      headers
    end

    # The lists win over the single values, which are the last of each.
    private def pairs(lists : String, singles : String) : Array({String, String})
      many = dig(lists).try(&.as_h?)
      return many.flat_map { |name, values| values.as_a.map { |value| {name, value.as_s} } } if many && !many.empty?
      dig(singles).try(&.as_h?).try(&.map { |name, value| {name, value.as_s} }) || [] of {String, String}
    end

    private def text(name : String) : String?
      dig(name).try(&.as_s?)
    end

    private def dig(*names : String) : JSON::Any?
      names.reduce(@event) do |found, name|
        value = found.as_h?.try(&.[name]?)
        return nil if value.nil? || value.raw.nil?
        value
      end
    end
  end
end
