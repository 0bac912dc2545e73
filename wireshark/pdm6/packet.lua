-- One IPv6 packet: the way through its extension headers, the flow of draft-15 (PDMv2 Flow Identification), the
-- destination options on the way and the surplus area behind UDP. Offsets count from the fixed header's first octet.

local octets = require("pdm6.octets")

local u8, u16, part = octets.u8, octets.u16, octets.part

local HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS = 0, 43, 44, 51, 60
local EXTENSION_HEADERS = {
  [HOP_BY_HOP] = true, [ROUTING] = true, [FRAGMENT] = true, [AUTHENTICATION] = true, [DESTINATION_OPTIONS] = true,
}
local UDP, ICMPV6 = 17, 58
local HAS_PORTS = { [6] = true, [17] = true, [33] = true, [132] = true, [136] = true } -- TCP UDP DCCP SCTP UDP-Lite
local SOURCE_ROUTE, HOME_ADDRESS, SEGMENT_ROUTING = 0, 2, 4 -- Routing types: RFC 5095, RFC 6275, RFC 8754
local ECHO_REQUEST, ECHO_REPLY = 128, 129
local FIXED_HEADER = 40
local MOST_HEADERS = 16
local CUT_SHORT = "the upper-layer header is cut short"

local packet = {}

-- Options of a Destination Options header whose type is one of ours, added to a list.
local function scan_options(text, offset, header_end, limit, types, found)
  while offset < header_end and offset < limit do
    local kind = u8(text, offset)
    if kind == 0 then -- Pad1
      offset = offset + 1
    else
      local size = offset + 2 <= limit and 2 + u8(text, offset + 1) or 2
      local option_end = offset + size
      if types[kind] then
        local stops_at = math.min(option_end, header_end, limit)
        found[#found + 1] = {
          type = kind,
          offset = offset,
          size = stops_at - offset,
          overrun = option_end > header_end,
          missing = option_end > limit,
        }
      end
      offset = option_end
    end
  end
end

-- Where a Routing header sends the packet in the end; nil: it does not tell.
local function final_destination(destination, text, offset, size)
  local kind, segments_left = u8(text, offset + 2), u8(text, offset + 3)
  if segments_left == 0 then return destination end
  local count, last = math.floor((size - 8) / 16), 0
  if kind == SEGMENT_ROUTING then
    -- RFC 8754: the list runs backwards, and its header says how long it is, for TLVs may follow
    count = u8(text, offset + 4) < count and u8(text, offset + 4) + 1 or 0
  elseif kind == SOURCE_ROUTE or kind == HOME_ADDRESS then
    last = count - 1
  else
    count = 0
  end
  if segments_left > count then return nil end
  return part(text, offset + 8 + 16 * last, 16)
end

-- Second result: what is wrong, or nil.
local function read_flow(found, text, offset)
  local flow = {
    source = found.source,
    destination = found.destination,
    protocol = found.protocol,
    source_port = 0,
    destination_port = 0,
  }
  local known = found.limit - offset
  if HAS_PORTS[found.protocol] then
    if known < 4 then return nil, CUT_SHORT end
    flow.source_port, flow.destination_port = u16(text, offset), u16(text, offset + 2)
  elseif found.protocol == ICMPV6 then
    if known < 4 then return nil, CUT_SHORT end
    flow.source_port = u16(text, offset) -- type and code
    local kind = u8(text, offset)
    if kind == ECHO_REQUEST or kind == ECHO_REPLY then
      if known < 6 then return nil, CUT_SHORT end
      flow.destination_port = u16(text, offset + 4) -- identifier
    end
  end
  return found.destination and flow or nil
end

-- The area between the end of the UDP datagram and the end of the IPv6 payload (RFC 9868 section 7).
local function find_surplus(found, text, offset)
  if found.cut_short or offset + 8 > found.limit then return end
  local datagram = u16(text, offset + 4)
  local begins = offset + datagram
  if datagram >= 8 and begins < found.limit then
    found.surplus = { offset = begins, size = found.limit - begins }
  end
end

-- The upper layer: flow and surplus. What is wrong with it, or nil.
local function read_upper(found, text, protocol, offset)
  found.protocol = protocol
  local wrong
  found.flow, wrong = read_flow(found, text, offset)
  if protocol == UDP and not found.fragment then find_surplus(found, text, offset) end
  return wrong
end

-- Goes through the headers. What is wrong with them, or nil.
local function walk(found, text, types)
  local protocol, offset = u8(text, 6), FIXED_HEADER
  for _ = 1, MOST_HEADERS do
    if not EXTENSION_HEADERS[protocol] then return read_upper(found, text, protocol, offset) end
    if offset + 8 > found.limit then return "an extension header is cut short" end
    local size = 8 * (u8(text, offset + 1) + 1)
    if protocol == FRAGMENT then
      size = 8
      local place = u16(text, offset + 2)
      if place >= 8 then return end -- not the first: no headers follow
      found.fragment = found.fragment or place % 2 == 1 -- else it is whole, RFC 6946
    elseif protocol == AUTHENTICATION then
      size = 4 * (u8(text, offset + 1) + 2)
    elseif protocol == DESTINATION_OPTIONS then
      scan_options(text, offset + 2, offset + size, found.limit, types, found.options)
    end
    if offset + size > found.limit then return "an extension header runs past the end" end
    if protocol == ROUTING then
      found.destination = found.destination and final_destination(found.destination, text, offset, size)
    end
    protocol, offset = u8(text, offset), offset + size
  end
  return "too many extension headers"
end

-- Nil: no IPv6 header. types: set of the option types looked for. Else a table:
--   options              destination options of these types: type, offset, size, overrun (it runs past the end of its
--                        header), missing (it runs past the end of what is there)
--   source, destination  16 octets each; the final destination under a Routing header, or nil if that does not tell
--   flow                 five fields, or nil if the way does not lead to them
--   surplus              offset and size, or nil
--   wrong                what is malformed, or nil
--   cut_short            the capture does not hold the whole packet, so that nothing can be said to be malformed
function packet.read(text, types)
  if #text < FIXED_HEADER or u8(text, 0) < 0x60 or u8(text, 0) > 0x6f then return nil end
  local limit = FIXED_HEADER + u16(text, 4)
  if limit == FIXED_HEADER and u8(text, 6) == HOP_BY_HOP then limit = #text end -- jumbo payload, RFC 2675
  local found = {
    options = {},
    source = part(text, 8, 16),
    destination = part(text, 24, 16),
    limit = math.min(limit, #text),
    cut_short = limit > #text,
  }
  found.wrong = walk(found, text, types)
  if found.cut_short then found.wrong = nil end
  return found
end

return packet
