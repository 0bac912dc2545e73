-- AES-128 and AES-256, encryption of one block only (FIPS 197): all that GCM asks for.
--
-- Not constant time: it runs over captures, on the machine of someone who holds the key anyway.

local bits = require("pdm6.bits")
local octets = require("pdm6.octets")

local band, bxor, extract, lshift, rrotate = bits.band, bits.bxor, bits.extract, bits.lshift, bits.rrotate

-- x times the polynomial x, modulo x^8 + x^4 + x^3 + x + 1.
local function double(x)
  return band(bxor(lshift(x, 1), extract(x, 7) * 0x11b), 0xff)
end

-- The S-box from its definition: powers of 3 give inverses, then the affine map.
local sbox = {}
do
  local power, logarithm, x = {}, {}, 1
  for exponent = 0, 254 do
    power[exponent], logarithm[x] = x, exponent
    x = bxor(x, double(x))
  end
  for value = 0, 255 do
    local inverse = value == 0 and 0 or power[(255 - logarithm[value]) % 255]
    local twice = inverse * 257
    sbox[value] = band(bxor(bxor(inverse, extract(twice, 4, 8)), extract(twice, 5, 8), extract(twice, 6, 8),
      extract(twice, 7, 8), 0x63), 0xff)
  end
end

-- SubBytes and MixColumns of the four octets of a column, most significant octet of the word first.
local column0, column1, column2, column3 = {}, {}, {}, {}
for value = 0, 255 do
  local s = sbox[value]
  local two = double(s)
  local word = ((two * 256 + s) * 256 + s) * 256 + bxor(two, s)
  column0[value], column1[value] = word, rrotate(word, 8)
  column2[value], column3[value] = rrotate(word, 16), rrotate(word, 24)
end

local function substitute_word(word)
  return ((sbox[extract(word, 24, 8)] * 256 + sbox[extract(word, 16, 8)]) * 256
    + sbox[extract(word, 8, 8)]) * 256 + sbox[band(word, 0xff)]
end

local aes = {}

-- The key schedule of a key of 16 or 32 octets: a list of words and the number of rounds.
function aes.expand_key(key)
  local key_words = #key / 4
  local words, rounds, constant = {}, #key == 16 and 10 or 14, 1
  for i = 0, 4 * (rounds + 1) - 1 do
    if i < key_words then
      words[i] = octets.u32(key, 4 * i)
    else
      local word = words[i - 1]
      if i % key_words == 0 then
        word = bxor(substitute_word(rrotate(word, 24)), constant * 0x1000000)
        constant = double(constant)
      elseif key_words == 8 and i % 8 == 4 then
        word = substitute_word(word)
      end
      words[i] = bxor(words[i - key_words], word)
    end
  end
  return { words = words, rounds = rounds }
end

-- Encrypts a block given as four words; returns four words.
function aes.encrypt(schedule, a, b, c, d)
  local words = schedule.words
  a, b, c, d = bxor(a, words[0]), bxor(b, words[1]), bxor(c, words[2]), bxor(d, words[3])
  for i = 4, 4 * (schedule.rounds - 1), 4 do
    a, b, c, d =
      bxor(column0[extract(a, 24, 8)], column1[extract(b, 16, 8)], column2[extract(c, 8, 8)],
        column3[band(d, 0xff)], words[i]),
      bxor(column0[extract(b, 24, 8)], column1[extract(c, 16, 8)], column2[extract(d, 8, 8)],
        column3[band(a, 0xff)], words[i + 1]),
      bxor(column0[extract(c, 24, 8)], column1[extract(d, 16, 8)], column2[extract(a, 8, 8)],
        column3[band(b, 0xff)], words[i + 2]),
      bxor(column0[extract(d, 24, 8)], column1[extract(a, 16, 8)], column2[extract(b, 8, 8)],
        column3[band(c, 0xff)], words[i + 3])
  end
  local last = 4 * schedule.rounds
  local function final(p, q, r, s, word)
    return bxor(((sbox[extract(p, 24, 8)] * 256 + sbox[extract(q, 16, 8)]) * 256
      + sbox[extract(r, 8, 8)]) * 256 + sbox[band(s, 0xff)], word)
  end
  return final(a, b, c, d, words[last]), final(b, c, d, a, words[last + 1]),
    final(c, d, a, b, words[last + 2]), final(d, a, b, c, words[last + 3])
end

return aes
