-- Answers questions to the dissector's modules that need nothing of Wireshark, one a line of a file, so that a test
-- can ask them of every Lua. Words are separated by tabs, octets written in hexadecimal.
--
--   lua5.4 calculator.lua FOLDER FILE
--   tshark -X lua_script:calculator.lua -X lua_script1:FOLDER -X lua_script1:FILE -r CAPTURE

local folder, questions = ...
package.path = folder .. "/?.lua;" .. package.path

local address = require("pdm6.address")
local delta = require("pdm6.delta")
local gcm = require("pdm6.gcm")
local octets = require("pdm6.octets")
local sha256 = require("pdm6.sha256")

local hex, unhex = octets.to_hex, octets.from_hex

local ANSWERS = {
  digest = function(text) return hex(sha256.digest(unhex(text))) end,
  expand = function(secret, info, size) return hex(sha256.expand(unhex(secret), unhex(info), tonumber(size))) end,
  open = function(key, nonce, associated_data, ciphertext, tag)
    local prepared = gcm.prepare(unhex(key))
    local opened = gcm.open(prepared, unhex(nonce), unhex(associated_data), unhex(ciphertext), unhex(tag))
    return opened and hex(opened) or "refused"
  end,
  delta = function(value, scale) return string.format("%08x%08x", delta.to_ns(tonumber(value), tonumber(scale))) end,
  address = function(text)
    local found = address.parse(text)
    return found and hex(found) or "none"
  end,
}

for line in io.lines(questions) do
  local words = {}
  for word in (line .. "\t"):gmatch("(.-)\t") do words[#words + 1] = word end
  print("answer " .. ANSWERS[words[1]]((table.unpack or unpack)(words, 2)))
end
