module Pilotlight
  # The result of an HTTP answer, in the form that the sender of the event reads.
  struct HttpResult
    TEXT_TYPE = %r{\A\s*(?:text/|(?:application|image)/(?:[\w.-]+\+)?(?:json|javascript|xml|yaml)\b)}i
    # What concerns one connection and not the message.
    OF_CONNECTION = %w(connection keep-alive proxy-connection te trailer transfer-encoding upgrade)

    def initialize(@event : HttpEvent, @response : HTTP::Server::Response, @body : Bytes)
      @cookies = @response.cookies.map(&.to_set_cookie_header).as(Array(String))
    end

    def to_any : JSON::Any
      is_text = text?
      fields = {} of String => JSON::Any
      fields["statusCode"] = JSON::Any.new(@response.status_code.to_i64)
      fields["isBase64Encoded"] = JSON::Any.new(!is_text)
      fields["body"] = JSON::Any.new(is_text ? String.new(@body) : Base64.strict_encode(@body))
      case @event.source
      in .url2?
        fields["headers"] = single_headers
        fields["cookies"] = list(all_cookies)
      in .rest1?
        fields["multiValueHeaders"] = listed_headers
      in .load_balancer?
        status = @response.status
        fields["statusDescription"] = JSON::Any.new("#{status.code} #{status.description || "Unknown"}")
        # A single header holds one cookie only.
        fields[@event.multi_value? ? "multiValueHeaders" : "headers"] =
          @event.multi_value? ? listed_headers : single_headers(all_cookies.first?)
      end
      JSON::Any.new(fields)
    end

    private def single_headers(cookie : String? = nil) : JSON::Any
      values = headers.transform_values { |items| JSON::Any.new(items.join(", ")) }
      values["set-cookie"] = JSON::Any.new(cookie) if cookie
      JSON::Any.new(values)
    end

    private def listed_headers : JSON::Any
      values = headers.transform_values { |items| list(items) }
      values["set-cookie"] = list(all_cookies) unless all_cookies.empty?
      JSON::Any.new(values)
    end

    private def headers : Hash(String, Array(String))
      all = @response.headers.to_h { |name, values| {name.downcase, values} }
      all.reject { |name, _| OF_CONNECTION.includes?(name) || name == "set-cookie" }
    end

    private def all_cookies : Array(String)
      (@response.headers.get?("Set-Cookie") || [] of String) + @cookies
    end

    private def list(values : Array(String)) : JSON::Any
      JSON::Any.new(values.map { |value| JSON::Any.new(value) })
    end

    # base64 costs a third more and, on REST APIs, a setting.
    private def text? : Bool
      return true if @body.empty?
      return false if @response.headers["Content-Encoding"]?
      type = @response.headers["Content-Type"]?
      (type.nil? || type.matches?(TEXT_TYPE)) && String.new(@body).valid_encoding?
    end
  end
end
