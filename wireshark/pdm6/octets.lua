-- Numbers and text in strings of octets, network byte order. Offsets count from 0, as specifications do.

local octets = {}

local byte, char, format = string.byte, string.char, string.format

function octets.u8(text, offset)
  return byte(text, offset + 1)
end

function octets.u16(text, offset)
  local a, b = byte(text, offset + 1, offset + 2)
  return a * 256 + b
end

function octets.u32(text, offset)
  local a, b, c, d = byte(text, offset + 1, offset + 4)
  return ((a * 256 + b) * 256 + c) * 256 + d
end

-- So many octets from an offset on.
function octets.part(text, offset, size)
  return text:sub(offset + 1, offset + size)
end

function octets.from_u16(value)
  return char((value - value % 256) / 256 % 256, value % 256)
end

function octets.from_u32(value)
  return octets.from_u16((value - value % 65536) / 65536) .. octets.from_u16(value % 65536)
end

-- Nil unless the text is hexadecimal digits, two for each octet.
function octets.from_hex(text)
  if #text % 2 ~= 0 or text:find("%X") then return nil end
  return (text:gsub("%x%x", function(digits) return char(tonumber(digits, 16)) end))
end

function octets.to_hex(text)
  return (text:gsub(".", function(one) return format("%02x", byte(one)) end))
end

return octets
