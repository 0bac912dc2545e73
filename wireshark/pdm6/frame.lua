-- udp-frame, the framing of the hackathon report: the whole payload of a UDP datagram.

local octets = require("pdm6.octets")

local u8, u16, u32, part = octets.u8, octets.u16, octets.u32, octets.part

local frame = {}

frame.HEADER_SIZE = 16
frame.NONCE_SIZE, frame.LENGTH_SIZE, frame.TAG_SIZE = 12, 4, 16
local SEALED_OVERHEAD = frame.HEADER_SIZE + frame.NONCE_SIZE + frame.LENGTH_SIZE + frame.TAG_SIZE
local VERSION = 2

frame.PDM, frame.CUSTOM = 7, 100
frame.TLVS = {
  [1] = { name = "RTT", field = "round_trip_ns", size = 8 },
  [2] = { name = "JITTER", field = "jitter_ns", size = 8 },
  [3] = { name = "HOP_COUNT", field = "hop_count", size = 1 },
  [4] = { name = "LOSS_RATE", field = "loss_rate_ppm", size = 4 },
  [5] = { name = "RECEIVE_TIME", field = "receive_time_ns", size = 8 },
  [6] = { name = "SEND_TIME", field = "send_time_ns", size = 8 },
  [frame.PDM] = { name = "PDM", size = 16 },
  [8] = { name = "PADDING" },
  [frame.CUSTOM] = { name = "CUSTOM", field = "custom" },
}

-- A list of type, offset, size; the values follow their 4 octets of header. Second result: what is wrong, or nil.
function frame.list_tlvs(text)
  local tlvs, offset = {}, 0
  while offset < #text do
    if offset + 4 > #text then return tlvs, "a TLV has no length" end
    local kind, size = u16(text, offset), u16(text, offset + 2)
    if offset + 4 + size > #text then return tlvs, "a TLV runs past the end" end
    local known = frame.TLVS[kind]
    if known and known.size and known.size ~= size then
      return tlvs, string.format("TLV %s has length %d instead of %d", known.name, size, known.size)
    end
    tlvs[#tlvs + 1] = { type = kind, offset = offset, size = size }
    offset = offset + 4 + size
  end
  return tlvs
end

-- status: "ok", "malformed" (with reason) or "unknown-version".
function frame.read(text)
  if #text > 0 and u8(text, 0) ~= VERSION then return { status = "unknown-version" } end
  if #text < frame.HEADER_SIZE then return { status = "malformed", reason = "shorter than its header" } end
  local flags = u8(text, 1)
  local found = {
    status = "ok",
    encrypted = flags % 2 == 1,
    request = flags % 4 >= 2,
    key_id = flags % 8 >= 4 and u16(text, 2) or nil,
    sequence = u32(text, 4),
    associated_data = part(text, 0, frame.HEADER_SIZE),
  }
  if not found.encrypted then
    found.tlvs = part(text, frame.HEADER_SIZE, #text - frame.HEADER_SIZE)
    return found
  end
  if #text < SEALED_OVERHEAD then
    return { status = "malformed", reason = "shorter than nonce, length and tag" }
  end
  local size = u32(text, frame.HEADER_SIZE + frame.NONCE_SIZE)
  if size ~= #text - SEALED_OVERHEAD then
    return {
      status = "malformed",
      reason = string.format("says %.0f octets of ciphertext and holds %d", size, #text - SEALED_OVERHEAD),
    }
  end
  found.nonce = part(text, frame.HEADER_SIZE, frame.NONCE_SIZE)
  found.ciphertext = part(text, frame.HEADER_SIZE + frame.NONCE_SIZE + frame.LENGTH_SIZE, size)
  found.tag = part(text, #text - frame.TAG_SIZE, frame.TAG_SIZE)
  return found
end

return frame
