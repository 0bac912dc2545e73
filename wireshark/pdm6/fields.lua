-- Every field that can be filtered for, in the style of Wireshark's own ipv6.opt.pdm.*.

local fields = {}

-- Makes fields below a prefix; "all" collects what a protocol has to register.
local function maker(prefix, set, all)
  return function(name, kind, title, ...)
    set[name] = ProtoField[kind](prefix .. "." .. name, title, ...)
    all[#all + 1] = set[name]
  end
end

-- The metric block, wherever it rides.
local function add_metrics(add)
  add("psnlr", "uint32", "Packet Sequence Number Last Received (PSNLR)", base.DEC)
  add("global_pointer", "uint32", "Global Pointer", base.DEC)
  add("scale_dtlr", "uint8", "Scale of DELTATLR", base.DEC)
  add("scale_dtls", "uint8", "Scale of DELTATLS", base.DEC)
  add("reserved", "uint16", "Reserved", base.HEX)
  add("delta_tlr", "uint16", "Delta Time Last Received (DELTATLR)", base.DEC)
  add("delta_tls", "uint16", "Delta Time Last Sent (DELTATLS)", base.DEC)
  add("delta_tlr_ns", "uint64", "Delta Time Last Received in ns", base.DEC)
  add("delta_tls_ns", "uint64", "Delta Time Last Sent in ns", base.DEC)
end

-- What destination option and UDP option have in common.
local function add_option(add)
  add("version", "uint8", "Version", base.DEC, nil, 0xf0)
  add("epoch", "uint16", "Epoch", base.DEC, nil, 0x0fff)
  add("psntp", "uint32", "Packet Sequence Number This Packet (PSNTP)", base.DEC)
  add("ciphertext", "bytes", "Ciphertext")
  add("tag", "bytes", "Authentication tag")
  add("status", "string", "Status")
  add("opened_with", "string", "Opened with")
  add_metrics(add)
end

-- ipv6.opt.pdm.*: what Wireshark's own dissection of PDMv1 leaves out.
function fields.version_1(all)
  local set = { option = ProtoField.none("ipv6.opt.pdm.times", "Times of IPv6 PDM option (RFC 8250)") }
  all[#all + 1] = set.option
  local add = maker("ipv6.opt.pdm", set, all)
  add("delta_last_recv_ns", "uint64", "Delta Time Last Received in ns", base.DEC)
  add("delta_last_sent_ns", "uint64", "Delta Time Last Sent in ns", base.DEC)
  return set
end

-- ipv6.opt.pdmv2.*
function fields.destination_option(all)
  local set = { option = ProtoField.none("ipv6.opt.pdmv2", "IPv6 PDMv2 option") }
  all[#all + 1] = set.option
  local add = maker("ipv6.opt.pdmv2", set, all)
  add("type", "uint8", "Option type", base.HEX)
  add("length", "uint8", "Option length", base.DEC)
  add("legacy", "bool", "Of drafts 11 to 14")
  add_option(add)
  return set
end

-- udp.opt.pdmv2.*
function fields.udp_option(all)
  local set = { option = ProtoField.none("udp.opt.pdmv2", "UDP PDMv2 option (RFC 9868)") }
  all[#all + 1] = set.option
  local add = maker("udp.opt.pdmv2", set, all)
  add("pad", "uint8", "Pad octet before the option checksum", base.HEX)
  add("ocs", "uint16", "Option checksum (OCS)", base.HEX)
  add("ocs_status", "string", "Option checksum status")
  add("kind", "uint8", "Kind", base.DEC)
  add("length", "uint16", "Length", base.DEC)
  add("ex_id", "uint16", "Experiment id (ExID)", base.HEX)
  add_option(add)
  return set
end

-- pdm6.frame.*
function fields.frame(all)
  local set = {}
  local add = maker("pdm6.frame", set, all)
  add("version", "uint8", "Version", base.DEC)
  add("flags", "uint8", "Flags", base.HEX)
  add("flags.encrypted", "bool", "Encrypted", 8, nil, 0x01)
  add("flags.request", "bool", "Request", 8, nil, 0x02)
  add("flags.key_id", "bool", "Key id present", 8, nil, 0x04)
  add("reserved", "uint16", "Reserved", base.HEX)
  add("key_id", "uint16", "Key id", base.DEC)
  add("sequence", "uint32", "Sequence", base.DEC)
  add("timestamp", "uint64", "Timestamp in us since 1970", base.DEC)
  add("time", "absolute_time", "Timestamp", base.UTC)
  add("nonce", "bytes", "Nonce")
  add("length", "uint32", "Length of the ciphertext", base.DEC)
  add("ciphertext", "bytes", "Ciphertext")
  add("tag", "bytes", "Authentication tag")
  add("status", "string", "Status")
  add("opened_with", "string", "Opened with")
  set.tlv = ProtoField.none("pdm6.frame.tlv", "TLV")
  all[#all + 1] = set.tlv
  add("tlv.type", "uint16", "Type", base.DEC)
  add("tlv.length", "uint16", "Length", base.DEC)
  add("tlv.value", "bytes", "Value")
  add("tlv.round_trip_ns", "uint64", "Round trip in ns", base.DEC)
  add("tlv.jitter_ns", "uint64", "Jitter in ns", base.DEC)
  add("tlv.hop_count", "uint8", "Hop count", base.DEC)
  add("tlv.loss_rate_ppm", "uint32", "Loss rate in parts per million", base.DEC)
  add("tlv.receive_time_ns", "uint64", "Receive time in ns since 1970", base.DEC)
  add("tlv.send_time_ns", "uint64", "Send time in ns since 1970", base.DEC)
  add("tlv.custom", "string", "Custom, as text")
  set.pdm = {}
  add_metrics(maker("pdm6.frame.tlv.pdm", set.pdm, all))
  return set
end

-- Expert infos, by the status that they explain.
function fields.experts(prefix)
  local function make(name, title, group, severity)
    return ProtoExpert.new(prefix .. ".expert." .. name, title, group, severity)
  end
  return {
    malformed = make("malformed", "Malformed", expert.group.MALFORMED, expert.severity.ERROR),
    ["unknown-version"] = make("unknown_version", "Unknown version", expert.group.UNDECODED, expert.severity.WARN),
    ["authentication-failed"] = make("authentication_failed", "No key in the key file opens this: forged, damaged, "
      .. "moved, or of another suite", expert.group.SECURITY, expert.severity.WARN),
    ["no-key"] = make("no_key", "No key", expert.group.DECRYPTION, expert.severity.NOTE),
    ["cut-short"] = make("cut_short", "Cut short by the capture", expert.group.UNDECODED, expert.severity.NOTE),
  }
end

return fields
