-- AES-GCM (NIST SP 800-38D) with a 12-octet nonce and a 16-octet tag: opening only, a dissector seals nothing.

local aes = require("pdm6.aes")
local bits = require("pdm6.bits")
local octets = require("pdm6.octets")

local band, bxor, extract, lshift, rshift = bits.band, bits.bxor, bits.extract, bits.lshift, bits.rshift
local u32, part = octets.u32, octets.part

-- A block, four words, times x: GCM writes the coefficient of x^0 into the highest bit.
local function times_x(a, b, c, d)
  return bxor(rshift(a, 1), extract(d, 0) * 0xe1000000),
    rshift(b, 1) + extract(a, 0) * 0x80000000,
    rshift(c, 1) + extract(b, 0) * 0x80000000,
    rshift(d, 1) + extract(c, 0) * 0x80000000
end

-- What the eight coefficients that fall off at the end come back as: only the top word changes.
local fallen = {}
for octet = 0, 255 do
  local a, b, c, d = 0, 0, 0, octet
  for _ = 1, 8 do a, b, c, d = times_x(a, b, c, d) end
  fallen[octet] = a
end

-- Multiples of the hash key by every polynomial of degree below 8.
local function multiples(a, b, c, d)
  local ta, tb, tc, td = { [0] = 0 }, { [0] = 0 }, { [0] = 0 }, { [0] = 0 }
  local bit = 128
  while bit >= 1 do
    ta[bit], tb[bit], tc[bit], td[bit] = a, b, c, d
    for low = bit * 2, 255, bit * 2 do
      ta[low + bit], tb[low + bit] = bxor(ta[low], a), bxor(tb[low], b)
      tc[low + bit], td[low + bit] = bxor(tc[low], c), bxor(td[low], d)
    end
    a, b, c, d = times_x(a, b, c, d)
    bit = bit / 2
  end
  return { ta, tb, tc, td }
end

-- (hash + block) times the hash key, an octet at a time from the end (Horner).
local function multiply(table, a, b, c, d)
  local ta, tb, tc, td = table[1], table[2], table[3], table[4]
  local za, zb, zc, zd = 0, 0, 0, 0
  local words = { d, c, b, a }
  for i = 1, 4 do
    local word = words[i]
    for from = 0, 24, 8 do
      local octet = extract(word, from, 8)
      za, zb, zc, zd =
        bxor(rshift(za, 8), fallen[band(zd, 0xff)], ta[octet]),
        bxor(rshift(zb, 8), lshift(za, 24), tb[octet]),
        bxor(rshift(zc, 8), lshift(zb, 24), tc[octet]),
        bxor(rshift(zd, 8), lshift(zc, 24), td[octet])
    end
  end
  return za, zb, zc, zd
end

local function block_at(text, offset)
  local block = part(text, offset, 16)
  if #block < 16 then block = block .. ("\0"):rep(16 - #block) end
  return u32(block, 0), u32(block, 4), u32(block, 8), u32(block, 12)
end

local function hash(table, associated_data, ciphertext)
  local a, b, c, d = 0, 0, 0, 0
  for _, text in ipairs({ associated_data, ciphertext }) do
    for offset = 0, #text - 1, 16 do
      local e, f, g, h = block_at(text, offset)
      a, b, c, d = multiply(table, bxor(a, e), bxor(b, f), bxor(c, g), bxor(d, h))
    end
  end
  return multiply(table, a, bxor(b, #associated_data * 8), c, bxor(d, #ciphertext * 8))
end

local gcm = {}

-- A key of 16 or 32 octets, made ready.
function gcm.prepare(key)
  local schedule = aes.expand_key(key)
  return { schedule = schedule, multiples = multiples(aes.encrypt(schedule, 0, 0, 0, 0)) }
end

-- The plaintext, or nil if the tag is wrong.
function gcm.open(prepared, nonce, associated_data, ciphertext, tag)
  local n0, n1, n2 = u32(nonce, 0), u32(nonce, 4), u32(nonce, 8)
  local a, b, c, d = hash(prepared.multiples, associated_data, ciphertext)
  local e, f, g, h = aes.encrypt(prepared.schedule, n0, n1, n2, 1)
  if bxor(a, e) ~= u32(tag, 0) or bxor(b, f) ~= u32(tag, 4) or bxor(c, g) ~= u32(tag, 8)
    or bxor(d, h) ~= u32(tag, 12) then
    return nil
  end
  local pieces = {}
  for offset = 0, #ciphertext - 1, 16 do
    a, b, c, d = block_at(ciphertext, offset)
    e, f, g, h = aes.encrypt(prepared.schedule, n0, n1, n2, 2 + offset / 16)
    pieces[#pieces + 1] = octets.from_u32(bxor(a, e)) .. octets.from_u32(bxor(b, f))
      .. octets.from_u32(bxor(c, g)) .. octets.from_u32(bxor(d, h))
  end
  return part(table.concat(pieces), 0, #ciphertext)
end

return gcm
