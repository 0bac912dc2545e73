-- SHA-256 (FIPS 180-4) and HMAC with it (RFC 2104).

local bits = require("pdm6.bits")
local octets = require("pdm6.octets")

local band, bnot, bxor, rrotate, rshift = bits.band, bits.bnot, bits.bxor, bits.rrotate, bits.rshift

-- The first 32 bits of the fractional part of a root of a prime. Doubles hold 53 bits, so roots are sharp enough.
local function fraction(root)
  return math.floor(root % 1 * 4294967296)
end

local initial, constants = {}, {}
do
  local candidate = 2
  while #constants < 64 do
    local prime = true
    for divisor = 2, math.floor(candidate ^ 0.5) do prime = prime and candidate % divisor ~= 0 end
    if prime then
      constants[#constants + 1] = fraction(candidate ^ (1 / 3))
      if #initial < 8 then initial[#initial + 1] = fraction(candidate ^ 0.5) end
    end
    candidate = candidate + 1
  end
end

local function compress(state, text, offset)
  local w = {}
  for i = 1, 16 do w[i] = octets.u32(text, offset + 4 * (i - 1)) end
  for i = 17, 64 do
    local x, y = w[i - 15], w[i - 2]
    local s0 = bxor(rrotate(x, 7), rrotate(x, 18), rshift(x, 3))
    local s1 = bxor(rrotate(y, 17), rrotate(y, 19), rshift(y, 10))
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) % 4294967296
  end
  local a, b, c, d, e, f, g, h = state[1], state[2], state[3], state[4], state[5], state[6], state[7], state[8]
  for i = 1, 64 do
    local s1 = bxor(rrotate(e, 6), rrotate(e, 11), rrotate(e, 25))
    local t1 = h + s1 + bxor(band(e, f), band(bnot(e), g)) + constants[i] + w[i]
    local s0 = bxor(rrotate(a, 2), rrotate(a, 13), rrotate(a, 22))
    local t2 = s0 + bxor(band(a, b), band(a, c), band(b, c))
    a, b, c, d, e, f, g, h = (t1 + t2) % 4294967296, a, b, c, (d + t1) % 4294967296, e, f, g
  end
  for i, word in ipairs({ a, b, c, d, e, f, g, h }) do state[i] = (state[i] + word) % 4294967296 end
end

local sha256 = {}

function sha256.digest(text)
  local state = {}
  for i = 1, 8 do state[i] = initial[i] end
  local padded = text .. "\128" .. ("\0"):rep((55 - #text) % 64) .. "\0\0\0\0" .. octets.from_u32(#text * 8)
  for offset = 0, #padded - 1, 64 do compress(state, padded, offset) end
  for i = 1, 8 do state[i] = octets.from_u32(state[i]) end
  return table.concat(state)
end

local function xor_all(text, octet)
  return (text:gsub(".", function(one) return string.char(bxor(one:byte(), octet)) end))
end

function sha256.hmac(key, text)
  if #key > 64 then key = sha256.digest(key) end
  key = key .. ("\0"):rep(64 - #key)
  return sha256.digest(xor_all(key, 0x5c) .. sha256.digest(xor_all(key, 0x36) .. text))
end

-- HKDF-Expand, RFC 5869 section 2.3.
function sha256.expand(secret, info, size)
  local output, block, counter = "", "", 1
  while #output < size do
    block = sha256.hmac(secret, block .. info .. string.char(counter))
    output, counter = output .. block, counter + 1
  end
  return output:sub(1, size)
end

return sha256
