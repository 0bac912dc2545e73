-- Delta times of RFC 8250 section 3.2.1: value << scale attoseconds.

local delta = {}

local NS_PER_2_9_ATTOSECONDS = 1953125 -- 10^9 = 5^9 << 9

-- Whole nanoseconds, truncated, saturating at 2^63-1, as two words: doubles would lose digits.
function delta.to_ns(value, scale)
  local shift = scale - 9
  if value == 0 or shift < 0 then return 0, 0 end
  if shift > 91 then return 0x7fffffff, 0xffffffff end
  local high, low, rest = 0, 0, value
  while true do
    local digit = math.floor(rest / NS_PER_2_9_ATTOSECONDS)
    rest = rest % NS_PER_2_9_ATTOSECONDS
    low = low + digit
    high = high + math.floor(low / 4294967296)
    low = low % 4294967296
    if high >= 0x80000000 then return 0x7fffffff, 0xffffffff end
    if shift == 0 then return high, low end
    -- 16 more bits of the dividend, which are zero, and room for as many of the quotient
    local step = shift < 16 and shift or 16
    shift, rest, low, high = shift - step, rest * 2 ^ step, low * 2 ^ step, high * 2 ^ step
  end
end

local UNITS = { { 1e9, "s" }, { 1e6, "ms" }, { 1e3, "us" } }

-- For people: "1.234 ms".
function delta.describe(value, scale)
  local high, low = delta.to_ns(value, scale)
  local ns = high * 4294967296 + low
  for _, unit in ipairs(UNITS) do
    if ns >= unit[1] then return string.format("%.6g %s", ns / unit[1], unit[2]) end
  end
  return string.format("%.0f ns", ns)
end

return delta
