-- The surplus area behind a UDP datagram (RFC 9868) and the PDMv2 option in it. Offsets count from the area's first
-- octet, which is a pad octet if the area begins at an odd offset in the IPv6 packet.

local octets = require("pdm6.octets")

local u8, u16, part = octets.u8, octets.u16, octets.part

local END_OF_LIST, NO_OPERATION, FRAGMENT, EXPERIMENT, FIRST_UNSAFE = 0, 1, 3, 127, 192
local EXTENDED = 255
local LEAST_SIZES = { [2] = 6, [3] = 10, [4] = 4, [5] = 5, [6] = 6, [7] = 6, [8] = 10, [127] = 4 } -- by kind

local surplus = {}

-- One's-complement sum of 16-bit words; an odd last octet is the high half of a word.
local function sum(text)
  local total = 0
  for offset = 0, #text - 2, 2 do total = total + u16(text, offset) end
  if #text % 2 == 1 then total = total + u8(text, #text - 1) * 256 end
  while total > 0xffff do total = total % 65536 + math.floor(total / 65536) end
  return total
end

-- Size and offset of the content of the option at an offset, and what is wrong with it, or nil.
local function measure(text, offset)
  if offset + 2 > #text then return 1, offset + 1, "an option has no length" end
  local size, content = u8(text, offset + 1), offset + 2
  if size == EXTENDED then
    if offset + 4 > #text then return 2, offset + 2, "an extended length is cut short" end
    size, content = u16(text, offset + 2), offset + 4
  end
  local wrong
  if size < content - offset or size < (LEAST_SIZES[u8(text, offset)] or 2) then
    wrong = "an option is shorter than its kind allows"
  elseif offset + size > #text then
    wrong = "an option runs past the end"
  end
  return math.min(size, #text - offset), content, wrong
end

-- Kind, offset, offset of the content and size of each option; second result: what is wrong, or nil.
local function list_options(text, offset)
  local options = {}
  while offset < #text do
    local kind = u8(text, offset)
    if kind == END_OF_LIST then return options end
    if kind == NO_OPERATION then
      offset = offset + 1
    else
      local size, content, wrong = measure(text, offset)
      options[#options + 1] = { kind = kind, offset = offset, content = content, size = size }
      if wrong then return options, wrong end
      offset = offset + size
    end
  end
  return options
end

-- Nil if the area holds no option of this ExID. Else a table:
--   pad, ocs_offset   pad is 0 or 1 octets
--   ocs_is_right
--   option            the first such option: kind, offset, content, size
--   wrong             why all options are to be ignored, or nil
function surplus.read(text, begins_at_odd_offset, ex_id)
  local pad = begins_at_odd_offset and 1 or 0
  if #text < pad + 2 then return nil end
  local options, wrong = list_options(text, pad + 2)
  local found = { pad = pad, ocs_offset = pad, wrong = wrong }
  for _, option in ipairs(options) do
    local kind = option.kind
    if kind == FRAGMENT then return nil end -- what follows belongs to another datagram
    if kind >= FIRST_UNSAFE then found.wrong = found.wrong or "an option that must be known is not known" end
    if kind == EXPERIMENT and option.content + 2 <= option.offset + option.size
      and u16(text, option.content) == ex_id then
      if found.option then found.wrong = found.wrong or "two PDM options in one packet" end
      found.option = found.option or option
      if option.content ~= option.offset + 2 then
        found.wrong = found.wrong or "a PDM option has no extended length"
      end
    end
  end
  if not found.option then return nil end
  local total = sum(part(text, pad, #text - pad)) + #text
  found.ocs_is_right = u16(text, pad) ~= 0 and total % 65535 == 0
  if pad == 1 and u8(text, 0) ~= 0 then
    found.wrong = found.wrong or "the pad octet is not zero"
  elseif not found.ocs_is_right then
    found.wrong = found.wrong or "the option checksum is wrong"
  end
  return found
end

return surplus
