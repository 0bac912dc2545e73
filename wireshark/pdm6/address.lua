-- IPv6 addresses: text (RFC 4291 section 2.2) to 16 octets.

local octets = require("pdm6.octets")

local address = {}

-- The 16-bit groups of a part of an address without "::"; nil if one of them is none.
local function groups(text)
  local found = {}
  if text == "" then return found end
  for group in (text .. ":"):gmatch("([^:]*):") do
    if not group:match("^%x%x?%x?%x?$") then return nil end
    found[#found + 1] = octets.from_u16(tonumber(group, 16))
  end
  return found
end

-- The last 32 bits may be written as an IPv4 address.
local function without_dots(text)
  local before, a, b, c, d = text:match("^(.*:)(%d+)%.(%d+)%.(%d+)%.(%d+)$")
  if not before then return text end
  a, b, c, d = tonumber(a), tonumber(b), tonumber(c), tonumber(d)
  if a > 255 or b > 255 or c > 255 or d > 255 then return text end
  return string.format("%s%x:%x", before, a * 256 + b, c * 256 + d)
end

-- Nil unless the text is an IPv6 address.
function address.parse(text)
  text = without_dots(text)
  local left, right = text:match("^(.-)::(.*)$")
  local head = groups(left or text)
  local tail = groups(right or "")
  if not head or not tail then return nil end
  local missing = 8 - #head - #tail
  if left and missing < 1 or not left and missing ~= 0 then return nil end
  return table.concat(head) .. ("\0\0"):rep(missing) .. table.concat(tail)
end

return address
