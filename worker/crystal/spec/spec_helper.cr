require "spec"
require "../src/pilotlight"
