-- IPv6 Performance and Diagnostic Metrics for Wireshark and tshark: PDMv2 (draft-ietf-ippm-encrypted-pdmv2-15) as
-- destination option, as UDP option (RFC 9868) and as UDP payload, the legacy forms of drafts 11 to 14, and the times
-- of PDMv1 (RFC 8250), which Wireshark dissects itself.
--
--   tshark -X lua_script:pdm6.lua -r FILE
--
-- wireshark/README.md says how to install it and how to give it keys.

do
  local folder = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "./"
  package.path = folder .. "?.lua;" .. package.path
end

local fields = require("pdm6.fields")
local frame = require("pdm6.frame")
local frame_tree = require("pdm6.frame_tree")
local metrics = require("pdm6.metrics")
local opening = require("pdm6.opening")
local option_tree = require("pdm6.option_tree")
local packet = require("pdm6.packet")

local options = Proto.new("pdm6", "IPv6 Performance and Diagnostic Metrics")
local frames = Proto.new("pdm6.frame", "PDMv2 frame in UDP")

options.prefs.key_file = Pref.string("Key file", "", "File with base secrets, pair secrets and frame keys, one a line")
options.prefs.option_type = Pref.uint("Option type of PDMv2", 30,
  "Destination option type; IANA has assigned none yet (default 30, which is 0x1e)")
options.prefs.ex_id = Pref.uint("ExID of PDMv2", 20557, "Of the UDP option, RFC 9868 (default 20557, which is 0x504d)")
options.prefs.udp_port = Pref.uint("UDP port of frames", 8250, "0: none. Others by \"Decode As\" or heuristics")

local keys = opening.new(function() return options.prefs.key_file end)

local all = {}
local option_settings = {
  opening = keys,
  experts = fields.experts("pdm6"),
  sets = {
    version_1 = fields.version_1(all),
    destination_option = fields.destination_option(all),
    udp_option = fields.udp_option(all),
  },
}
options.fields = all
local frame_settings = { opening = keys, experts = fields.experts("pdm6.frame") }
all = {}
frame_settings.set = fields.frame(all)
frames.fields = all

local function register_experts(proto, experts)
  local list = {}
  for _, one in pairs(experts) do list[#list + 1] = one end
  proto.experts = list
end
register_experts(options, option_settings.experts)
register_experts(frames, frame_settings.experts)

-- Where the IPv6 headers of a packet begin, those inside tunnels and ICMPv6 errors too: this field is their third.
local payload_length = Field.new("ipv6.plen")
local PAYLOAD_LENGTH_OFFSET = 4

-- From an IPv6 header on: the range, and what is found in it.
local function read_packet(field, types)
  local begins = field.offset - PAYLOAD_LENGTH_OFFSET
  local source = field.source
  if begins < 0 or begins >= source:len() then return nil end
  local range = source(begins)
  return range, packet.read(range:raw(), types)
end

function options.dissector(_, _, tree)
  option_settings.ex_id = options.prefs.ex_id
  local types = { [metrics.VERSION_1_TYPE] = true, [options.prefs.option_type] = true }
  for _, field in ipairs({ payload_length() }) do
    local range, found = read_packet(field, types)
    if found and (#found.options > 0 or found.surplus) then
      option_tree.add(option_settings, found, range, function() return tree:add(options, range(0, found.limit)) end)
    end
  end
end

-- Source and final destination of the innermost IPv6 packet, or nil.
local function addresses()
  local headers = { payload_length() }
  if #headers == 0 then return nil end
  local _, found = read_packet(headers[#headers], {})
  return found
end

function frames.dissector(tvb, pinfo, tree)
  if tvb:len() == 0 then return 0 end
  local range = tvb()
  local item = tree:add(frames, range)
  local found = frame_tree.add(frame_settings, item, range, addresses(), tvb:len() < tvb:reported_len())
  pinfo.cols.protocol = "PDMv2"
  if found.sequence then
    local words = string.format("%s, sequence %.0f", found.request and "Request" or "Answer", found.sequence)
    pinfo.cols.info = words
    item:append_text(", " .. words)
  else
    pinfo.cols.info = found.status
  end
  return tvb:len()
end

-- Says yes only to what is hardly anything else: a length that fits to the octet, or TLVs that do.
frames:register_heuristic("udp", function(tvb, pinfo, tree)
  if tvb:len() < frame.HEADER_SIZE or tvb:len() < tvb:reported_len() or tvb(0, 1):uint() ~= 2
    or tvb(1, 1):uint() > 7 then
    return false
  end
  local found = frame.read(tvb:raw())
  if found.status ~= "ok" then return false end
  if not found.encrypted then
    local _, wrong = frame.list_tlvs(found.tlvs)
    if wrong or found.tlvs == "" then return false end
  end
  frames.dissector(tvb, pinfo, tree)
  return true
end)

local ports = DissectorTable.get("udp.port")
ports:add_for_decode_as(frames)

local current_port
local function listen()
  if current_port then ports:remove(current_port, frames) end
  current_port = options.prefs.udp_port
  if current_port == 0 then current_port = nil end
  if current_port then ports:add(current_port, frames) end
end
listen()

function options.prefs_changed()
  listen()
  keys:forget()
end

-- At each capture file that is opened.
function options.init()
  keys:forget()
end

register_postdissector(options)
