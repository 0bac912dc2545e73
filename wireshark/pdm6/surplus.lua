-- The surplus area behind a UDP datagram (RFC 9868) and the PDMv2 option in it. Offsets count from the area's first
-- octet, which is a pad octet if the area begins at an odd offset in the IPv6 packet.

local octets = require("pdm6.octets")

local u8, u16, part = octets.u8, octets.u16, octets.part

local END_OF_LIST, NO_OPERATION, EXPERIMENT = 0, 1, 127
local EXTENDED = 255

local surplus = {}

-- One's-complement sum of 16-bit words; an odd last octet is the high half of a word.
local function sum(text)
  local total = 0
  for offset = 0, #text - 2, 2 do total = total + u16(text, offset) end
  if #text % 2 == 1 then total = total + u8(text, #text - 1) * 256 end
  while total > 0xffff do total = total % 65536 + math.floor(total / 65536) end
  return total
end

-- Kind, offset, offset of the content and size of each option; second result: what is wrong, or nil.
local function list_options(text, offset)
  local options = {}
  while offset < #text do
    local kind = u8(text, offset)
    if kind == END_OF_LIST then
      if not octets.are_zero(part(text, offset, #text - offset)) then
        return options, "octets other than zero follow the end of the list"
      end
      return options
    end
    local content, size = offset + 1, 1
    if kind ~= NO_OPERATION then
      if offset + 2 > #text then return options, "an option has no length" end
      content, size = offset + 2, u8(text, offset + 1)
      if size == EXTENDED then
        if offset + 4 > #text then return options, "an extended length is cut short" end
        content, size = offset + 4, u16(text, offset + 2)
      end
      if offset + size < content then return options, "an option is shorter than its own header" end
      if offset + size > #text then return options, "an option runs past the end" end
    end
    options[#options + 1] = { kind = kind, offset = offset, content = content, size = size }
    offset = offset + size
  end
  return options
end

-- Nil if the area holds no option of this ExID. Else a table:
--   pad, ocs, ocs_offset   pad is 0 or 1 octets
--   option                 the first such option: kind, offset, content, size
--   wrong                  why all options are to be ignored, or nil
--   ocs_is_right
function surplus.read(text, begins_at_odd_offset, ex_id)
  local pad = begins_at_odd_offset and 1 or 0
  if #text < pad + 2 then return nil end
  local options, wrong = list_options(text, pad + 2)
  local found = { pad = pad, ocs_offset = pad, ocs = u16(text, pad), wrong = wrong }
  for _, option in ipairs(options) do
    if option.kind == EXPERIMENT and option.offset + option.size >= option.content + 2
      and u16(text, option.content) == ex_id then
      if found.option then found.wrong = found.wrong or "two PDM options in one packet" end
      found.option = found.option or option
    end
  end
  if not found.option then return nil end
  local total = sum(part(text, pad, #text - pad)) + #text
  found.ocs_is_right = found.ocs ~= 0 and total % 65535 == 0
  if pad == 1 and u8(text, 0) ~= 0 then
    found.wrong = found.wrong or "the pad octet is not zero"
  elseif not found.ocs_is_right then
    found.wrong = found.wrong or "the option checksum is wrong"
  end
  return found
end

return surplus
