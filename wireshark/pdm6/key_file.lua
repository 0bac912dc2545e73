-- The key file that the preference "pdm6.key_file" names. A line holds one secret, or nothing but a comment:
--
--   base-secret HEX [suite]                        every pair of one context
--   pair-secret SOURCE DESTINATION HEX [suite]     one direction between two addresses
--   frame-key HEX                                  udp-frame without key id
--   laboratory-key HEX INCARNATION [suite]         a laboratory's key file and an incarnation id: a base secret
--
-- Secrets have 64 hexadecimal digits, an incarnation id has 32. The suite is 2 (AES-256-GCM) unless the line says 1 (AES-128-GCM).

local address = require("pdm6.address")
local octets = require("pdm6.octets")
local sha256 = require("pdm6.sha256")

local SECRET_SIZE, INCARNATION_SIZE = 32, 16
local SUITES = { ["1"] = 1, ["2"] = 2 }

local key_file = {}

local function secret(word)
  local found = word and octets.from_hex(word)
  if not found or #found ~= SECRET_SIZE then return nil, "a secret has 64 hexadecimal digits" end
  return found
end

local function suite(word)
  local found = SUITES[word or "2"]
  if not found then return nil, "the suite is 1 or 2" end
  return found
end

local LINES = {}

LINES["base-secret"] = function(words, keys)
  local found, wrong = secret(words[2])
  if not found then return wrong end
  local which
  which, wrong = suite(words[3])
  if not which then return wrong end
  if words[4] then return "too many words" end
  keys.base_secrets[#keys.base_secrets + 1] = { secret = found, suite = which, line = words.line }
end

LINES["pair-secret"] = function(words, keys)
  local source, destination = address.parse(words[2] or ""), address.parse(words[3] or "")
  if not source or not destination then return "two IPv6 addresses are to stand before the secret" end
  local found, wrong = secret(words[4])
  if not found then return wrong end
  local which
  which, wrong = suite(words[5])
  if not which then return wrong end
  if words[6] then return "too many words" end
  keys.pair_secrets[#keys.pair_secrets + 1] =
    { pair = source .. destination, secret = found, suite = which, line = words.line }
end

LINES["laboratory-key"] = function(words, keys)
  local found, wrong = secret(words[2])
  if not found then return wrong end
  local incarnation = words[3] and octets.from_hex(words[3])
  if not incarnation or #incarnation ~= INCARNATION_SIZE then
    return "an incarnation id of 32 hexadecimal digits is to stand behind the secret"
  end
  local which
  which, wrong = suite(words[4])
  if not which then return wrong end
  if words[5] then return "too many words" end
  -- HKDF-Extract, RFC 5869 section 2.2, is an HMAC with the salt as its key
  local base_secret = sha256.hmac(incarnation, found)
  keys.base_secrets[#keys.base_secrets + 1] = { secret = base_secret, suite = which, line = words.line }
end

LINES["frame-key"] = function(words, keys)
  local found, wrong = secret(words[2])
  if not found then return wrong end
  if words[3] then return "too many words" end
  keys.frame_keys[#keys.frame_keys + 1] = { key = found, line = words.line }
end

-- Secrets by kind, each with the number of its line; and what is wrong with other lines, in their order.
function key_file.parse(text)
  local keys = { base_secrets = {}, pair_secrets = {}, frame_keys = {}, errors = {} }
  local number = 0
  for line in (text:gsub("\r", "") .. "\n"):gmatch("(.-)\n") do
    number = number + 1
    local words = { line = number }
    for word in line:gsub("#.*", ""):gmatch("%S+") do words[#words + 1] = word end
    if words[1] then
      local read = LINES[words[1]]
      local wrong
      if read then
        wrong = read(words, keys)
      else
        wrong = "a line begins with base-secret, pair-secret, laboratory-key or frame-key"
      end
      if wrong then keys.errors[#keys.errors + 1] = string.format("line %d: %s", number, wrong) end
    end
  end
  return keys
end

-- The same of a file; nil and why, if it cannot be read.
function key_file.read(path)
  local file, why = io.open(path, "rb")
  if not file then return nil, why end
  local text = file:read("*a")
  file:close()
  if not text then return nil, path .. ": cannot be read" end
  return key_file.parse(text)
end

return key_file
