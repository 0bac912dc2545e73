-- Shows a udp-frame.

local frame = require("pdm6.frame")
local octets = require("pdm6.octets")
local option_tree = require("pdm6.option_tree")

local LAST_SECOND = 253402300799 -- of the year 9999: later ones are shown as a number only

local frame_tree = {}

local function add_header(tree, set, range, found)
  tree:add(set.version, range(0, 1))
  local flags = tree:add(set.flags, range(1, 1))
  flags:add(set["flags.encrypted"], range(1, 1))
  flags:add(set["flags.request"], range(1, 1))
  flags:add(set["flags.key_id"], range(1, 1))
  tree:add(found.key_id and set.key_id or set.reserved, range(2, 2))
  tree:add(set.sequence, range(4, 4))
  tree:add(set.timestamp, range(8, 8))
  local timestamp = range(8, 8):uint64()
  local seconds = (timestamp / 1000000):tonumber()
  if seconds <= LAST_SECOND then
    local microseconds = (timestamp % 1000000):tonumber()
    tree:add(set.time, range(8, 8), NSTime.new(seconds, microseconds * 1000)):set_generated()
  end
end

local function add_tlv(tree, set, range, tlv)
  local known = frame.TLVS[tlv.type]
  local item = tree:add(set.tlv, range(tlv.offset, 4 + tlv.size))
  item:append_text(string.format(", %s, %d octets", known and known.name or "type " .. tlv.type, tlv.size))
  item:add(set["tlv.type"], range(tlv.offset, 2)):append_text(" (" .. (known and known.name or "unknown") .. ")")
  item:add(set["tlv.length"], range(tlv.offset + 2, 2))
  if tlv.size == 0 then return end
  local value = range(tlv.offset + 4, tlv.size)
  item:add(set["tlv.value"], value)
  if known == frame.TLVS[frame.PDM] then
    option_tree.add_block(item, set.pdm, value)
  elseif tlv.type ~= frame.CUSTOM and known and known.field then
    item:add(set["tlv." .. known.field], value)
  elseif tlv.type == frame.CUSTOM and not value:raw():find("[^\32-\126]") then
    item:add(set["tlv.custom"], value)
  end
end

-- What is wrong with them, or nil.
local function add_tlvs(tree, set, range)
  if not range then return end
  local tlvs, wrong = frame.list_tlvs(range:raw())
  if not wrong then
    for _, tlv in ipairs(tlvs) do add_tlv(tree, set, range, tlv) end
  end
  return wrong
end

-- Returns status, words for add_status and the range of the clear TLVs.
local function open(settings, tree, range, found, addresses)
  local set, at = settings.set, frame.HEADER_SIZE
  tree:add(set.nonce, range(at, frame.NONCE_SIZE))
  tree:add(set.length, range(at + frame.NONCE_SIZE, frame.LENGTH_SIZE))
  at = at + frame.NONCE_SIZE + frame.LENGTH_SIZE
  if #found.ciphertext > 0 then tree:add(set.ciphertext, range(at, #found.ciphertext)) end
  tree:add(set.tag, range(range:len() - frame.TAG_SIZE, frame.TAG_SIZE))
  if found.key_id and not addresses then
    return "no-key", "a key id names the secret of a pair of IPv6 addresses, and there are none"
  end
  local status, opened, words = settings.opening:try(function(opening)
    return opening:open_frame(found, addresses and addresses.source, addresses and addresses.destination)
  end)
  if not opened or opened == "" then return status, words end
  local clear = ByteArray.new(octets.to_hex(opened)):tvb("Opened PDMv2 TLVs")
  return status, words, clear(0, #opened)
end

-- settings: set, experts, opening. addresses: source and destination of the IPv6 packet, or nil. cut_short: the
-- capture does not hold the whole payload.
function frame_tree.add(settings, tree, range, addresses, cut_short)
  local set = settings.set
  local found = frame.read(range:raw())
  if cut_short then found = { status = "cut-short" } end
  local status, words, tlvs = found.status, found.reason, nil
  if status == "ok" then
    add_header(tree, set, range, found)
    if found.encrypted then
      status, words, tlvs = open(settings, tree, range, found, addresses)
    elseif #found.tlvs > 0 then
      tlvs = range(frame.HEADER_SIZE)
    end
    local wrong = add_tlvs(tree, set, tlvs)
    if wrong then status, words = "malformed", wrong end
  end
  option_tree.add_status(tree, set, settings.experts, status, words)
  return found
end

return frame_tree
