-- Shows the PDM options of one IPv6 packet.

local delta = require("pdm6.delta")
local metrics = require("pdm6.metrics")
local octets = require("pdm6.octets")
local opener = require("pdm6.opener")
local surplus = require("pdm6.surplus")

local option_tree = {}

-- The fields of a metric block, from a range of 16 octets.
function option_tree.add_block(tree, set, range)
  local block = metrics.read_block(range:raw())
  tree:add(set.psnlr, range(0, 4))
  tree:add(set.global_pointer, range(4, 4))
  tree:add(set.scale_dtlr, range(8, 1))
  tree:add(set.scale_dtls, range(9, 1))
  tree:add(set.reserved, range(10, 2))
  tree:add(set.delta_tlr, range(12, 2))
  option_tree.add_time(tree, set.delta_tlr_ns, range(12, 2), block.delta_tlr, block.scale_dtlr)
  tree:add(set.delta_tls, range(14, 2))
  option_tree.add_time(tree, set.delta_tls_ns, range(14, 2), block.delta_tls, block.scale_dtls)
end

function option_tree.add_time(tree, field, range, value, scale)
  local high, low = delta.to_ns(value, scale)
  local item = tree:add(field, range, UInt64.new(low, high))
  item:set_generated()
  item:append_text(" (" .. delta.describe(value, scale) .. ")")
end

-- The status that decides what a reader may believe, and the expert info that explains it.
function option_tree.add_status(tree, set, experts, status, words)
  local item = tree:add(set.status, status)
  item:set_generated()
  if experts[status] then
    if words then
      item:add_proto_expert_info(experts[status], status .. ": " .. words)
    else
      item:add_proto_expert_info(experts[status])
    end
  elseif words then
    tree:add(set.opened_with, words):set_generated()
  end
end

-- What stands behind the option's own header. Returns status and words for add_status.
local function add_body(context, tree, set, option, range, carriage, associated_data)
  tree:add(set.version, range(0, 1))
  tree:add(set.epoch, range(0, 2))
  tree:add(set.psntp, range(2, 4))
  tree:append_text(string.format(", %s, epoch %d, PSNTP %.0f", option.form, option.epoch, option.psntp))
  if option.form == "clear" then
    option_tree.add_block(tree, set, range(6, metrics.BLOCK_SIZE))
    return "ok"
  end
  tree:add(set.ciphertext, range(6, metrics.BLOCK_SIZE))
  tree:add(set.tag, range(22, range:len() - 22))
  if option.legacy then return "no-key", "legacy options are shown, not opened" end
  local flow = context.found.flow
  if not flow then return "no-key", "the flow, which the nonce comes from, is not in this packet" end
  local status, opened, words = context.opening:try(function(opening)
    return opening:open_option(option, flow, carriage, associated_data)
  end)
  if opened then
    local block = ByteArray.new(octets.to_hex(opened)):tvb("Opened PDMv2 metrics")
    option_tree.add_block(tree, set, block(0, metrics.BLOCK_SIZE))
  end
  return status, words
end

-- Version 2 in either carriage. wrong: why nothing of it may be interpreted, or nil.
local function add_version_2(context, tree, set, option, range, carriage, associated_data, wrong)
  local status, words = option.form, option.reason
  if wrong then
    status, words = "malformed", wrong
  elseif option.epoch then
    status, words = add_body(context, tree, set, option, range, carriage, associated_data)
  else
    tree:append_text(", " .. status)
    if option.form == "unknown-version" then tree:add(set.version, range(0, 1)) end
  end
  option_tree.add_status(tree, set, context.experts, status, words)
end

local function add_version_1(context, option, range, wrong)
  local set = context.sets.version_1
  local tree = context.tree:add(set.option, range)
  if wrong then
    tree:add_proto_expert_info(context.experts.malformed, "malformed: " .. wrong)
    return
  end
  option_tree.add_time(tree, set.delta_last_recv_ns, range(8, 2), option.delta_tlr, option.scale_dtlr)
  option_tree.add_time(tree, set.delta_last_sent_ns, range(10, 2), option.delta_tls, option.scale_dtls)
end

local function add_destination_option(context, place, wrong)
  local range = context.packet(place.offset, place.size)
  if place.overrun and not context.found.cut_short then
    wrong = wrong or "the option runs past the end of its header"
  end
  local set = context.sets.destination_option
  if place.missing or place.size < 2 then
    local tree = context.tree:add(set.option, range)
    local status = context.found.cut_short and "cut-short" or "malformed"
    option_tree.add_status(tree, set, context.experts, status, wrong)
    return
  end
  local text = range:raw()
  local option = metrics.read_option(place.type, text:sub(3))
  if option.form == "v1" then return add_version_1(context, option, range, wrong) end
  local tree = context.tree:add(set.option, range)
  tree:add(set.type, range(0, 1))
  tree:add(set.length, range(1, 1))
  if option.legacy then
    tree:add(set.legacy, true):set_generated()
    tree:append_text(", legacy")
  end
  local body = place.size > 2 and range(2) or nil
  add_version_2(context, tree, set, option, body, opener.CARRIAGE_DESTINATION_OPTION, octets.part(text, 0, 8), wrong)
end

local function add_udp_option(context, area, range, wrong)
  local set, option = context.sets.udp_option, area.option
  local tree = context.tree:add(set.option, range)
  if area.pad == 1 then tree:add(set.pad, range(0, 1)) end
  tree:add(set.ocs, range(area.ocs_offset, 2))
  tree:add(set.ocs_status, area.ocs_is_right and "good" or "bad"):set_generated()
  tree:add(set.kind, range(option.offset, 1))
  if option.content == option.offset + 2 then
    tree:add(set.length, range(option.offset + 1, 1))
  else
    tree:add(set.length, range(option.offset + 2, 2))
  end
  tree:add(set.ex_id, range(option.content, 2))
  local text = range:raw()
  local begins, ends = option.content + 2, option.offset + option.size
  local body = ends > begins and range(begins, ends - begins) or nil
  local read = metrics.read_udp_option(octets.part(text, begins, ends - begins))
  local associated_data = octets.part(text, option.offset, 10)
  add_version_2(context, tree, set, read, body, opener.CARRIAGE_UDP_OPTION, associated_data, wrong or area.wrong)
end

-- found: of packet.read; packet: the range from the IPv6 header on; start() makes the protocol's own tree.
-- settings: sets, experts, opening, ex_id.
function option_tree.add(settings, found, packet, start)
  local area
  if found.surplus then
    local range = packet(found.surplus.offset, found.surplus.size)
    area = surplus.read(range:raw(), found.surplus.offset % 2 == 1, settings.ex_id)
  end
  local count = #found.options + (area and 1 or 0)
  if count == 0 then return end
  local context = setmetatable({ tree = start(), found = found, packet = packet }, { __index = settings })
  local wrong = found.wrong
  if count > 1 then wrong = wrong or "two PDM options in one packet" end
  for _, place in ipairs(found.options) do add_destination_option(context, place, wrong) end
  if area then add_udp_option(context, area, packet(found.surplus.offset, found.surplus.size), wrong) end
end

return option_tree
