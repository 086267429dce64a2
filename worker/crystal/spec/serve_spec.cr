require "./spec_helper"
require "../src/pilotlight/serve"

# Answers what it was asked, and with what `?type` says.
ECHO = ->(http : HTTP::Server::Context) do
  request, response = http.request, http.response
  # Crystal writes it anew once the parameters were read.
  resource = request.resource
  response.content_type = request.query_params["type"]? || "text/plain"
  response.status_code = 201
  response.headers["X-Seen"] = request.headers["cookie"]? || ""
  response.headers["Connection"] = "close"
  response.cookies << HTTP::Cookie.new("a", "1")
  response.cookies << HTTP::Cookie.new("b", "2")
  response.print "#{request.method} #{resource} #{request.body.try(&.gets_to_end)}"
end

def serve(event)
  Pilotlight.answer_http(Pilotlight::HttpEvent.new(JSON.parse(event.to_json)), ECHO)
end

describe "Pilotlight.serve" do
  it "answers function URLs and HTTP APIs" do
    result = serve({
      version: "2.0", rawPath: "/päth", rawQueryString: "q=a%20b", cookies: ["x=1", "y=2"],
      headers: {"content-type" => "text/plain"}, body: "Ym9keQ==", isBase64Encoded: true,
      requestContext: {http: {method: "PUT"}},
    })
    result["statusCode"].should eq 201
    result["body"].should eq "PUT /p%C3%A4th?q=a%20b body"
    result["cookies"].should eq ["a=1", "b=2"]
    result["headers"].should eq({"content-type" => "text/plain", "x-seen" => "x=1; y=2"})
  end

  it "answers REST APIs, whose query comes decoded" do
    result = serve({
      httpMethod: "GET", path: "/", body: nil, requestContext: {resourceId: "r"},
      multiValueQueryStringParameters: {"q" => ["a b", "ü"]}, multiValueHeaders: {"Cookie" => ["x=1"]},
    })
    result["body"].should eq "GET /?q=a+b&q=%C3%BC "
    result["multiValueHeaders"]["set-cookie"].should eq ["a=1", "b=2"]
    result["multiValueHeaders"]["x-seen"].should eq ["x=1"]
  end

  it "answers load balancers in the form that they asked in" do
    event = {httpMethod: "GET", path: "/", queryStringParameters: {"q" => "a%20b"}, requestContext: {elb: {arn: "a"}}}
    single = serve(event.merge({headers: {"host" => "h"}}))
    single["statusDescription"].should eq "201 Created"
    single["body"].should eq "GET /?q=a%20b "
    single["headers"]["set-cookie"].should eq "a=1"
    serve(event.merge({multiValueHeaders: {"host" => ["h"]}}))["multiValueHeaders"]["set-cookie"]
      .should eq ["a=1", "b=2"]
  end

  it "sends what is no text as base64" do
    result = serve({version: "2.0", rawQueryString: "type=image/png", requestContext: {http: {method: "GET"}}})
    result["isBase64Encoded"].should be_true
    Base64.decode_string(result["body"].as_s).should eq "GET /?type=image/png "
  end

  it "refuses other events" do
    expect_raises(Pilotlight::HostError, "it is no HTTP request") { serve({Records: [] of String}) }
  end
end
