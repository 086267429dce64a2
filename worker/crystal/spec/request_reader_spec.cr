require "./spec_helper"

# Hands out what it has in pieces of a size, as a socket may.
class Pieces < IO
  def initialize(text : String, @size : Int32)
    @source = IO::Memory.new(text)
  end

  def read(slice : Bytes) : Int32
    @source.read(slice[0, {@size, slice.size}.min])
  end

  def write(slice : Bytes) : Nil
  end
end

def read_all(text : String, size : Int32) : Array(Pilotlight::Request)
  reader = Pilotlight::RequestReader.new(Pieces.new(text, size))
  requests = [] of Pilotlight::Request
  while request = reader.read
    requests << request
  end
  requests
end

WHOLE   = "POST /invocations/a HTTP/1.1\r\nHost: worker\r\nContent-Length: 4\r\nX-Empty:\r\n\r\nbody"
CHUNKED = "POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nt: 1\r\n\r\n"

describe Pilotlight::RequestReader do
  [1, 7, 1_000].each do |size|
    it "reads requests that come in pieces of #{size} bytes" do
      requests = read_all(WHOLE + CHUNKED + WHOLE, size)
      requests.map(&.head.path).should eq ["/invocations/a", "/b", "/invocations/a"]
      requests.map(&.body).should eq ["body", "abcd", "body"]
      requests[0].head["host"].should eq "worker"
      requests[0].head["x-empty"].should eq ""
      requests[0].head["hos"].should be_nil
    end
  end

  it "reads a body that is larger than its buffer" do
    body = "x" * 300_000
    text = "POST /a HTTP/1.1\r\ncontent-length: #{body.size}\r\n\r\n#{body}"
    read_all(text + text, 70_000).map(&.body).should eq [body, body]
  end

  it "reads a head that is larger than its buffer" do
    text = "POST /a HTTP/1.1\r\nlarge: #{"x" * 200_000}\r\n\r\n"
    sizes = read_all(WHOLE + text + WHOLE, 50_000).map { |request| request.head["large"].try(&.size) }
    sizes.should eq [nil, 200_000, nil]
  end

  it "does not hand over what broke off" do
    [WHOLE, CHUNKED].each do |text|
      (1...text.size).each { |size| read_all(text[0, size], 1_000).should be_empty }
    end
  end
end
