-- The bodies of PDM options: PDMv1 (RFC 8250 section 3), PDMv2 clear and protected (draft-15), and the legacy forms of
-- drafts 11 to 14. A body is what follows the two octets of option type and length.

local octets = require("pdm6.octets")

local u8, u16, u32, part = octets.u8, octets.u16, octets.u32, octets.part

local metrics = {}

metrics.BLOCK_SIZE = 16

-- The 16 octets that protection hides. Offsets of fields are returned by name too, for the tree.
function metrics.read_block(block)
  return {
    psnlr = u32(block, 0),
    global_pointer = u32(block, 4),
    scale_dtlr = u8(block, 8),
    scale_dtls = u8(block, 9),
    reserved = u16(block, 10),
    delta_tlr = u16(block, 12),
    delta_tls = u16(block, 14),
  }
end

local function read_version_1(body)
  return {
    form = "v1",
    scale_dtlr = u8(body, 0),
    scale_dtls = u8(body, 1),
    delta_tlr = u16(body, 6),
    delta_tls = u16(body, 8),
  }
end

local FORMS = { [22] = "clear", [38] = "protected" }
local LEGACY_FORMS = { [22] = "clear", [34] = "protected", [38] = "protected" }

-- form: "clear", "protected", "malformed" or "unknown-version"; of the last two nothing else is to be read.
local function read_version_2(body, forms)
  if #body < 2 then return { form = "malformed", reason = "too short for a version" } end
  local version = (u8(body, 0) - u8(body, 0) % 16) / 16
  if version ~= 2 then return { form = "unknown-version", version = version } end
  local form = forms[#body]
  if not form then
    return { form = "malformed", reason = string.format("no PDMv2 option has length %d", #body) }
  end
  return {
    form = form,
    version = version,
    epoch = u16(body, 0) % 4096,
    psntp = u32(body, 2),
    hidden = part(body, 6, metrics.BLOCK_SIZE), -- the metric block, or its ciphertext
    tag = part(body, 22, 16),
  }
end

-- A destination option. Type 15 is PDMv1, or in other lengths what drafts 11 to 14 made of it; the type that the user
-- names is PDMv2.
function metrics.read_option(option_type, body)
  if option_type ~= metrics.VERSION_1_TYPE then return read_version_2(body, FORMS) end
  if #body == 10 then return read_version_1(body) end
  local option = read_version_2(body, LEGACY_FORMS)
  option.legacy = true
  return option
end

-- What follows the ExID of a UDP option.
function metrics.read_udp_option(body)
  return read_version_2(body, FORMS)
end

metrics.VERSION_1_TYPE = 15

return metrics
