require "./spec_helper"

class Outer < Exception
  class Inner < Exception
  end
end

def report(message, cause = nil)
  raise Outer::Inner.new(message, cause)
rescue error
  Pilotlight::ErrorReport.new(error)
end

describe Pilotlight::ErrorReport do
  it "tells class, message and where it was raised" do
    told = report("on purpose\u007f")
    told.type.should eq "Outer::Inner"
    told.message.should eq "on purpose%7F"
    told.trace.first.should contain "errors_spec.cr"
  end

  it "names a category that Lambda keeps" do
    report("").category.should eq "Function.Outer.Inner"
    Pilotlight::ErrorReport.new(Pilotlight::HostError.new("Runtime.UnmarshalError", "")).category
      .should eq "Runtime.UnmarshalError"
  end

  it "tells what caused it" do
    report("outer", Exception.new("inner")).trace.should contain "Caused by: inner (Exception)"
  end

  it "fits into trailers and headers, however long" do
    told = report("é" * 300_000, Exception.new("ü\n" * 300_000))
    told.short_json.bytesize.should be <= 2_700
    cause = told.cause_json
    cause.bytesize.should be <= 60 * 1024
    cause.each_char { |char| (' '..'~').should contain char }
    JSON.parse(cause)["exceptions"].as_a.size.should eq 2
  end
end
